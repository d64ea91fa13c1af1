import { randomUUID } from 'node:crypto';
import type { Stack } from '../../dev/stack.ts';
import { startStack } from '../../dev/stack.ts';
import { cpuMs } from '../order-path/cpu.ts';
import { carry } from '../order-path/load.ts';
import { authorizeOrder } from '../order-path/waybill-orders.ts';

const COUNTED = ['temporal', 'worker', 'api'] as const;
const ROUNDS = 5;
/** Enough to warm a system up, and for one turn; a smaller run takes fewer. */
const TURN_ORDERS = 60;
/** As many as a worker keeps in its cache: from then on each order that it takes costs it another one, as in the loaded system. */
const CACHED_ORDERS = 500;

export function turnOf({ orders }: { readonly orders: number }): number {
  return Math.min(TURN_ORDERS, orders);
}

export interface Starts {
  readonly ordersPerSecond: number;
  /** Of Temporal, worker and API. */
  readonly cpuMsPerOrder: number;
}

/** Starts orders that wait for their capture, and measures what that takes. `nextId` is asked once an order. */
export async function measureStarts(
  { urls, processes }: Stack,
  load: { readonly orders: number; readonly concurrency: number },
  nextId: () => string,
): Promise<Starts> {
  const cpu = async () => {
    const each = await Promise.all(COUNTED.map((part) => cpuMs(processes[part].pid ?? 0)));
    return each.reduce((sum, ms) => sum + ms, 0);
  };
  const cpuBefore = await cpu();
  const begun = performance.now();
  await carry(() => authorizeOrder(urls.api, nextId()), load);
  const ordersPerSecond = (load.orders * 1000) / (performance.now() - begun);
  return { ordersPerSecond, cpuMsPerOrder: ((await cpu()) - cpuBefore) / load.orders };
}

/**
 * The loaded system beside one that is empty, taking turns, so that a machine that grows slower favours neither. While one has its turn
 * the other stands still: what it would go on doing would take the same cores.
 */
export async function besideEmpty(
  loaded: Stack,
  options: {
    readonly orders: number;
    readonly concurrency: number;
    readonly progress: (line: string) => void;
  },
): Promise<{ loaded: Starts[]; empty: Starts[] }> {
  const { concurrency, progress } = options;
  const load = { orders: turnOf(options), concurrency };
  const other = await startStack({ fresh: true, env: { LOG_LEVEL: 'warn' }, report: progress });
  try {
    const filling = { concurrency, orders: Math.min(CACHED_ORDERS, options.orders) };
    await carry(() => authorizeOrder(other.urls.api, `bench-${randomUUID()}`), filling);
    const starts = (stack: Stack) => measureStarts(stack, load, () => `bench-${randomUUID()}`);
    const found = { loaded: [] as Starts[], empty: [] as Starts[] };
    for (let round = 1; round <= ROUNDS; round++) {
      const turns = [
        async () => found.loaded.push(await whileStopped(other, () => starts(loaded))),
        async () => found.empty.push(await whileStopped(loaded, () => starts(other))),
      ];
      for (const turn of round % 2 === 1 ? turns : turns.toReversed()) await turn();
    }
    return found;
  } finally {
    await other.stop();
  }
}

async function whileStopped<T>({ processes }: Stack, work: () => Promise<T>): Promise<T> {
  const pids = Object.values(processes).flatMap(({ pid }) => pid ?? []);
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  try {
    return await work();
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  }
}
