const escaped = (character: string) => character.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Matches a text whatever directional isolates stand around the values in it. */
export const loose = (text: string): RegExp =>
  new RegExp([...text].map(escaped).join('[\\u2066-\\u2069\\u200e\\u200f]*'));
