import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { projectRoot } from '../../dev/project-root.ts';
import { startStack } from '../../dev/stack.ts';
import { carry } from './load.ts';
import { waybillOrder } from './waybill-orders.ts';

const TOP = 20;
const WRITTEN_WITHIN_MS = 3_000;
/** What the profiler counts besides code that runs. */
const NOT_WORK = new Set(['(idle)', '(root)']);

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds. */
  readonly timeDeltas: readonly number[];
}

/**
 * Carries orders while worker, API and sandbox write CPU profiles, and lists the functions with the most self time of each
 * thread. The profiles stay in a folder, for a viewer.
 */
export async function profileOrderPath(load: {
  readonly orders: number;
  readonly concurrency: number;
  readonly progress: (line: string) => void;
}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-profiles-'));
  const profiler = pathToFileURL(join(projectRoot, 'dist', 'bench', 'order-path', 'profiler.js'));
  const NODE_OPTIONS = `--import ${profiler} --enable-source-maps`;
  const env = { LOG_LEVEL: 'warn', WAYBILL_BENCH_PROFILES: folder, NODE_OPTIONS };
  const stack = await startStack({ fresh: true, env, report: load.progress });
  try {
    const order = () => waybillOrder(stack.urls.api);
    load.progress('warming up');
    await carry(order, load);
    await writeFile(join(folder, 'begin'), '');
    await carry(order, load);
    await writeFile(join(folder, 'end'), '');
    await sleep(WRITTEN_WITHIN_MS);
    const parts = (['worker', 'api', 'sandbox'] as const).map(
      (part) => [`${stack.processes[part].pid}`, part] as const,
    );
    return [...(await selfTimesOf(folder, new Map(parts), load.orders)), `Profiles: ${folder}`].join('\n\n');
  } finally {
    await stack.stop();
  }
}

/** A table for each thread that did anything; `parts`: process id → part. */
async function selfTimesOf(
  folder: string,
  parts: ReadonlyMap<string, string>,
  orders: number,
): Promise<string[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.cpuprofile'));
  const tables = files.sort().map(async (file) => {
    const [pid = '', thread] = basename(file, '.cpuprofile').split('-');
    const profile: CpuProfile = JSON.parse(await readFile(join(folder, file), 'utf8'));
    const title = `${parts.get(pid)}, ${thread === '0' ? 'main thread' : `thread ${thread}`}`;
    return selfTimes(title, profile, orders);
  });
  return Promise.all(tables);
}

function selfTimes(title: string, { nodes, samples, timeDeltas }: CpuProfile, orders: number): string {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const selfUs = new Map<string, number>();
  samples.forEach((id, index) => {
    const name = names.get(id) ?? '';
    if (!NOT_WORK.has(name)) selfUs.set(name, (selfUs.get(name) ?? 0) + (timeDeltas[index] ?? 0));
  });
  const total = [...selfUs.values()].reduce((sum, us) => sum + us, 0);
  const top = [...selfUs].sort(([, a], [, b]) => b - a).slice(0, TOP);
  const ms = (us: number) => (us / 1000 / orders).toFixed(2).padStart(8);
  const lines = top.map(
    ([name, us]) => `${ms(us)}  ${((us / total) * 100).toFixed(1).padStart(5)} %  ${name}`,
  );
  return [`${title}: ${ms(total).trim()} ms an order`, ...lines].join('\n');
}

function nameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  const place =
    path === ''
      ? ''
      : ` ${path.replace(`${projectRoot}/`, '').replace('node_modules/', '')}:${lineNumber + 1}`;
  return `${functionName === '' ? '(anonymous)' : functionName}${place}`;
}
