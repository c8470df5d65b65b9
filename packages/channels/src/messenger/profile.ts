import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { NetworkContext, Profile } from '../adapter.ts';
import type { MessengerConfig } from './config.ts';

const UserProfile = Type.Object({
  first_name: Type.Optional(Type.String()),
  last_name: Type.Optional(Type.String()),
  profile_pic: Type.Optional(Type.String()),
  locale: Type.Optional(Type.String()),
});

/** Meta gives `ar_AR`, BCP 47 has `ar-AR`. */
const toLanguageTag = (locale: string | undefined): string | null => {
  const tag = locale?.replaceAll('_', '-');
  return tag !== undefined && /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(tag) ? tag : null;
};

const isHttps = (url: string): boolean => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);

/**
 * `GET /<PSID>?fields=…` (Meta, User Profile API). Meta refuses it where the app lacks the permission, or where the
 * person has not written to the Page: then nothing is known, which is no error.
 */
export const fetchProfile = async (
  externalId: string,
  { config, apiUrl, fetch, signal }: NetworkContext & { config: MessengerConfig },
): Promise<Profile | null> => {
  try {
    const fields = 'first_name,last_name,profile_pic,locale';
    const response = await fetch(`${apiUrl}/${encodeURIComponent(externalId)}?fields=${fields}`, {
      headers: { authorization: `Bearer ${config.pageAccessToken}` },
      signal,
    });
    const body: unknown = await response.json();
    if (!response.ok || !Value.Check(UserProfile, body)) return null;
    const name = [body.first_name, body.last_name].filter(Boolean).join(' ');
    return {
      name: name || null,
      pictureUrl: body.profile_pic !== undefined && isHttps(body.profile_pic) ? body.profile_pic : null,
      locale: toLanguageTag(body.locale),
    };
  } catch {
    return null;
  }
};
