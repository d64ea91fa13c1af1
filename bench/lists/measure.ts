import { cpus } from 'node:os';
import type { Stack } from '../../dev/stack.ts';
import { startStack } from '../../dev/stack.ts';
import { median } from '../median.ts';
import { carry } from '../order-path/load.ts';
import { waybillOrder } from '../order-path/waybill-orders.ts';

const PAGE = 100;
/** Of each, a round: enough for a median. */
const READS = 9;
const INDEXED_WITHIN_MS = 60_000;

interface Options {
  readonly orders: number;
  readonly rounds: number;
  readonly concurrency: number;
  readonly progress: (line: string) => void;
}

/** What is read: one order, a page of summaries, a page of whole orders. */
const READ = ['one order', 'summaries', 'expand[]=data'] as const;
type Read = (typeof READ)[number];

/**
 * What a page of 100 orders costs beside one order: with every order in the worker's cache (hot), and after the worker was started
 * anew (cold). The three take turns and their order is reversed each round. Answers with a table in Markdown, of medians and their
 * ratio to one order.
 */
export async function measureLists(options: Options): Promise<string> {
  const { orders, rounds, progress } = options;
  const stack = await startStack({ fresh: true, env: { LOG_LEVEL: 'warn' }, report: progress });
  try {
    progress(`carrying ${orders} orders`);
    const ids: string[] = [];
    await carry(async () => ids.push(await waybillOrder(stack.urls.api)), options);
    await indexed(stack, ids);
    const hot = times();
    const cold = times();
    for (const each of READ) await read(stack, each, ids, READS);
    for (let round = 1; round <= rounds; round++) {
      const turns = round % 2 === 1 ? READ : READ.toReversed();
      for (const each of turns) hot[each].push(...(await read(stack, each, ids, READS)));
      for (const each of turns) {
        await stack.processes.worker.restart();
        // The second page would find in the cache what the first has read.
        cold[each].push(...(await read(stack, each, ids, each === 'expand[]=data' ? 1 : READS)));
      }
      progress(`round ${round}/${rounds}`);
    }
    return report(options, hot, cold);
  } finally {
    await stack.stop();
  }
}

function times(): Record<Read, number[]> {
  return { 'one order': [], summaries: [], 'expand[]=data': [] };
}

/** How long each of so many reads took, in milliseconds: of as many different orders, or of the newest page. */
async function read(stack: Stack, what: Read, ids: readonly string[], times: number): Promise<number[]> {
  const page = `/v1/orders?limit=${PAGE}${what === 'summaries' ? '' : `&${what}`}`;
  const taken: number[] = [];
  for (let n = 0; n < times; n++) {
    const from = performance.now();
    await get(stack, what === 'one order' ? `/v1/orders/${ids[n % ids.length]}` : page);
    taken.push(performance.now() - from);
  }
  return taken;
}

async function indexed(stack: Stack, ids: readonly string[]): Promise<void> {
  const until = performance.now() + INDEXED_WITHIN_MS;
  for (let listed = 0; listed < Math.min(PAGE, ids.length); ) {
    if (performance.now() > until) throw new Error(`of ${ids.length} orders only ${listed} are listed`);
    listed = (await get(stack, `/v1/orders?status=captured&limit=${PAGE}`)).data.length;
  }
}

async function get({ urls }: Stack, path: string): Promise<{ data: readonly unknown[] }> {
  const response = await fetch(`${urls.api}${path}`, { headers: { authorization: 'Bearer dev_read' } });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as { data: readonly unknown[] };
}

function report(
  { orders, rounds }: Options,
  hot: Record<Read, number[]>,
  cold: Record<Read, number[]>,
): string {
  const cells = (what: Read, of: Record<Read, number[]>) => {
    const [ms, one] = [median(of[what]), median(of['one order'])];
    return `${ms.toFixed(1)} (${(ms / one).toFixed(1)} ×)`;
  };
  return [
    `${orders} captured orders, pages of ${PAGE}, ${rounds} rounds. Node ${process.versions.node}, ${cpus().length} cores. Medians in ms; in`,
    'parentheses the ratio to one order.',
    '',
    '| | hot | cold |',
    '| --- | --- | --- |',
    ...READ.map((what) => `| ${what} | ${cells(what, hot)} | ${cells(what, cold)} |`),
    '',
  ].join('\n');
}
