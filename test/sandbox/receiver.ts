import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';

export interface Received {
  path: string;
  body: string;
  signature: string;
  event: Stripe.Event;
}

/** Stands where a platform's own server would: takes webhooks, and answers what the test wants. */
export class Receiver {
  readonly received: Received[] = [];
  /** The status of the next answers; null does not answer at all. */
  status: number | null = 200;
  url = '';
  private server: Server | undefined;

  async start(): Promise<this> {
    const server = createServer((req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        const signature = String(req.headers['stripe-signature']);
        this.received.push({ path: req.url ?? '', body, signature, event: JSON.parse(body) as Stripe.Event });
        if (this.status !== null) res.writeHead(this.status, { Location: '/elsewhere' }).end();
      });
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`;
    return this;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise<void>((resolve) => (this.server ? this.server.close(() => resolve()) : resolve()));
  }

  types(): string[] {
    return this.received.map(({ event }) => event.type);
  }

  /** The events as the official client lets them through, which checks each signature. */
  verified(secret: string): Stripe.Event[] {
    const { webhooks } = new Stripe('sk_test_unused');
    return this.received.map(({ body, signature }) => webhooks.constructEvent(body, signature, secret));
  }
}
