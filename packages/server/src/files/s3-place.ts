import { ConfigError } from '../config/check.ts';

/** Where in an S3-compatible store files lie, and who we are there. */
export interface S3Place {
  /** Origin of the store, without a slash at the end. */
  endpoint: string;
  region: string;
  bucket: string;
  /** What every key begins with: empty, or ending in a slash. */
  prefix: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Parameters of the URL. */
const KNOWN = ['endpoint', 'region'];

/** The region that S3 has where none is named, and that most compatible stores take. */
const DEFAULT_REGION = 'us-east-1';

/**
 * @param url `s3://<bucket>/<prefix>?region=<region>&endpoint=<https://…>`; without an endpoint it is AWS'
 * @param env has `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, with passing credentials, `AWS_SESSION_TOKEN`
 * @throws ConfigError naming what is missing or does not fit
 */
export function parseFilesUrl(url: string, env: Environment): S3Place {
  const { hostname: bucket, pathname, searchParams } = new URL(url);
  const region = searchParams.get('region') ?? env.AWS_REGION ?? DEFAULT_REGION;
  const endpoint = searchParams.get('endpoint') ?? `https://s3.${region}.amazonaws.com`;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  const problems = [...searchParams.keys()]
    .filter((name) => !KNOWN.includes(name))
    .map((name) => `CONTINUO_FILES_URL: ${name} is not a known parameter`);
  if (!/^https?:\/\/[^/?#\s]+$/.test(endpoint))
    problems.push('CONTINUO_FILES_URL: endpoint must be an origin without a slash at the end');
  if (!accessKeyId) problems.push('AWS_ACCESS_KEY_ID is missing: CONTINUO_FILES_URL needs it');
  if (!secretAccessKey) problems.push('AWS_SECRET_ACCESS_KEY is missing: CONTINUO_FILES_URL needs it');
  if (problems.length > 0 || !accessKeyId || !secretAccessKey) throw new ConfigError(problems);
  const token = env.AWS_SESSION_TOKEN;
  const credentials = { accessKeyId, secretAccessKey, ...(token ? { sessionToken: token } : {}) };
  const folders = pathname.split('/').filter(Boolean);
  return { endpoint, region, bucket, prefix: folders.map((name) => `${name}/`).join(''), credentials };
}
