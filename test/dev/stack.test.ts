import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { expect, it } from 'vitest';
import { startStack } from '../../dev/stack.ts';

it('brings a part up on free ports with data of its own, and leaves nothing behind', async () => {
  const stack = await startStack({ parts: ['temporal'] });
  const { home, temporal } = stack.config;
  const connection = await Connection.connect(temporal.connection);
  await connection.close();
  await stack.stop();
  expect(existsSync(home)).toBe(false);
  await expect(Connection.connect({ ...temporal.connection, connectTimeout: '500ms' })).rejects.toThrow();
});

it('finds its data again after a stop and after a kill, and loses it only when asked for a fresh start', async () => {
  const home = await mkdtemp(join(tmpdir(), 'waybill-home-'));
  const options = { home, parts: ['temporal'] as const };
  const first = await startStack(options);
  await startWorkflow(first.config.temporal.address);
  await first.processes.temporal.kill('SIGKILL');
  await first.processes.temporal.restart();
  expect(await isKept(first.config.temporal.address)).toBe(true);
  await first.stop();

  const second = await startStack(options);
  expect(await isKept(second.config.temporal.address)).toBe(true);
  await expect(startStack(options)).rejects.toThrow(
    `WAYBILL_HOME: process ${process.pid} already works on ${home}`,
  );
  await second.stop();

  const third = await startStack({ ...options, fresh: true });
  expect(await isKept(third.config.temporal.address)).toBe(false);
  await third.stop();
  await rm(home, { recursive: true });
});

it.each(['API_PORT', 'SANDBOX_PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT'])(
  'a taken %s is named before anything is started',
  async (variable) => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve(Number(Object(server.address()).port)));
    });
    // The others at ports that nobody uses, so that this is the only thing wrong: below those that `freePort` gives to other tests.
    const elsewhere = {
      API_PORT: '13000',
      SANDBOX_PORT: '13111',
      TEMPORAL_PORT: '13233',
      TEMPORAL_UI_PORT: '14233',
    };
    const env = { ...elsewhere, TEMPORAL_ADDRESS: '', STRIPE_SECRET_KEY: '', [variable]: String(port) };
    await expect(startStack({ ports: 'configured', env })).rejects.toThrow(
      `${variable}: port ${port} is taken by another program.`,
    );
    server.close();
  },
);

async function startWorkflow(address: string): Promise<void> {
  const connection = await Connection.connect({ address });
  await new Client({ connection }).workflow.start('anything', { workflowId: 'kept', taskQueue: 'nobody' });
  await connection.close();
}

async function isKept(address: string): Promise<boolean> {
  const connection = await Connection.connect({ address });
  const described = new Client({ connection }).workflow.getHandle('kept').describe();
  const kept = await described.then(
    () => true,
    () => false,
  );
  await connection.close();
  return kept;
}
