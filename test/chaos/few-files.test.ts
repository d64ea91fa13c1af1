import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { freePort } from '../../dev/free-port.ts';
import { projectRoot } from '../../dev/project-root.ts';
import { control, createOrder, sandboxRequests } from '../e2e/support.ts';
import { ensureBuilt } from '../support/build.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { WITHIN } from '../support/within.ts';

/** Enough to start on a busy machine: Node.js opens the modules that it loads side by side, more than 300 of them were seen. */
const FILES = 600;
const home = mkdtempSync(join(tmpdir(), 'few-files-'));
let api: ChildProcess;
let port: number;
let output = '';

beforeAll(async () => {
  ensureBuilt();
  port = await freePort();
  const script = join(projectRoot, 'dist/api/main.js');
  api = spawn('prlimit', [`--nofile=${FILES}:${FILES}`, process.execPath, script], {
    env: { PATH: process.env.PATH ?? '', WAYBILL_HOME: home, API_PORT: String(port) },
  });
  for (const stream of [api.stdout, api.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
}, 300_000);
afterAll(async () => {
  if (api?.kill('SIGKILL')) await once(api, 'exit');
  rmSync(home, { recursive: true });
});

it('an API that may open few files takes fewer connections, says so, and answers', async () => {
  await vi.waitFor(() => expect(output).toContain('API ready'), WITHIN);
  expect(output).toContain(`may open ${FILES} files, so it takes ${FILES - 256} connections at a time`);
  const sockets = Array.from({ length: FILES * 2 }, () =>
    connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' }).on('error', () => undefined),
  );
  await vi.waitFor(() => expect(output).toContain('connections are closed: there are too many'), WITHIN);
  const [answer] = await once(get({ port, host: '127.0.0.1', path: '/healthz', agent: false }), 'response');
  expect(answer.statusCode).toBe(200);
  answer.resume();
  for (const socket of sockets) socket.destroy();
});

/** The one that may open few files polls it. */
const QUEUE = 'few-files';
const MORE_FILES = 3;
const ORDERS = 30;
const ANSWERS_AFTER_MS = 2_000;

it('a worker that may open few files more pays every order once, and an order that waits for one says why', async () => {
  const waybill = await startWaybill({ retryBudgetMs: 120_000 }, {}, { api: { taskQueue: QUEUE } });
  const worker = spawn(process.execPath, [join(projectRoot, 'dist/worker/main.js')], {
    env: {
      PATH: process.env.PATH ?? '',
      TEMPORAL_ADDRESS: waybill.env.address,
      TEMPORAL_NAMESPACE: waybill.env.namespace ?? 'default',
      STRIPE_API_BASE: waybill.sandboxUrl,
      WAYBILL_TASK_QUEUE: QUEUE,
    },
  });
  let said = '';
  worker.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  try {
    await vi.waitFor(() => expect(said).toContain('worker ready'), WITHIN);
    const files = readdirSync(`/proc/${worker.pid}/fd`).length + MORE_FILES;
    execFileSync('prlimit', ['--pid', String(worker.pid), `--nofile=${files}:${files}`]);
    const slow = { match: { method: 'POST', times: 1_000 }, effect: { delay_ms: ANSWERS_AFTER_MS } };
    await control(waybill, 'faults', slow);
    const ids = Array.from({ length: ORDERS }, (_, n) => `few-files-${n}`);
    const headers = { Prefer: 'wait=0' };
    for (const { status } of await Promise.all(ids.map((id) => createOrder(waybill, { id }, { headers }))))
      expect(status).toBe(202);
    const read = (id: string) => request(waybill, 'GET', `/v1/orders/${id}`);
    await vi.waitFor(async () => {
      const messages = (await Promise.all(ids.map(read))).map(
        ({ body }) => body.pending?.last_error?.message,
      );
      expect(messages).toContainEqual(expect.stringContaining('EMFILE'));
    }, WITHIN);

    await fetch(`${waybill.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' });
    await vi.waitFor(async () => {
      for (const id of ids) expect((await read(id)).body).toMatchObject({ status: 'authorized' });
    }, WITHIN);
    const made = (await sandboxRequests(waybill)).filter(
      ({ method, path, status, replayed }) =>
        method === 'POST' && path === '/v1/payment_intents' && status === 200 && !replayed,
    );
    expect(made).toHaveLength(ORDERS);
  } finally {
    if (worker.kill('SIGKILL')) await once(worker, 'exit');
    await waybill.stop();
  }
});
