/** An error as Meta's Graph API answers it (Meta, Messenger Platform, common error codes). */
export interface GraphError {
  /** HTTP status. Go by `code`: Meta answers most errors with 400. */
  status: number;
  code: number;
  subcode: number | null;
  message: string;
  type: string;
}

const oauth = (code: number, subcode: number | null, message: string): GraphError => ({
  status: 400,
  code,
  subcode,
  message: `(#${code}) ${message}`,
  type: 'OAuthException',
});

export const badParameter = (message: string): GraphError => oauth(100, null, message);
export const noMatchingUser = oauth(100, 2018001, 'No matching user found');
export const outsideWindow = oauth(10, 2018278, 'This message is sent outside of allowed window.');
export const noHumanAgent = oauth(
  10,
  2018278,
  'This message is sent outside of allowed window. The Human Agent permission is needed to send it.',
);
export const unavailable = oauth(551, 1545041, "This person isn't available right now.");
export const rateLimited = oauth(613, null, 'Calls to this API have exceeded the rate limit.');
export const invalidToken: GraphError = {
  ...oauth(190, null, ''),
  status: 400,
  message: 'Invalid OAuth access token - Cannot parse access token',
};
export const internalError: GraphError = {
  status: 500,
  code: 2,
  subcode: null,
  message: 'An unexpected error has occurred. Please retry your request later.',
  type: 'OAuthException',
};
export const unknownObject = (id: string): GraphError => ({
  ...oauth(100, 33, ''),
  message: `Unsupported request. Object with ID '${id}' does not exist or cannot be loaded due to missing permissions`,
  type: 'GraphMethodException',
});

/** The body that Meta sends with it. */
export const graphErrorBody = (error: GraphError, traceId: string) => ({
  error: {
    message: error.message,
    type: error.type,
    code: error.code,
    ...(error.subcode === null ? {} : { error_subcode: error.subcode }),
    fbtrace_id: traceId,
  },
});
