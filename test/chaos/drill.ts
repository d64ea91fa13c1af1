import { setTimeout as pause } from 'node:timers/promises';
import type { Part } from '../../dev/processes/parts.ts';
import { startStack } from '../../dev/stack.ts';
import { asAccount } from '../../stripe/acting-as.ts';
import { createStripeClient } from '../../stripe/client.ts';
import { payoutsOf } from '../../stripe/own-money.ts';
import { sandboxRequests, unbalanced } from '../e2e/support.ts';
import type { Answer } from '../support/waybill.ts';
import { request, SECRET_KEY } from '../support/waybill.ts';

const DESTINATION = 'acct_1WaybillUSCustom';
const RETRY_EVERY_MS = 200;
const ANSWER_WITHIN_MS = 120_000;

interface Round<Victim> {
  /** What is killed with SIGKILL, and started again at once. */
  readonly victim: Victim;
  /** After that many requests to Stripe in this round. */
  readonly afterRequests: number;
}

/** What one order came to, by Waybill and by Stripe. */
interface Account {
  readonly order: Answer['body'];
  readonly charges: number;
  readonly amountCaptured: number;
  readonly refunds: readonly number[];
}

export interface Drill<Victim> {
  /** Takes orders through create, capture and two refunds while a process is killed (null: none is); returns what came of each. */
  play(round: Round<Victim> | null, name: string, orders: number): Promise<Account[]>;
  /** Has so many payouts of 1.00 made while a process is killed; returns each with how often it is at Stripe. */
  payOut(
    round: Round<Victim>,
    name: string,
    payouts: number,
  ): Promise<{ status: string; atStripe: number }[]>;
  /** Has so many transfers of 1.00 taken back in two parts while a process is killed; returns the parts that Stripe has of each. */
  reverse(round: Round<Victim>, name: string, transfers: number): Promise<number[][]>;
  /** Has every event of the orders that come sent there. */
  subscribe(url: string): Promise<void>;
  unbalanced(): Promise<string[]>;
  stop(): Promise<void>;
}

/** Real processes, to be killed. */
interface Victims<Victim> {
  readonly urls: { readonly api: string; readonly sandbox: string };
  /** Of the role ops. */
  readonly apiKey: string;
  killAndRestart(victim: Victim): Promise<void>;
  stop(): Promise<void>;
}

/** Temporal, sandbox, worker and API of `npm start`. */
export async function startDrill(): Promise<Drill<Part>> {
  const { urls, processes, stop } = await startStack({ fresh: true, env: { LOG_LEVEL: 'warn' } });
  const killAndRestart = async (victim: Part) => {
    await processes[victim].kill('SIGKILL');
    await processes[victim].start();
  };
  return drillOn({ urls, apiKey: 'dev_ops', killAndRestart, stop });
}

