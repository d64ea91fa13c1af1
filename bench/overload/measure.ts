import { randomUUID } from 'node:crypto';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { startStack } from '../../dev/stack.ts';
import { carry } from '../order-path/load.ts';
import { waybillOrder } from '../order-path/waybill-orders.ts';
import type { Answer } from './requests.ts';
import { get, orderFor, percentile, post, postUntilTaken } from './requests.ts';

/** Of the sustainable rate. */
const TIMES = 3;
const ACCOUNTS = ['acct_1WaybillUSCustom', 'acct_1WaybillUSXpress', 'acct_1WaybillUSStndrd'];
const READ_EVERY_MS = 250;
/** Refused starts of a round that are repeated afterwards. */
const REPEATED_MAX = 20;

interface Options {
  /** Orders of the part that finds the peak; three times as many are then asked for. */
  readonly orders: number;
  readonly rounds: number;
  readonly concurrency: number;
  /** `NAME=value`, for every process. */
  readonly env?: string | undefined;
  readonly progress: (line: string) => void;
}

interface Round {
  /** Captured orders a second: with as many at a time as the service takes, before and after; and under overload. */
  readonly peak: number;
  readonly goodput: number;
  readonly asked: number;
  readonly captured: number;
  readonly shedMs: readonly number[];
  readonly readMs: readonly number[];
}

/**
 * Finds the rate of orders that the service sustains, then asks for three times as many, in turns. Throws where a refusal comes without
 * Retry-After, an admitted order is not captured, or a refused start cannot be repeated under its key.
 */
export async function measureOverload(options: Options): Promise<string> {
  const { orders, rounds, concurrency, env = '', progress } = options;
  const [name = '', value = ''] = env.split('=');
  const also = name === '' ? {} : { [name]: value };
  const stack = await startStack({ fresh: true, env: { LOG_LEVEL: 'warn', ...also }, report: progress });
  const { api } = stack.urls;
  try {
    await carry(() => waybillOrder(api), { orders: Math.min(orders, 100), concurrency });
    const sustained = async (): Promise<number> => {
      const from = performance.now();
      await carry(() => waybillOrder(api), { orders, concurrency });
      return orders / ((performance.now() - from) / 1_000);
    };
    const measured: Round[] = [];
    let before = await sustained();
    for (let round = 1; round <= rounds; round++) {
      const overloaded = await overload(api, TIMES * orders, TIMES * before);
      const after = await sustained();
      measured.push({ peak: (before + after) / 2, ...overloaded });
      before = after;
      progress(`round ${round}/${rounds}`);
    }
    return report(options, measured);
  } finally {
    await stack.stop();
  }
}

/** So many orders at so many a second, whether or not earlier ones were answered. */
async function overload(api: string, asked: number, perSecond: number): Promise<Omit<Round, 'peak'>> {
  const shed: { answer: Answer; key: string; account: string }[] = [];
  let captured = 0;
  let endedAt = performance.now();
  const one = async (account: string): Promise<void> => {
    const key = randomUUID();
    const headers = { 'idempotency-key': key, prefer: 'wait=60' };
    const answer = await post(api, '/v1/orders', orderFor(account), headers);
    if (answer.status === 429) return void shed.push({ answer, key, account });
    const { body, status } = await postUntilTaken(api, `/v1/orders/${answer.body.id}/capture`, {});
    if (body.status !== 'captured') throw new Error(`an admitted order was answered ${status}`);
    captured += 1;
    endedAt = performance.now();
  };
  const over = new AbortController();
  const from = performance.now();
  const sendAll = async (): Promise<void> => {
    const sent = Array.from({ length: asked }, async (_, n) => {
      await sleep((n * 1_000) / perSecond);
      await one(ACCOUNTS[n % ACCOUNTS.length] ?? '');
    });
    await Promise.all(sent).finally(() => over.abort());
  };
  const [readMs] = await Promise.all([readUntil(api, over.signal), sendAll()]);
  await leftNothing(api, shed.slice(0, REPEATED_MAX));
  return {
    asked,
    captured,
    goodput: captured / ((endedAt - from) / 1_000),
    shedMs: shed.map(({ answer }) => answer.ms),
    readMs,
  };
}

async function readUntil(api: string, over: AbortSignal): Promise<number[]> {
  const taken: number[] = [];
  while (!over.aborted) {
    const paths = ['/v1/orders?limit=1', '/healthz'];
    taken.push(...(await Promise.all(paths.map((path) => get(api, path)))));
    await sleep(READ_EVERY_MS);
  }
  return taken;
}

async function leftNothing(
  api: string,
  shed: readonly { answer: Answer; key: string; account: string }[],
): Promise<void> {
  for (const { answer, key, account } of shed) {
    if (answer.retryAfterMs === null) throw new Error('a refusal without Retry-After');
    const headers = { 'idempotency-key': key, prefer: 'wait=60' };
    const again = await postUntilTaken(api, '/v1/orders', orderFor(account), headers);
    if (again.status !== 201 || again.isReplayed) throw new Error(`a repeat was answered ${again.status}`);
  }
}

function report({ orders, rounds, concurrency, env }: Options, measured: readonly Round[]): string {
  const median = (figure: (round: Round) => number) => percentile(measured.map(figure), 0.5);
  const shown = (value: number, digits: number) => (Number.isNaN(value) ? '–' : value.toFixed(digits));
  const row = (name: string, figure: (round: Round) => number, digits: number) => {
    const each = measured.map((round) => shown(figure(round), digits)).join(' ');
    return `| ${name} | ${shown(median(figure), digits)} | ${each} |`;
  };
  return [
    `${rounds} rounds: ${TIMES * orders} orders at ${TIMES} times the peak rate, which ${orders} orders before and after show, ${concurrency} at a time. Node`,
    `${process.versions.node}, ${cpus().length} cores. Every refusal had Retry-After, every admitted order was captured, refused starts worked later.`,
    ...(env === undefined ? [] : [`With ${env}.`]),
    '',
    '| | median | each round |',
    '| --- | --- | --- |',
    row('peak, orders/s', ({ peak }) => peak, 1),
    row('goodput under overload, orders/s', ({ goodput }) => goodput, 1),
    row('goodput / peak', ({ peak, goodput }) => goodput / peak, 2),
    row('refused, %', ({ asked, captured }) => (100 * (asked - captured)) / asked, 0),
    row('a refusal p50, ms', ({ shedMs }) => percentile(shedMs, 0.5), 0),
    row('a refusal p95, ms', ({ shedMs }) => percentile(shedMs, 0.95), 0),
    row('a read p95, ms', ({ readMs }) => percentile(readMs, 0.95), 0),
    '',
  ].join('\n');
}
