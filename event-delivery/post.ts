import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { lookup } from './lookup.ts';

/** Nothing in an answer is of interest; more than this is no acknowledgement. */
const ANSWER_BYTES_MAX = 64 * 1_024;

/**
 * How long one of a name's addresses may take to connect, before the next is tried. Node gives up after a quarter of a second: a
 * receiver on another continent would never be reached where its last address is of IPv6, and this network has none.
 */
const CONNECT_WITHIN_MS = 2_000;

const LOOPBACK = ['127.0.0.1', '::1'];

export interface Target {
  readonly url: string;
  /** Addresses of this very machine are good too: in the sandbox profile only. */
  readonly allowLoopback: boolean;
  /** From the first look at the name to the last byte of the answer, in milliseconds. */
  readonly answerWithinMs: number;
}

export interface Answered {
  readonly status: number;
  /** The header of that name, as it came. */
  readonly retryAfter: string | undefined;
}

/**
 * Posts JSON, and gives back the status. Redirects are not followed. What a name resolves to is looked at by the very
 * connection that is made, so that a name which changes its address meanwhile leads nowhere: private, link-local and
 * otherwise special addresses are refused.
 */
export function post(
  { url, allowLoopback, answerWithinMs }: Target,
  headers: Record<string, string>,
  body: string,
): Promise<Answered> {
  const isPlain = new URL(url).protocol === 'http:';
  const filter = allowLoopback ? { allowIPAddressList: LOOPBACK } : {};
  const agent = isPlain ? new RequestFilteringHttpAgent(filter) : new RequestFilteringHttpsAgent(filter);
  const options = {
    method: 'POST',
    agent,
    lookup,
    autoSelectFamilyAttemptTimeout: CONNECT_WITHIN_MS,
    headers: {
      ...headers,
      // Firewalls before receivers turn away who has no name.
      'User-Agent': 'Waybill',
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
    },
    signal: AbortSignal.timeout(answerWithinMs),
  };
  const sent = (isPlain ? requestHttp : requestHttps)(url, options);
  return new Promise<Answered>((resolve, reject) => {
    sent.once('response', (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > ANSWER_BYTES_MAX)
          sent.destroy(new Error(`the answer has more than ${ANSWER_BYTES_MAX} bytes`));
      });
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] }),
      );
      response.once('error', reject);
    });
    sent.once('error', reject);
    // Where an answer changes the protocol, there is neither an end nor an error.
    sent.once('close', () => reject(new Error('the connection was closed before the answer had ended')));
    sent.end(body);
  }).finally(() => agent.destroy());
}
