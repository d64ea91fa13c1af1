import { cpus } from 'node:os';
import { startStack } from '../../dev/stack.ts';
import { carry } from '../order-path/load.ts';
import { orderFor, percentile, postUntilTaken } from '../overload/requests.ts';

const BURSTING = 'acct_1WaybillUSCustom';
const OTHER = 'acct_1WaybillUSXpress';
/** Connections of the caller that bursts. */
const AT_A_TIME = 128;
/** What Stripe's test mode takes, four fifths of it for workers; and how long it takes for a call. */
const STRIPE = { WAYBILL_STRIPE_CALLS_PER_SECOND: '20', WAYBILL_STRIPE_CALLS_PER_ENDPOINT: '20' };
const STRIPE_TAKES_MS = 300;

interface Options {
  /** Of the burst. */
  readonly orders: number;
  /** Of the other account, alone and again during the burst. */
  readonly captures: number;
  readonly progress: (line: string) => void;
}

/**
 * How long a capture of one account takes while another account's caller starts thousands of orders, beside how long it takes alone. The
 * burst asks for more than Stripe's limit lets through from its first moment to its last.
 */
export async function measureFairness({ orders, captures, progress }: Options): Promise<string> {
  const stack = await startStack({ fresh: true, env: { LOG_LEVEL: 'warn', ...STRIPE }, report: progress });
  const { api, sandbox } = stack.urls;
  try {
    progress(`authorizing ${2 * captures} orders of the other account`);
    const waiting: string[] = [];
    const prepare = async () =>
      waiting.push((await postUntilTaken(api, '/v1/orders', orderFor(OTHER))).body.id);
    await carry(prepare, { orders: 2 * captures, concurrency: 8 });
    await fetch(`${sandbox}/_sandbox/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        match: { path: '/v1/*', times: 'always' },
        effect: { delay_ms: STRIPE_TAKES_MS },
      }),
    });
    const capture = async (): Promise<number> => {
      const { ms, body } = await postUntilTaken(api, `/v1/orders/${waiting.pop()}/capture`, {});
      if (body.status !== 'captured') throw new Error(`a captured order is ${body.status}`);
      return ms;
    };
    const oneByOne = async (times: number) => {
      const taken: number[] = [];
      for (let n = 0; n < times; n++) taken.push(await capture());
      return taken;
    };

    const half = Math.ceil(captures / 2);
    const alone = await oneByOne(half);
    progress(`a burst of ${orders} orders of one account`);
    const from = performance.now();
    let started = 0;
    const start = async () => {
      const { status } = await postUntilTaken(api, '/v1/orders', orderFor(BURSTING));
      if (status >= 400) throw new Error(`a start was answered ${status}`);
      started += 1;
    };
    const burst = carry(start, { orders, concurrency: AT_A_TIME });
    const during = await oneByOne(captures);
    const startedMeanwhile = started;
    await burst;
    const perSecond = orders / ((performance.now() - from) / 1_000);
    alone.push(...(await oneByOne(captures - half)));
    return report({ orders, captures, startedMeanwhile, perSecond }, alone, during);
  } finally {
    await stack.stop();
  }
}

function report(
  facts: { orders: number; captures: number; startedMeanwhile: number; perSecond: number },
  alone: readonly number[],
  during: readonly number[],
): string {
  const row = (name: string, share: number) => {
    const [one, other] = [percentile(alone, share), percentile(during, share)];
    return `| ${name} | ${one.toFixed(0)} | ${other.toFixed(0)} | ${(other / one).toFixed(2)} × |`;
  };
  return [
    `A burst of ${facts.orders} starts, ${AT_A_TIME} at a time, of which ${facts.startedMeanwhile} were done when the last capture was (${facts.perSecond.toFixed(1)}/s in all).`,
    `${facts.captures} captures of another account, one after the other: half before and half after the burst, and all of them again during`,
    `it. Stripe takes ${STRIPE_TAKES_MS} ms for a call and ${STRIPE.WAYBILL_STRIPE_CALLS_PER_SECOND} calls a second. Node ${process.versions.node}, ${cpus().length} cores.`,
    '',
    '| a capture, ms | alone | during the burst | ratio |',
    '| --- | --- | --- | --- |',
    row('p50', 0.5),
    row('p95', 0.95),
    '',
  ].join('\n');
}
