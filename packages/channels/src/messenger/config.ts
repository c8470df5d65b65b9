import { type Static, Type } from 'typebox';

/** A Facebook Page that speaks through one Meta app. */
export const MessengerConfig = Type.Object(
  {
    pageId: Type.String({ pattern: '^[0-9]{1,32}$', description: "The Page's id, digits" }),
    pageAccessToken: Type.String({
      minLength: 1,
      maxLength: 1024,
      description: 'Page access token with the permission pages_messaging',
    }),
    appSecret: Type.String({
      minLength: 1,
      maxLength: 256,
      description: 'The secret of the Meta app: signs webhooks',
    }),
    verifyToken: Type.String({
      minLength: 1,
      maxLength: 256,
      description: 'The word of your choice that is entered with the webhook at Meta',
    }),
    pageUsername: Type.String({
      pattern: '^[A-Za-z0-9.]{1,64}$',
      description: "The Page's name in m.me links (its username, or its id)",
    }),
  },
  { additionalProperties: false },
);
export type MessengerConfig = Static<typeof MessengerConfig>;
