import { spawn } from 'node:child_process';
import dns from 'node:dns';
import { once } from 'node:events';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { freePort } from '../../dev/free-port.ts';
import { projectRoot } from '../../dev/project-root.ts';
import { impatient } from '../../temporal/connection.ts';
import { serveApp } from '../api/serve-app.ts';
import { ensureBuilt } from '../support/build.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { createOrder, sandboxRequests, WITHIN } from './support.ts';

/** Names that no name server knows (RFC 6761). */
const NAME = 'stripe.invalid';
const TEMPORAL_NAME = 'temporal.invalid';

let waybill: Waybill;
beforeAll(async () => {
  const proxy = { listen: async (target: string) => target.replace('127.0.0.1', NAME) };
  waybill = await startWaybill({ retryBudgetMs: 120_000 }, {}, { proxy });
});
afterAll(async () => {
  vi.restoreAllMocks();
  await waybill?.stop();
});

it('while Stripe’s name is not found an order waits and says why; once it is found the order goes on, and pays once', async () => {
  const headers = { Prefer: 'wait=1' };
  const body = {
    id: 'nameless',
    amount: 1000,
    currency: 'usd',
    payment_method: 'pm_card_visa',
    connected_account: 'acct_1WaybillUSCustom',
  };
  const ask = () => request(waybill, 'POST', '/v1/orders', { body, key: 'nameless', headers });
  expect(await ask()).toMatchObject({ status: 202 });
  const read = async () => (await request(waybill, 'GET', '/v1/orders/nameless')).body;
  await vi.waitFor(async () => {
    const { pending } = await read();
    expect(pending).toMatchObject({ operation: 'authorize', last_error: { code: 'api_connection_error' } });
    expect(pending.last_error.message).toMatch(/(ENOTFOUND|EAI_AGAIN) stripe\.invalid/);
  }, WITHIN);

  const lookup = dns.lookup;
  vi.spyOn(dns, 'lookup').mockImplementation(((name: string, ...rest: [never, never]) =>
    lookup(name === NAME ? '127.0.0.1' : name, ...rest)) as typeof dns.lookup);
  await vi.waitFor(
    async () => expect(await read()).toMatchObject({ status: 'authorized', pending: null }),
    WITHIN,
  );
  expect(await createOrder(waybill, { id: 'next' })).toMatchObject({ status: 201 });
  const made = (await sandboxRequests(waybill)).filter(
    ({ method, path }) => method === 'POST' && path === '/v1/payment_intents',
  );
  expect(made).toHaveLength(2);
});

it('while Temporal’s own name is not found the API says at once that Temporal is out of reach; once it is found it is ready', async () => {
  const port = waybill.env.address.split(':').at(-1);
  const logged: string[] = [];
  const app = await serveApp({
    temporal: new Client({
      connection: Connection.lazy(impatient({ address: `${TEMPORAL_NAME}:${port}` })),
      namespace: waybill.env.namespace ?? 'default',
    }),
    logger: pino({ level: 'error' }, { write: (line: string) => logged.push(line) }),
  });
  const answer = await app.call('GET', '/v1/orders/nobody');
  expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable', retryable: true } });
  expect(answer.body.detail).toContain('Temporal cannot be reached');
  expect(answer.headers.get('Retry-After')).toBe('2');
  expect(logged.join('')).toContain(`Name resolution failed for target dns:${TEMPORAL_NAME}:${port}`);
  const ready = () => app.call('GET', '/readyz', { as: null });
  expect(await ready()).toMatchObject({ status: 503, body: { temporal: 'unreachable' } });

  const lookup = dns.promises.lookup;
  vi.spyOn(dns.promises, 'lookup').mockImplementation(((name: string, ...rest: [never]) =>
    lookup(name === TEMPORAL_NAME ? '127.0.0.1' : name, ...rest)) as typeof dns.promises.lookup);
  await vi.waitFor(
    async () => expect(await ready()).toMatchObject({ status: 200, body: { temporal: 'reachable' } }),
    WITHIN,
  );
  await app.stop();
});

it('while Temporal’s own name is not found a worker waits, says which name, and lives', async () => {
  ensureBuilt();
  const healthPort = await freePort();
  const worker = spawn(process.execPath, [join(projectRoot, 'dist/worker/main.js')], {
    env: {
      PATH: process.env.PATH ?? '',
      TEMPORAL_ADDRESS: `${TEMPORAL_NAME}:7233`,
      WORKER_HEALTH_ADDRESS: `127.0.0.1:${healthPort}`,
    },
  });
  let output = '';
  worker.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  try {
    await vi.waitFor(() => expect(output).toContain('waiting for Temporal'), WITHIN);
    const [line = ''] = output.split('\n').filter((one) => one.includes('waiting for Temporal'));
    expect(JSON.parse(line)).toMatchObject({
      level: 40,
      address: `${TEMPORAL_NAME}:7233`,
      err: { message: expect.stringMatching(/failed to lookup address/) },
    });
    const ask = async (path: string) => (await fetch(`http://127.0.0.1:${healthPort}${path}`)).status;
    expect([await ask('/healthz'), await ask('/readyz')]).toEqual([200, 503]);
    expect(worker.exitCode).toBeNull();
  } finally {
    if (worker.kill('SIGKILL')) await once(worker, 'exit');
  }
});
