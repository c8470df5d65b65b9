import { FormFields } from '@continuo/protocol';
import { type Static, Type } from 'typebox';

export const DEFAULT_PORT = 4400;

/**
 * What the operator sets. Each key is read from the environment as `CONTINUO_<KEY>` (`publicUrl` → `CONTINUO_PUBLIC_URL`)
 * or from a JSON file. The schema is the one source of types, defaults and the errors at start.
 */
export const ConfigSchema = Type.Object(
  {
    port: Type.Integer({
      minimum: 0,
      maximum: 65_535,
      default: DEFAULT_PORT,
      description: 'Port to listen on, also from PORT; 0 takes a free one',
    }),
    host: Type.String({ minLength: 1, default: '127.0.0.1', description: 'Address to listen on' }),
    publicUrl: Type.String({
      pattern: '^https?://[^/?#\\s]+$',
      title: 'an origin without a slash at the end, such as https://chat.example.com',
      description:
        'Origin at which the world reaches this server, without a slash at the end. Default: http://localhost:<port>',
    }),
    dataDir: Type.String({
      minLength: 1,
      default: './data',
      description: 'Folder of the embedded database and the secret key',
    }),
    databaseUrl: Type.Union([Type.String({ pattern: '^postgres(ql)?://\\S+$' }), Type.Null()], {
      title: 'a URL such as postgres://user:password@host:5432/continuo',
      default: null,
      description:
        'PostgreSQL database, also from DATABASE_URL; needed for several nodes. Default: the embedded database in <dataDir>',
    }),
    filesUrl: Type.Optional(
      Type.String({
        pattern: '^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9_/-]*)?(\\?\\S*)?$',
        title: 's3://<bucket>/<prefix>?region=<region>&endpoint=<https://…>',
        description:
          'S3-compatible store for files, needed for several nodes; its keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Default: <dataDir>/files',
      }),
    ),
    smtpUrl: Type.Optional(
      Type.String({
        pattern: '^smtps?://\\S+$',
        title: 'a URL such as smtps://user:password@mail.example.com',
        description:
          'Mail server through which transcripts are sent; its password belongs into the environment. Default: none are sent',
      }),
    ),
    mailFrom: Type.Optional(
      Type.String({
        pattern: '^[^\\s@<>",;]+@[^\\s@<>",;]+$',
        title: 'one address such as support@example.com',
        description: 'Sender of transcripts. Default: no-reply@<host of publicUrl>',
      }),
    ),
    messengerApiUrl: Type.String({
      pattern: '^https?://[^?#\\s]+[^/?#\\s]$',
      title: 'a URL without a slash at the end',
      default: 'https://graph.facebook.com/v25.0',
      description: "Base of Meta's Graph API, without a slash at the end",
    }),
    trustProxy: Type.Boolean({
      default: false,
      description: 'Behind a reverse proxy that sets X-Forwarded-For',
    }),
    logLevel: Type.Union(
      [
        Type.Literal('fatal'),
        Type.Literal('error'),
        Type.Literal('warn'),
        Type.Literal('info'),
        Type.Literal('debug'),
        Type.Literal('silent'),
      ],
      { default: 'info', description: 'What is logged' },
    ),
    followDelayMs: Type.Integer({
      minimum: 0,
      maximum: 600_000,
      default: 15_000,
      description:
        'Milliseconds that a reply waits for a customer who just left the page, before it follows to the network',
    }),
    rateLimits: Type.Boolean({
      default: true,
      description: 'Whether limits on requests are enforced; load tests switch it off',
    }),
    workspacePerMinute: Type.Optional(
      Type.Integer({
        minimum: 1,
        description:
          'Messages and sessions of customers that one workspace takes a minute; more are asked to wait. Default: 30000',
      }),
    ),
    secretKey: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9+/]{43}=$',
        title: '32 bytes in base64 (`openssl rand -base64 32` makes some)',
        description:
          '32 bytes in base64, from the environment only. Default: made once and kept in <dataDir>/secret.key',
      }),
    ),
  },
  { additionalProperties: false },
);

/** What the operator sets, checked. */
export type Config = Static<typeof ConfigSchema>;

const Range = Type.Tuple([
  Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' }),
  Type.String({ pattern: '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$' }),
]);
const Day = Type.Optional(Type.Array(Range));

/** When a brand is there, by its own clock. */
const HoursSchema = Type.Object(
  {
    timeZone: Type.String(),
    week: Type.Object(
      { mon: Day, tue: Day, wed: Day, thu: Day, fri: Day, sat: Day, sun: Day },
      { additionalProperties: false },
    ),
    closed: Type.Array(Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' }), { default: [] }),
  },
  { additionalProperties: false },
);

const PreChatSchema = Type.Object(
  { fields: FormFields, when: Type.Union([Type.Literal('always'), Type.Literal('closed')]) },
  { additionalProperties: false },
);

/** What a brand sets, stored with its workspace as JSON. */
export const WorkspaceSettingsSchema = Type.Object(
  {
    siteUrl: Type.Union([Type.String({ pattern: '^https?://[^\\s#]+$' }), Type.Null()], {
      title: 'a URL without a fragment, or null',
      default: null,
      description:
        "A page of the brand that carries the widget; a handoff's link leads there. Null: the hosted page /c",
    }),
    allowedOrigins: Type.Array(Type.String({ pattern: '^https?://[^/\\s]+$' }), {
      title: 'a list of origins such as https://www.example.com',
      default: [],
      description: 'Origins whose pages may use the web channel; empty: any',
    }),
    handoffMinutes: Type.Integer({
      minimum: 2,
      maximum: 1440,
      default: 30,
      description: 'Life of a conversation token in minutes',
    }),
    handoffVisibility: Type.Union([Type.Literal('current'), Type.Literal('recent'), Type.Literal('all')], {
      default: 'current',
      description: 'What a redeemed link shows: the current case, the last 24 h, or everything',
    }),
    humanAgent: Type.Boolean({
      default: false,
      description: 'Whether Meta granted the Human Agent permission: replies by people within 7 days',
    }),
    hours: Type.Union([HoursSchema, Type.Null()], {
      title:
        'null, or such as {"timeZone":"Europe/Berlin","week":{"mon":[["09:00","17:30"]]},"closed":["2026-12-25"]}',
      default: null,
      description:
        "When people answer, by the brand's own clock; days that are left out are closed. Null: always",
    }),
    replyMinutes: Type.Union([Type.Integer({ minimum: 1, maximum: 10_080 }), Type.Null()], {
      title: 'a whole number from 1 to 10080, or null',
      default: null,
      description:
        'Minutes in which one usually is answered. Null: the median of the last 7 days, once there were 5 answers',
    }),
    callbacks: Type.Boolean({
      default: true,
      description: 'Whether customers may ask to be called',
    }),
    preChat: Type.Union([PreChatSchema, Type.Null()], {
      title:
        'null, or such as {"when":"always","fields":[{"name":"order","label":{"en":"Order number"},"type":"text"}]}',
      default: null,
      description:
        'What the widget asks for before the first message: always, or when nobody is there (`closed`)',
    }),
  },
  { additionalProperties: false },
);

/** What a brand sets, checked. */
export type WorkspaceSettings = Static<typeof WorkspaceSettingsSchema>;
