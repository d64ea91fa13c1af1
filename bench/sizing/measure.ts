import { readdir, readFile } from 'node:fs/promises';
import { CLUSTER_PARTS } from '../../dev/cluster/parts.ts';
import { secretOf } from '../../dev/cluster/place.ts';
import type { Cluster } from '../../dev/cluster/start-cluster.ts';
import { startCluster } from '../../dev/cluster/start-cluster.ts';
import { cpuMs } from '../order-path/cpu.ts';
import { carry } from '../order-path/load.ts';
import { waybillOrder } from '../order-path/waybill-orders.ts';
import type { Options, Round } from './measured.ts';
import { dropEmptyIndexes, walBytes } from './postgres.ts';
import { sizingReport } from './report.ts';

const WARM_UP_ORDERS = 100;

/** Processes that grow together, under what a reader of the sizing page calls them. */
const GROUPS: Readonly<Record<string, string>> = {
  postgres: 'PostgreSQL',
  'temporal-history': 'Temporal history',
  'temporal-matching': 'Temporal matching',
  'temporal-frontend': 'Temporal frontend',
  'temporal-worker': 'Temporal worker',
  'worker-1': 'worker',
  'worker-2': 'worker',
  'api-1': 'API',
  'api-2': 'API',
  proxy: 'proxy',
  sandbox: 'sandbox (stands for Stripe)',
};

/** What a captured order costs each process of a cluster on PostgreSQL, from the slope over each round's orders. */
export async function measureSizing(options: Options): Promise<string> {
  const { concurrency, progress } = options;
  const cluster = await startCluster({
    ports: 'free',
    scope: 'all',
    env: { ...process.env, LOG_LEVEL: 'warn' },
    supervise: false,
    report: progress,
  });
  try {
    const key = await secretOf(cluster.place, 'waybill_key_service');
    const order = () => waybillOrder(cluster.urls.api, key);
    progress('warming up');
    await carry(order, { orders: WARM_UP_ORDERS, concurrency });
    const measure = (name: string) => measureRounds(cluster, name, order, options);
    const asInstalled = await measure('as installed');
    const dropped = await dropEmptyIndexes(cluster);
    const withoutIndexes = await measure(`without ${dropped.length} indexes`);
    return sizingReport(options, { asInstalled, dropped, withoutIndexes });
  } finally {
    await cluster.stop();
  }
}

async function measureRounds(
  cluster: Cluster,
  name: string,
  order: () => Promise<unknown>,
  { orders, rounds, concurrency, progress }: Options,
): Promise<Round[]> {
  const measured: Round[] = [];
  for (let round = 1; round <= rounds; round++) {
    const before = await used(cluster);
    const begun = performance.now();
    await carry(order, { orders, concurrency });
    const ordersPerSecond = (orders * 1000) / (performance.now() - begun);
    const after = await used(cluster);
    const cpuMsPerOrder = Object.fromEntries(
      Object.entries(after.cpu).map(([group, ms]) => [group, (ms - (before.cpu[group] ?? 0)) / orders]),
    );
    const walBytesPerOrder = (after.walBytes - before.walBytes) / orders;
    measured.push({ ordersPerSecond, cpuMsPerOrder, walBytesPerOrder });
    progress(`${name}, round ${round}/${rounds}: ${ordersPerSecond.toFixed(1)} orders/s`);
  }
  return measured;
}

async function used(cluster: Cluster): Promise<{ cpu: Record<string, number>; walBytes: number }> {
  const children = await childrenByParent();
  const cpu: Record<string, number> = {};
  for (const part of CLUSTER_PARTS) {
    const group = GROUPS[part] ?? part;
    const pids = withDescendants(cluster.processes[part].pid ?? 0, children);
    // A connection's process may end meanwhile.
    const each = await Promise.all(pids.map((pid) => cpuMs(pid).catch(() => 0)));
    cpu[group] = (cpu[group] ?? 0) + each.reduce((sum, ms) => sum + ms, 0);
  }
  return { cpu, walBytes: await walBytes(cluster) };
}

/** PostgreSQL has a process for each connection. */
function withDescendants(pid: number, children: ReadonlyMap<number, readonly number[]>): number[] {
  return [pid, ...(children.get(pid) ?? []).flatMap((child) => withDescendants(child, children))];
}

async function childrenByParent(): Promise<Map<number, number[]>> {
  const children = new Map<number, number[]>();
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    if (stat === undefined) continue;
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(pid)]);
  }
  return children;
}
