import { randomUUID } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { temporalFile } from '../../dev/processes/parts.ts';
import type { Stack } from '../../dev/stack.ts';
import { startStack } from '../../dev/stack.ts';
import { carry } from '../order-path/load.ts';
import { residentKb } from '../order-path/resident.ts';
import { authorizeOrder, captureOrder, waybillOrder } from '../order-path/waybill-orders.ts';
import type { Measured, Options, Read, Step } from './measured.ts';
import { READS } from './measured.ts';
import { loadedBefore, openOrderId } from './numbering.ts';
import { openOrdersReport } from './report.ts';
import { besideEmpty, measureStarts, turnOf } from './starts.ts';

const STEPS = 10;
const SAMPLES = 25;

/** Loads orders that wait for their capture, step by step, and measures what they cost while they wait, in one run. */
export async function measureOpenOrders(options: Options): Promise<string> {
  const { home, progress } = options;
  const stack = await startStack({
    ...(home === undefined ? { fresh: true } : { home }),
    env: { LOG_LEVEL: 'warn' },
    report: progress,
  });
  try {
    progress('warming up');
    await carry(() => waybillOrder(stack.urls.api), { ...options, orders: turnOf(options) });
    const sampled = Array.from({ length: SAMPLES }, () => `bench-${randomUUID()}`);
    for (const id of sampled) await authorizeOrder(stack.urls.api, id);
    const steps = await load(stack, options);
    progress('beside an empty system');
    const starts = await besideEmpty(stack, options);
    const reads = await timeReads(stack, sampled);
    const captures = await timeCaptures(stack, sampled, options);
    return openOrdersReport({ options, steps, starts, reads, captures });
  } finally {
    await stack.stop();
  }
}

async function load(stack: Stack, options: Options): Promise<Step[]> {
  const { orders, concurrency, minutes, progress } = options;
  const until = performance.now() + minutes * 60_000;
  let next = await loadedBefore(stack.urls.api, orders, concurrency);
  if (next > 0) progress(`${next} orders are there from an earlier run`);
  const stepOrders = Math.max(1, Math.ceil((orders - next) / STEPS));
  const steps: Step[] = [];
  while (next < orders && performance.now() < until) {
    const inStep = Math.min(stepOrders, orders - next);
    const starts = await measureStarts(stack, { orders: inStep, concurrency }, () => openOrderId(next++));
    const step: Step = {
      ...starts,
      open: next,
      workerKb: await residentKb(stack.processes.worker.pid ?? 0),
      databaseBytes: await databaseBytes(stack.config.home),
    };
    steps.push(step);
    progress(
      `${next}/${orders} open, ${step.ordersPerSecond.toFixed(1)} orders/s, worker ${(step.workerKb / 1024).toFixed(0)} MB`,
    );
  }
  return steps;
}

/** Of Temporal's SQLite file with its write-ahead log. */
async function databaseBytes(home: string): Promise<number> {
  const file = temporalFile(home);
  const names = (await readdir(dirname(file))).filter((name) => name.startsWith(basename(file)));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(dirname(file), name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function timeReads({ urls }: Stack, ids: readonly string[]): Promise<Measured['reads']> {
  const taken = Object.fromEntries(Object.keys(READS).map((read) => [read, [] as number[]])) as Record<
    Read,
    number[]
  >;
  for (const id of ids) {
    for (const read of Object.keys(READS) as Read[]) {
      taken[read].push(await timed(() => get(`${urls.api}${READS[read](id)}`)));
    }
  }
  return taken;
}

/** Cold: by a worker that was started anew and has carried other orders since. Hot: of an order that was authorized just before. */
async function timeCaptures({ urls, processes }: Stack, coldIds: readonly string[], options: Options) {
  await processes.worker.restart();
  await carry(() => waybillOrder(urls.api), { orders: turnOf(options), concurrency: 1 });
  const [hot, cold]: [number[], number[]] = [[], []];
  for (const id of coldIds) {
    cold.push(await timed(() => captureOrder(urls.api, id)));
    const fresh = await authorizeOrder(urls.api, `bench-${randomUUID()}`);
    hot.push(await timed(() => captureOrder(urls.api, fresh)));
  }
  return { hot, cold };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

async function get(url: string): Promise<void> {
  const response = await fetch(url, { headers: { authorization: 'Bearer dev_read' } });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  await response.arrayBuffer();
}
