/** Where an XMPP server keeps its archive. */
export type ArchiveStore = { driver: 'SQLite3'; file: string } | { driver: 'PostgreSQL'; url: string };

export interface ProsodySettings {
  port: number;
  folder: string;
  host: string;
  archive: ArchiveStore;
}

const sqlOf = (archive: ArchiveStore): string => {
  if (archive.driver === 'SQLite3') return `{ driver = "SQLite3", database = "${archive.file}" }`;
  const { hostname, port, username, password, pathname } = new URL(archive.url);
  return `{ driver = "PostgreSQL", host = "${hostname}", port = ${port || 5432}, database = "${pathname.slice(1)}", username = "${decodeURIComponent(username)}", password = "${decodeURIComponent(password)}" }`;
};

/**
 * The configuration of a Prosody that does as little beside as it can: only the archive is kept in SQL; accounts and
 * settings are in memory; every user may log in; no encryption. All of that is in its favour.
 */
export const prosodyConfig = ({ port, folder, host, archive }: ProsodySettings): string => `
daemonize = false
run_as_root = true
pidfile = "${folder}/prosody.pid"
data_path = "${folder}"
interfaces = { "127.0.0.1" }
c2s_ports = { ${port} }
s2s_ports = { }
modules_enabled = { "saslauth", "smacks", "mam" }
modules_disabled = { "s2s", "offline", "posix" }
authentication = "insecure"
insecure_open_authentication = "Yes please, I know what I'm doing!"
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
default_storage = "memory"
storage = { archive = "sql" }
sql = ${sqlOf(archive)}
default_archive_policy = true
archive_expires_after = "never"
storage_archive_item_limit = 1000000
log = { error = "${folder}/prosody.log" }
VirtualHost "${host}"
`;
