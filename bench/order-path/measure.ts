import { cpuMs, machineCpuMs } from './cpu.ts';
import { carry } from './load.ts';
import type { Side } from './sides.ts';
import { startSides, type Wanted } from './sides.ts';

export interface Options extends Wanted {
  readonly orders: number;
  readonly rounds: number;
  readonly concurrency: number;
}

/** One round of one side. Latency of a whole order, create and capture, in milliseconds. */
export interface Measured {
  readonly ordersPerSecond: number;
  readonly latencyP50Ms: number;
  readonly latencyP95Ms: number;
  /** Of Temporal, worker and API together. */
  readonly cpuMsPerOrder: number;
  /** And of who calls: over HTTP, or bare with Temporal's client, which Waybill's API has within. */
  readonly cpuMsPerOrderWithCaller: number;
  readonly cpuMsPerOrderByPart: Readonly<Record<string, number>>;
}

export interface Report {
  readonly orders: number;
  readonly rounds: number;
  readonly concurrency: number;
  readonly sides: readonly { readonly name: string; readonly rounds: readonly Measured[] }[];
  /** Of the CPU used while it ran, the share that neither a side nor the driver of the load used. */
  readonly usedByOthers: number;
}

/**
 * The whole path of an order against a bare workflow with the same events, in one run. The sides take turns and their order is
 * reversed each round, so that a machine that grows slower favours none.
 */
export async function measureOrderPath(options: Options): Promise<Report> {
  const { orders, rounds, concurrency, progress } = options;
  const { sides, stop } = await startSides(options);
  try {
    progress('warming up');
    for (const side of sides) await measure(side, options);
    const results = sides.map(({ name }) => ({ name, rounds: [] as Measured[] }));
    const before = await cpuOfAll(sides);
    for (let round = 1; round <= rounds; round++) {
      const turns = sides.map((side, index) => ({ side, result: results[index] }));
      for (const { side, result } of round % 2 === 1 ? turns : turns.toReversed()) {
        const measured = await measure(side, options);
        progress(`round ${round}/${rounds} ${side.name}: ${measured.ordersPerSecond.toFixed(1)} orders/s`);
        result?.rounds.push(measured);
      }
    }
    const after = await cpuOfAll(sides);
    const machine = after.machine - before.machine;
    const usedByOthers = Math.max(0, 1 - (after.ours - before.ours) / machine);
    return { orders, rounds, concurrency, sides: results, usedByOthers };
  } finally {
    await stop();
  }
}

async function cpuOfAll(sides: readonly Side[]): Promise<{ machine: number; ours: number }> {
  const pids = new Set(sides.flatMap((side) => Object.values(side.pids)));
  const each = await Promise.all([...pids, process.pid].map(cpuMs));
  return { machine: await machineCpuMs(), ours: each.reduce((sum, ms) => sum + ms, 0) };
}

async function measure(
  { order, pids }: Side,
  { orders, concurrency }: Pick<Options, 'orders' | 'concurrency'>,
): Promise<Measured> {
  const cpuBefore = await cpuByPart(pids);
  const begun = performance.now();
  const latencies = await carry(order, { orders, concurrency });
  const seconds = (performance.now() - begun) / 1000;
  const cpuAfter = await cpuByPart(pids);
  latencies.sort((a, b) => a - b);
  const cpuMsPerOrderByPart: Readonly<Record<string, number>> = Object.fromEntries(
    Object.entries(cpuAfter).map(([part, ms]) => [part, (ms - (cpuBefore[part] ?? 0)) / orders]),
  );
  const { sandbox: _, caller = 0, ...counted } = cpuMsPerOrderByPart;
  const cpuMsPerOrder = Object.values(counted).reduce((sum, ms) => sum + ms, 0);
  return {
    ordersPerSecond: orders / seconds,
    latencyP50Ms: latencies[Math.floor(orders * 0.5)] ?? 0,
    latencyP95Ms: latencies[Math.floor(orders * 0.95)] ?? 0,
    cpuMsPerOrder,
    cpuMsPerOrderWithCaller: cpuMsPerOrder + caller,
    cpuMsPerOrderByPart,
  };
}

async function cpuByPart(pids: Side['pids']): Promise<Record<string, number>> {
  const each = Object.entries(pids).map(async ([part, pid]) => [part, await cpuMs(pid)] as const);
  return Object.fromEntries(await Promise.all(each));
}
