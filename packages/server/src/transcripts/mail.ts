import { createTransport } from 'nodemailer';
import type { Config } from '../config/config.ts';
import { ContinuoError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import type { Transcript } from './write.ts';

/** Milliseconds that a mail server has to answer. */
const TIMEOUT_MS = 8000;
/** Seconds after which a customer may ask again where it did not. */
const RETRY_SECONDS = 60;

const senderOf = ({ mailFrom, publicUrl }: Config): string =>
  mailFrom ?? `no-reply@${new URL(publicUrl).hostname}`;

/**
 * Hands a transcript to the operator's mail server. Sender, subject and headers are ours; of the customer there is one
 * address, as an address alone, and what was said, in the body.
 *
 * @throws ContinuoError `unavailable` when the mail server does not take it
 */
export const mailTranscript = async (
  { config, log }: Pick<Runtime, 'config' | 'log'>,
  { to, brand, transcript }: { to: string; brand: string; transcript: Transcript },
): Promise<void> => {
  const transport = createTransport({
    url: config.smtpUrl,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({
      from: { name: brand, address: senderOf(config) },
      to: { name: '', address: to },
      ...transcript,
      // RFC 3834: no vacation notice answers it.
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
  } catch (error) {
    // Its message may hold the customer's address.
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    log.warn({ code }, 'the mail server did not take a transcript');
    throw new ContinuoError('unavailable', {
      detail: 'the mail server did not take it',
      retryAfter: RETRY_SECONDS,
    });
  } finally {
    transport.close();
  }
};
