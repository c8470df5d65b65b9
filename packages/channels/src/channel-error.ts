/** What an adapter throws on purpose. Recognise it by `code`. */
export class ChannelError extends Error {
  /** `config_invalid`: an account's configuration does not fit. `body_invalid`: a webhook's body is not of this network. */
  readonly code: 'config_invalid' | 'body_invalid';

  constructor(code: ChannelError['code'], message: string) {
    super(message);
    this.name = 'ChannelError';
    this.code = code;
  }
}
