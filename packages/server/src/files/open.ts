import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { NAMES } from '../operations/paths.ts';
import { createDiskFiles } from './disk.ts';
import type { FileStore } from './files.ts';
import { createS3Files } from './s3.ts';
import { parseFilesUrl } from './s3-place.ts';
import type { S3Outside } from './s3-request.ts';

/**
 * The store of files that the operator chose: `CONTINUO_FILES_URL`, or a folder in the data folder.
 * @param env such as `process.env`: the store's credentials
 * @throws ConfigError naming what is missing
 */
export function openFiles(
  { filesUrl, dataDir }: Pick<Config, 'filesUrl' | 'dataDir'>,
  env: Readonly<Record<string, string | undefined>>,
  outside: S3Outside,
): FileStore {
  return filesUrl === undefined
    ? createDiskFiles({ folder: join(dataDir, NAMES.files), now: outside.now })
    : createS3Files(parseFilesUrl(filesUrl, env), outside);
}
