import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client, Connection } from '@temporalio/client';
import { projectRoot } from '../dev/project-root.ts';
import { startStack } from '../dev/stack.ts';
import { bareOrder } from './bare-orders.ts';
import { cpuMs } from './cpu.ts';
import { waybillOrder } from './waybill-orders.ts';

export interface Options {
  readonly orders: number;
  readonly rounds: number;
  readonly concurrency: number;
  readonly progress: (line: string) => void;
}

/** One round of one side. Latency of a whole order, create and capture, in milliseconds. */
export interface Measured {
  readonly ordersPerSecond: number;
  readonly latencyP50Ms: number;
  readonly latencyP95Ms: number;
  /** All processes but the one that drives the load; null where it can't be read. */
  readonly cpuMsPerOrder: number | null;
}

export interface Report {
  readonly options: Omit<Options, 'progress'>;
  readonly bare: readonly Measured[];
  readonly waybill: readonly Measured[];
}

/**
 * The whole path of an order against a bare workflow with the same events, on the same server, in one run. The sides
 * take turns and their order is reversed each round, so that a machine that grows slower favours neither.
 */
export async function measureOrderPath({ progress, ...options }: Options): Promise<Report> {
  const stack = await startStack({ fresh: true, env: { LOG_LEVEL: 'warn' }, report: progress });
  const { temporal } = stack.config;
  const connection = await Connection.connect({ address: temporal.address });
  const client = new Client({ connection, namespace: temporal.namespace });
  const bareWorker = await startBareWorker(temporal.address);
  try {
    const pids = (...parts: ('temporal' | 'sandbox' | 'worker' | 'api')[]) =>
      parts.flatMap((part) => stack.processes[part].pid ?? []);
    const sides = {
      bare: () => bareOrder(client),
      waybill: () => waybillOrder(stack.urls.api),
    };
    const counted = {
      bare: [...pids('temporal'), bareWorker.pid ?? 0],
      waybill: pids('temporal', 'sandbox', 'worker', 'api'),
    };
    const results: Record<keyof typeof sides, Measured[]> = { bare: [], waybill: [] };
    progress('warming up');
    for (const side of ['bare', 'waybill'] as const) await measure(sides[side], counted[side], options);
    for (let round = 1; round <= options.rounds; round++) {
      const turn = round % 2 === 1 ? (['bare', 'waybill'] as const) : (['waybill', 'bare'] as const);
      for (const side of turn) {
        const measured = await measure(sides[side], counted[side], options);
        progress(`round ${round}/${options.rounds} ${side}: ${measured.ordersPerSecond.toFixed(1)} orders/s`);
        results[side].push(measured);
      }
    }
    return { options, ...results };
  } finally {
    bareWorker.kill('SIGTERM');
    await connection.close();
    await stack.stop();
  }
}

async function startBareWorker(address: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(projectRoot, 'dist', 'bench', 'bare-worker.js')], {
    env: { ...process.env, TEMPORAL_ADDRESS: address },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the bare worker ended with ${code}`))),
  ]);
  return child;
}

async function measure(
  order: () => Promise<void>,
  pids: readonly number[],
  { orders, concurrency }: Pick<Options, 'orders' | 'concurrency'>,
): Promise<Measured> {
  const latencies: number[] = [];
  const cpuBefore = await cpuMs(pids);
  const begun = performance.now();
  let left = orders;
  const take = async (): Promise<void> => {
    while (left-- > 0) {
      const from = performance.now();
      await order();
      latencies.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, take));
  const seconds = (performance.now() - begun) / 1000;
  const cpuAfter = await cpuMs(pids);
  latencies.sort((a, b) => a - b);
  return {
    ordersPerSecond: orders / seconds,
    latencyP50Ms: latencies[Math.floor(orders * 0.5)] ?? 0,
    latencyP95Ms: latencies[Math.floor(orders * 0.95)] ?? 0,
    cpuMsPerOrder: cpuBefore === null || cpuAfter === null ? null : (cpuAfter - cpuBefore) / orders,
  };
}
