import { httpRequest } from './http.ts';

/** Requests of a signed-in agent, as bytes. */
export interface BenchAgent {
  request(line: `${'GET' | 'POST'} ${string}`, body?: string): Buffer;
}

export const signIn = async (
  port: number,
  { email, password }: { email: string; password: string },
): Promise<BenchAgent> => {
  const answer = await fetch(`http://127.0.0.1:${port}/v1/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  if (!answer.ok) throw new Error(`sign-in answered ${answer.status}: ${await answer.text()}`);
  const cookie = answer.headers
    .getSetCookie()
    .map((value) => value.split(';')[0])
    .join('; ');
  const headers = { host: `127.0.0.1:${port}`, 'continuo-version': '1', cookie };
  return { request: (line, body) => httpRequest(line, headers, body) };
};
