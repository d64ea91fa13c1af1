import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Books } from './books.ts';

/** The books are the platform's own. */
const NO_ACCOUNTS = { object: 'list', url: '/v1/accounts', has_more: false, data: [] };

/** As much of Stripe as reconciling these books asks for, over HTTP. */
export async function serveBooks(books: Books): Promise<{ url: string; requests(): number; close(): void }> {
  let requests = 0;
  const server = createServer(({ url = '/' }, response) => {
    requests += 1;
    const { pathname, searchParams } = new URL(url, 'http://books');
    const [, , resource, id] = pathname.split('/');
    const answer =
      resource === 'balance_transactions'
        ? books.page(searchParams.get('starting_after'), Number(searchParams.get('limit')))
        : resource === 'payment_intents' && id
          ? books.paymentIntent(id)
          : resource === 'accounts' && !id
            ? NO_ACCOUNTS
            : null;
    const body = JSON.stringify(answer ?? { error: { type: 'invalid_request_error', message: pathname } });
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
