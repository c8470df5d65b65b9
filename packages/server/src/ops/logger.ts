import {
  type DestinationStream,
  type Logger,
  type LoggerOptions,
  pino,
  type SerializedRequest,
  stdSerializers,
} from 'pino';
import type { Config } from '../config/config.ts';

/** Names of fields whose value is never logged, wherever they stand up to three levels deep. */
const SECRET_FIELDS = [
  'authorization',
  'dpop',
  'cookie',
  'token',
  'accessToken',
  'access_token',
  'pageAccessToken',
  'appSecret',
  'verifyToken',
  'secretKey',
  'password',
  'secret',
  'config',
] as const;

const paths = ['["set-cookie"]', '["x-hub-signature-256"]', ...SECRET_FIELDS].flatMap((field) => {
  const dotted = field.startsWith('[') ? field : `.${field}`;
  return [field, `*${dotted}`, `*.*${dotted}`, `*.*.*${dotted}`];
});

/** Secrets inside longer text (an error's message, a URL): the last line of defence, after {@link SECRET_FIELDS}. */
const SECRET_TEXT: readonly [RegExp, string][] = [
  [/\b(DPoP|Bearer|Basic)(\s+)[\w.~+/-]{8,}=*/gi, '$1$2[redacted]'],
  [/([?&#;](?:[\w.]*token|[\w.]*secret|continuo|password|code|key|signature)=)[^&\s"'\\]+/gi, '$1[redacted]'],
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, '[redacted]'],
  // 32 bytes in base64url: conversation tokens, session tokens.
  [/(?<![\w-])[\w-]{43}(?![\w-])/g, '[redacted]'],
];

/** Text with everything that looks like a secret taken out. */
export const scrub = (text: string): string =>
  SECRET_TEXT.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);

const pathOf = (url: string): string => url.replace(/[?#].*$/s, '');

/** A request in the log: what was asked, without query, headers or address. */
const logRequest = (request: SerializedRequest): { id: unknown; method: string; path: string } => ({
  id: request.id,
  method: request.method,
  path: pathOf(request.url),
});

/** An error in the log: libraries hang whole requests on theirs, so nothing else is taken along. */
const logError = (error: Error): Record<string, unknown> => {
  const { type, message, stack, code } = stdSerializers.err(error);
  return { type, message, code, stack };
};

/** The server's log: JSON lines, UTC times, nothing secret in them. */
export function createLogger(level: Config['logLevel'], destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths, censor: '[redacted]' },
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { req: stdSerializers.wrapRequestSerializer(logRequest), err: logError },
    hooks: { streamWrite: scrub },
  };
  return destination ? pino(options, destination) : pino(options);
}
