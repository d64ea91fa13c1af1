import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer of Stripe's on its way. */
interface PassingAnswer {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** What arrives instead; null: the answer as it is. */
export type Meddle = (answer: PassingAnswer) => Partial<PassingAnswer> | null;

/** What stands between Waybill and Stripe, and may change answers, as a proxy or a broken network does. */
export class MeddlingProxy {
  readonly #server = createServer();
  meddle: Meddle = () => null;

  /** Its own address. */
  async listen(target: string): Promise<string> {
    this.#server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', async () => {
        const { method = 'GET', url = '/' } = request;
        const sent = method === 'GET' ? {} : { body: Buffer.concat(chunks) };
        const answer = await fetch(target + url, { method, headers: passedOn(request.headers), ...sent });
        const contentType = answer.headers.get('content-type') ?? '';
        const passing = { method, path: url, status: answer.status, contentType, body: await answer.text() };
        const { status, body, ...arrived } = { ...passing, ...this.meddle(passing) };
        response.writeHead(status, {
          'content-type': arrived.contentType,
          'request-id': answer.headers.get('request-id') ?? '',
        });
        response.end(body);
      });
    });
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}

function passedOn(headers: IncomingHttpHeaders): Record<string, string> {
  const own = ['host', 'connection', 'content-length', 'transfer-encoding'];
  const kept = Object.entries(headers).filter(([name]) => !own.includes(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}
