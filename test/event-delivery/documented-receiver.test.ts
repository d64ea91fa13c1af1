import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { projectRoot } from '../../dev/project-root.ts';
import { signedHeaders, signingSecret } from '../../event-delivery/signing.ts';

const KEY = 'a key of the service, and long enough';
const SUBSCRIPTION = {
  id: 'wes_1',
  url: 'https://example.com/',
  events: ['*'],
  description: null,
  createdAt: 0,
  generation: 1,
  previousUntil: null,
  disabled: null,
} as const;

it('the receiver of the API guide takes an event once, and nothing that is not signed', async () => {
  const guide = readFileSync(join(projectRoot, 'docs/api.md'), 'utf8');
  const [, shown = ''] = /```js\n([\s\S]*?)```/.exec(guide) ?? [];
  const app = express();
  const known = new Set<string>();
  const taken: unknown[] = [];
  const around = {
    app,
    express,
    Webhook,
    secret: signingSecret(KEY, SUBSCRIPTION),
    isNew: (id: string) => !known.has(id) && known.add(id),
    enqueue: (...event: unknown[]) => taken.push(event),
  };
  new Function(...Object.keys(around), shown)(...Object.values(around));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;

  const body = JSON.stringify({ type: 'order.captured', timestamp: '', data: { id: 'order-1' } });
  const headers = signedHeaders(KEY, SUBSCRIPTION, { id: 'evt_order~order-1~1', body, at: Date.now() });
  const post = async (text: string) => (await fetch(url, { method: 'POST', headers, body: text })).status;
  expect([await post(body), await post(body), await post(`${body} `)]).toEqual([204, 204, 400]);
  expect(taken).toEqual([['order.captured', { id: 'order-1' }]]);
  server.closeAllConnections();
  server.close();
});
