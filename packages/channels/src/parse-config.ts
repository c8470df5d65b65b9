import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { ChannelError } from './channel-error.ts';

/**
 * An account's configuration, checked against its adapter's schema.
 * @throws ChannelError `config_invalid`, naming each key that does not fit; never a value, which may be a secret
 */
export const parseConfig = <Schema extends TSchema>(schema: Schema, config: unknown): Static<Schema> => {
  if (Value.Check(schema, config)) return config;
  const places = Value.Errors(schema, config).map(
    ({ instancePath, message }) => `${instancePath.slice(1) || 'config'}: ${message}`,
  );
  throw new ChannelError('config_invalid', [...new Set(places)].join('; '));
};
