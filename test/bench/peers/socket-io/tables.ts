/** What a team would begin with: conversations with the last seq, messages unique by seq and by the client's id, and visitors. */
export const TABLES = `
  create table if not exists conversations (
    id text primary key,
    token text not null unique,
    head integer not null default 0
  );
  create table if not exists messages (
    conversation_id text not null references conversations (id),
    seq integer not null,
    client_id text not null,
    body text not null,
    created_at timestamptz not null default now(),
    primary key (conversation_id, seq),
    unique (conversation_id, client_id)
  );
`;

/**
 * One message in one round trip, which is a transaction by itself: the row of the conversation gives the seq and makes
 * writers of one conversation wait for each other; a client id that is known gives its seq back.
 */
export const APPEND = `
  with known as (
    select seq from messages where conversation_id = $1 and client_id = $2
  ), next as (
    update conversations set head = head + 1
    where id = $1 and not exists (select from known)
    returning head
  ), added as (
    insert into messages (conversation_id, seq, client_id, body)
    select $1, head, $2, $3 from next
    returning seq
  )
  select seq, true as fresh from added union all select seq, false from known
`;