export function drillOn<Victim>(victims: Victims<Victim>): Drill<Victim> {
  const at = { apiUrl: victims.urls.api, sandboxUrl: victims.urls.sandbox };
  const stripe = createStripeClient({ secretKey: SECRET_KEY, apiBase: victims.urls.sandbox });
  const headers = { authorization: `Bearer ${victims.apiKey}` };
  const send = (method: 'GET' | 'POST', path: string, options: { key?: string; body?: unknown } = {}) =>
    insist(() => request(at, method, path, { ...options, headers }));

  const live = async (id: string): Promise<Account> => {
    const post = (path: string, key: string, body: unknown) => send('POST', path, { key, body });
    const terms = {
      id,
      amount: 1000,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      connected_account: DESTINATION,
    };
    await post('/v1/orders', `${id}-create`, terms);
    await post(`/v1/orders/${id}/capture`, `${id}-capture`, {});
    await Promise.all(
      [100, 250].map((amount) =>
        post(`/v1/orders/${id}/refunds`, `${id}-refund-${amount}`, { amount, reverse_transfer: true }),
      ),
    );
    const { body: order } = await send('GET', `/v1/orders/${id}`);
    const { data: charges } = await stripe.charges.list({ payment_intent: order.payment_intent });
    const { data: refunds } = await stripe.refunds.list({ payment_intent: order.payment_intent });
    return {
      order,
      charges: charges.length,
      amountCaptured: charges.reduce((sum, charge) => sum + charge.amount_captured, 0),
      refunds: refunds.map(({ amount }) => amount).sort((a, b) => a - b),
    };
  };

  const payOne = async (key: string): Promise<Answer['body']> => {
    const body = { amount: 100, currency: 'usd' };
    const path = `/v1/accounts/${DESTINATION}/payouts`;
    return (await send('POST', path, { key, body })).body;
  };

  const transferOne = async (id: string): Promise<Answer['body']> => {
    const body = { id, amount: 100, currency: 'usd', destination: DESTINATION, description: 'bonus' };
    return (await send('POST', '/v1/transfers', { key: id, body })).body;
  };

  const reverseOne = async (id: string): Promise<void> => {
    const path = `/v1/transfers/${id}/reversals`;
    for (const [part, body] of [{ amount: 40 }, {}].entries()) {
      await send('POST', path, { key: `${id}-${part}`, body });
    }
  };

  /** Money that may be moved on at once: the account's, or but for a cent (`kept`) the platform's. */
  const earn = async (key: string, amount: number, kept: object = {}): Promise<void> => {
    const terms = { amount, currency: 'usd', token: 'tok_bypassPending', connected_account: DESTINATION };
    const body = { ...terms, ...kept, capture_method: 'automatic' };
    await send('POST', '/v1/orders', { key, body });
  };

  /** Waits for what is on its way while a process is killed; `null`: none is. */
  const through = async <T>(round: Round<Victim> | null, work: () => Promise<T>): Promise<T> => {
    if (round === null) return work();
    const before = (await sandboxRequests(at)).length;
    const done = work();
    await untilRequests(at, before + round.afterRequests);
    await victims.killAndRestart(round.victim);
    return done;
  };

  return {
    async payOut(round, name, payouts) {
      await earn(`${name}-earn`, payouts * 100);
      const answers = await through(round, () => Promise.all(named(name, payouts).map(payOne)));
      const own = payoutsOf(stripe, asAccount(DESTINATION));
      const { data } = await own.list({ limit: 100 });
      return answers.map(({ id, status }) => ({
        status,
        atStripe: data.filter(({ metadata }) => metadata?.waybill_payout === id).length,
      }));
    },
    async reverse(round, name, transfers) {
      await earn(`${name}-earn`, transfers * 200, { transfer_amount: 1 });
      const paid = await Promise.all(named(name, transfers).map(transferOne));
      await through(round, () => Promise.all(paid.map(({ id }) => reverseOne(id))));
      const parts = paid.map(async ({ stripe_transfer: transfer }) => {
        const { data } = await stripe.transfers.listReversals(transfer);
        return data.map(({ amount }) => amount);
      });
      return Promise.all(parts);
    },
    play: (round, name, orders) => through(round, () => Promise.all(named(name, orders).map(live))),
    async subscribe(url) {
      await send('POST', '/v1/event_subscriptions', { key: 'drill', body: { url } });
    },
    unbalanced: () => unbalanced(at),
    stop: () => victims.stop(),
  };
}

function named(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => `${name}-${n}`);
}

async function untilRequests(at: { sandboxUrl: string }, count: number): Promise<void> {
  const deadline = performance.now() + ANSWER_WITHIN_MS;
  while ((await sandboxRequests(at)).length < count) {
    if (performance.now() > deadline) throw new Error('the round made too few requests');
    await pause(5);
  }
}

/** As a caller should: the same request under the same key until there is a final answer. */
async function insist(send: () => Promise<Answer>): Promise<Answer> {
  const deadline = performance.now() + ANSWER_WITHIN_MS;
  for (;;) {
    const answer = await send().catch((error: Error) => error);
    if (!(answer instanceof Error) && isFinal(answer)) return answer;
    if (performance.now() > deadline) {
      throw new Error(
        `no final answer: ${answer instanceof Error ? answer.message : JSON.stringify(answer.body)}`,
      );
    }
    await pause(RETRY_EVERY_MS);
  }
}

/** In flight, unfinished or unavailable: to be sent again. */
function isFinal({ status, body }: Answer): boolean {
  const again = status === 202 || status === 429 || status >= 500 || body?.code === 'idempotency_key_in_use';
  return !again;
}
