/** What our messages carry to the network and back: whose they are, and under which claim they went out. */
const PREFIX = 'continuo:';

export const metadataOf = (claimId: string): string => `${PREFIX}${claimId}`;

/** The claim of an echo; null when it was not sent by us. */
export const claimOf = (metadata: string | null): string | null =>
  metadata?.startsWith(PREFIX) ? metadata.slice(PREFIX.length) : null;
