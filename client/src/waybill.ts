import { createClient, createConfig } from './generated/client/index.ts';
import { Operations } from './generated/sdk.gen.ts';
import { errorOf } from './problem.ts';
import { retryingFetch } from './retries.ts';
import type { Waitable, WaitOptions } from './wait-for.ts';
import { waitUntil } from './wait-for.ts';

export interface WaybillOptions {
  /** Where the API is: `https://waybill.example.com`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** How often a request that failed is repeated; 4 by default, 0 is never. */
  readonly retries?: number;
  /** How long one attempt may take, of a table until it begins; longer than the longest `Prefer: wait` by default. Milliseconds. */
  readonly attemptTimeoutMs?: number;
  readonly fetch?: typeof fetch;
}

const RETRIES = 4;
const ATTEMPT_TIMEOUT_MS = 75_000;

/** The API, one method an operation: `waybill.orders.capture({ path: { id }, body: { amount } })`. */
export class Waybill extends Operations {
  constructor({
    baseUrl,
    apiKey,
    retries = RETRIES,
    attemptTimeoutMs = ATTEMPT_TIMEOUT_MS,
    fetch = globalThis.fetch,
  }: WaybillOptions) {
    const config = createConfig({
      baseUrl: baseUrl.replace(/\/+$/, ''),
      headers: { Authorization: `Bearer ${apiKey}` },
      throwOnError: true,
      // Followed, a POST would become a GET, and what that reads would pass for the command's answer.
      redirect: 'manual',
      fetch: retryingFetch({ retries, attemptTimeoutMs, fetch }),
    });
    const client = createClient(config);
    client.interceptors.request.use(withKey);
    client.interceptors.response.use(refusePage);
    client.interceptors.response.use(table);
    client.interceptors.error.use((error, response, request) => errorOf(error, response, request));
    super({ client });
  }

  /** Reads an order, transfer, account or payout until its outcome is known: what a 202 asks for. */
  waitFor<T extends Waitable>(object: T, options: WaitOptions<T> = {}): Promise<T> {
    return waitUntil(object, () => this.#read(object) as Promise<T>, options);
  }

  #read(object: Waitable): Promise<Waitable> {
    switch (object.object) {
      case 'order':
        return this.orders.get({ path: { id: object.id } });
      case 'transfer':
        return this.transfers.get({ path: { id: object.id } });
      case 'account':
        return this.accounts.get({ path: { id: object.id ?? object.reference } });
      case 'payout':
        return this.payouts.get({ path: { id: object.connected_account, payout: object.id } });
    }
  }
}

/** The API answers no client with a page: a proxy or a login page did, and nobody knows what became of the request. */
function refusePage(response: Response, request: Request): Response {
  const isPage = response.ok && response.headers.get('Content-Type')?.startsWith('text/html');
  if (isPage) throw errorOf('a page', response, request);
  return response;
}

/** A table arrives while it is read: one that breaks off is no answer, as anything else that does. */
function table(response: Response, request: Request): Response {
  const reader = response.headers.get('Content-Type')?.startsWith('text/csv') && response.body?.getReader();
  if (!reader) return response;
  const body = new ReadableStream<Uint8Array>({
    async pull(stream) {
      try {
        const { done, value } = await reader.read();
        if (done) stream.close();
        else stream.enqueue(value);
      } catch (error) {
        stream.error(errorOf(error, undefined, request));
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return new Response(body, response);
}

/** A request without a key gets one here, so that all its attempts share it. */
function withKey(request: Request): Request {
  if (request.method === 'POST' && !request.headers.has('Idempotency-Key')) {
    request.headers.set('Idempotency-Key', crypto.randomUUID());
  }
  return request;
}
