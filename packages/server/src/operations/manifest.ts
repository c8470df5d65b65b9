import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { sync } from './durable.ts';
import { OperationError } from './error.ts';

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Count = Type.Integer({ minimum: 0 });

/** What `backup.json` says of the backup in whose folder it lies. It is written last: without it there is no backup. */
export const ManifestSchema = Type.Object({
  format: Type.Literal(1),
  /** ISO 8601: everything acknowledged before is in it. */
  takenAt: Type.String(),
  /** Name of the last migration that ran on the database. */
  version: Type.String(),
  conversations: Count,
  events: Count,
  /** A digest that only the same secret key gives, so that a restore can tell whether it has the right one. */
  keyCheck: Sha256,
  /** Every other file, by its path in the folder. */
  files: Type.Array(
    Type.Object({
      path: Type.String({ pattern: '^(continuo\\.db|secret\\.key|files/[A-Za-z0-9_./-]+)$' }),
      bytes: Count,
      sha256: Sha256,
    }),
  ),
});
export type Manifest = Static<typeof ManifestSchema>;

const NAME = 'backup.json';

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const path = join(folder, NAME);
  await writeFile(path, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  await sync(path);
}

/** @throws OperationError when the folder holds no finished backup, or one of an unknown format */
export async function readManifest(folder: string): Promise<Manifest> {
  const manifest = await parse(join(folder, NAME), folder);
  const climbs = (path: string) => path.split('/').includes('..');
  if (Value.Check(ManifestSchema, manifest) && !manifest.files.some(({ path }) => climbs(path)))
    return manifest;
  throw new OperationError([`${join(folder, NAME)} is not that of a backup which this version can read`]);
}

async function parse(path: string, folder: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new OperationError([`${folder} is not a finished backup: its ${NAME} cannot be read`], { cause });
  }
}
