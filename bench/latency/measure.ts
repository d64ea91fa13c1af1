import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { projectRoot } from '../../dev/project-root.ts';
import type { Stack } from '../../dev/stack.ts';
import { startStack } from '../../dev/stack.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import { startBareOrder } from '../order-path/bare-orders.ts';
import { startBareWorker } from '../order-path/sides.ts';
import { authorizeOrder } from '../order-path/waybill-orders.ts';
import type { Started } from './legs.ts';
import { legsOf } from './legs.ts';
import { latencyReport } from './report.ts';

interface Options {
  readonly orders: number;
  /** Before, until code is compiled and connections stand; by default 100. */
  readonly warmUpOrders?: number;
  readonly progress: (line: string) => void;
}

/**
 * How long one order takes until it is authorized, one at a time: over HTTP, in turns with the bare workflow on the same Temporal server.
 * What Stripe's stand-in took of it is measured in the worker, and where the rest went is read from the times in the history.
 */
export async function measureLatency({ orders, warmUpOrders = 100, progress }: Options): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-latency-'));
  const callsFile = join(folder, 'stripe-calls');
  const preload = pathToFileURL(join(projectRoot, 'dist', 'bench', 'latency', 'stripe-calls.js'));
  const env = {
    LOG_LEVEL: 'warn',
    WAYBILL_BENCH_STRIPE_CALLS: callsFile,
    NODE_OPTIONS: `--import ${preload}`,
  };
  const stack = await startStack({ fresh: true, env, report: progress });
  const { address, namespace } = stack.config.temporal;
  const worker = await startBareWorker(address);
  const connection = await Connection.connect({ address });
  try {
    const client = new Client({ connection, namespace });
    const sides = { bare: () => startBareOrder(client), waybill: () => startWaybillOrder(stack) };
    progress('warming up');
    await inTurns(sides, warmUpOrders);
    progress(`${orders} orders of each, one at a time`);
    const { bare, waybill } = await inTurns(sides, orders);
    const calls = callsIn(await readFile(callsFile, 'utf8'));
    const measured = [];
    for (const [name, started] of [
      ['bare', bare],
      ['waybill', waybill],
    ] as const) {
      progress(`reading histories of ${name}`);
      const legs = [];
      for (const one of started) legs.push(await legsOf(client, one, calls));
      measured.push({ name, legs });
    }
    return latencyReport(measured);
  } finally {
    await connection.close();
    worker.kill('SIGTERM');
    await stack.stop();
    await rm(folder, { recursive: true });
  }
}

async function startWaybillOrder({ urls }: Stack): Promise<string> {
  return orderWorkflowId(await authorizeOrder(urls.api, `bench-${randomUUID()}`));
}

type Sides = Readonly<Record<'bare' | 'waybill', () => Promise<string>>>;

async function inTurns(sides: Sides, orders: number): Promise<Record<keyof Sides, Started[]>> {
  const all: Record<keyof Sides, Started[]> = { bare: [], waybill: [] };
  for (let left = orders; left > 0; left--) {
    for (const side of left % 2 === 0 ? (['bare', 'waybill'] as const) : (['waybill', 'bare'] as const)) {
      const sentAt = now();
      const workflowId = await sides[side]();
      all[side].push({ workflowId, sentAt, answeredAt: now() });
    }
  }
  return all;
}

/** Milliseconds since the epoch, with fractions: processes of one machine compare. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

/** From when to when each call to Stripe lasted. */
function callsIn(text: string): readonly (readonly [from: number, to: number])[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [from = 0, to = 0] = line.split(' ').map(Number);
      return [from, to] as const;
    });
}
