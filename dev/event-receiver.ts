import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How a receiver answers; `never`: it does not. */
type Answering =
  | number
  | 'never'
  | { readonly redirectTo: string }
  | { readonly status: number; readonly retryAfter: string };

/** A subscriber: a real HTTP server on loopback that keeps all that it gets. */
export async function startReceiver() {
  const received: Received[] = [];
  /** Answers to give first; then 204. */
  const answers: Answering[] = [];
  const server = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await text(request) });
    const answer = answers.shift() ?? 204;
    if (answer === 'never') return;
    if (typeof answer === 'number') response.writeHead(answer).end();
    else if ('redirectTo' in answer) response.writeHead(307, { location: answer.redirectTo }).end();
    else response.writeHead(answer.status, { 'retry-after': answer.retryAfter }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/events`,
    port,
    received,
    answers,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type Receiver = Awaited<ReturnType<typeof startReceiver>>;
