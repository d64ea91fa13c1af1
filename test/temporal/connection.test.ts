import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { Client, Connection } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { freePort } from '../../dev/free-port.ts';
import { impatient } from '../../temporal/connection.ts';
import { GRPC } from '../../temporal/grpc-code.ts';
import { startTestServer } from '../support/temporal.ts';
import { WITHIN } from '../support/within.ts';

const ANSWER_WITHIN_MS = 1_000;

let env: TestWorkflowEnvironment;
const sockets = new Set<Socket>();
/** Takes connections and says nothing, as a machine that hangs: the kernel still answers. */
let hangs = true;
const machine = createServer((near) => {
  sockets.add(near.on('error', () => {}));
  if (hangs) return;
  const [host = '', port] = env.address.split(':');
  const far = connect(Number(port), host).on('error', () => near.destroy());
  sockets.add(far);
  near.pipe(far).pipe(near);
});

beforeAll(async () => {
  env = await startTestServer();
  machine.listen(0, '127.0.0.1');
  await once(machine, 'listening');
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  machine.close();
  await env?.teardown();
});

it('a connection that was taken and never answered does not outlast the machine that took it', async () => {
  const { port } = machine.address() as AddressInfo;
  const connection = Connection.lazy(impatient({ address: `127.0.0.1:${port}` }, ANSWER_WITHIN_MS));
  const ask = () =>
    connection.withDeadline(Date.now() + ANSWER_WITHIN_MS, () =>
      connection.workflowService.getSystemInfo({}),
    );
  try {
    await expect(ask()).rejects.toThrow();
    hangs = false;
    await vi.waitFor(ask, WITHIN);
  } finally {
    await connection.close();
  }
});

it('a call that waits to be repeated ends with its connection, and so does one that comes after it', async () => {
  const connection = Connection.lazy(impatient({ address: `127.0.0.1:${await freePort()}` }));
  const ask = () => connection.workflowService.getSystemInfo({});
  const waiting = ask();
  await connection.close();
  await expect(waiting).rejects.toMatchObject({ code: GRPC.CANCELLED });
  await expect(ask()).rejects.toMatchObject({ code: GRPC.CANCELLED });
});

it('an answer may be as large as a list of many orders with much metadata', async () => {
  const connection = Connection.lazy(impatient({ address: env.address }));
  const { workflow } = new Client({ connection, namespace: env.client.options.namespace });
  const ids = ['large-1', 'large-2', 'large-3', 'large-4', 'large-5'];
  const memo = { summary: { metadata: 'x'.repeat(1_000_000) } };
  try {
    for (const workflowId of ids) await workflow.start('order', { workflowId, taskQueue: 'nobody', memo });
    await vi.waitFor(async () => {
      const listed: string[] = [];
      for await (const { workflowId } of workflow.list({ query: "TaskQueue = 'nobody'", pageSize: 1_000 }))
        listed.push(workflowId);
      expect(listed.sort()).toEqual(ids);
    }, WITHIN);
  } finally {
    await connection.close();
  }
});
