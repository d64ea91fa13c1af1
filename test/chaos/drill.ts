import { setTimeout as pause } from 'node:timers/promises';
import type { Part } from '../../dev/processes/parts.ts';
import type { Stack } from '../../dev/stack.ts';
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

interface Round {
  /** What is killed with SIGKILL, and started again at once. */
  readonly victim: Part;
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

export interface Drill {
  /** Takes orders through create, capture and two refunds while a process is killed; returns what came of each. */
  play(round: Round, name: string, orders: number): Promise<Account[]>;
  /** Has so many payouts of 1.00 made while a process is killed; returns each with how often it is at Stripe. */
  payOut(round: Round, name: string, payouts: number): Promise<{ status: string; atStripe: number }[]>;
  /** Has so many transfers of 1.00 taken back in two parts while a process is killed; returns the parts that Stripe has of each. */
  reverse(round: Round, name: string, transfers: number): Promise<number[][]>;
  /** Has every event of the orders that come sent there. */
  subscribe(url: string): Promise<void>;
  unbalanced(): Promise<string[]>;
  stop(): Promise<void>;
}

/** Temporal, sandbox, worker and API as real processes, to be killed. */
export async function startDrill(): Promise<Drill> {
  const stack = await startStack({ fresh: true, env: { LOG_LEVEL: 'warn' } });
  const at = { apiUrl: stack.urls.api, sandboxUrl: stack.urls.sandbox };
  const stripe = createStripeClient({ secretKey: SECRET_KEY, apiBase: stack.urls.sandbox });

  const live = async (id: string): Promise<Account> => {
    const post = (path: string, key: string, body: unknown) =>
      insist(() => request(at, 'POST', path, { key, body }));
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
    const { body: order } = await insist(() => request(at, 'GET', `/v1/orders/${id}`));
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
    return (await insist(() => request(at, 'POST', path, { key, body }))).body;
  };

  const transferOne = async (id: string): Promise<Answer['body']> => {
    const body = { id, amount: 100, currency: 'usd', destination: DESTINATION, description: 'bonus' };
    return (await insist(() => request(at, 'POST', '/v1/transfers', { key: id, body }))).body;
  };

  const reverseOne = async (id: string): Promise<void> => {
    const path = `/v1/transfers/${id}/reversals`;
    for (const [part, body] of [{ amount: 40 }, {}].entries()) {
      await insist(() => request(at, 'POST', path, { key: `${id}-${part}`, body }));
    }
  };

  /** Money that may be moved on at once: the account's, or but for a cent (`kept`) the platform's. */
  const earn = async (key: string, amount: number, kept: object = {}): Promise<void> => {
    const terms = { amount, currency: 'usd', token: 'tok_bypassPending', connected_account: DESTINATION };
    const body = { ...terms, ...kept, capture_method: 'automatic' };
    await insist(() => request(at, 'POST', '/v1/orders', { key, body }));
  };

  /** Waits for what is on its way while a process is killed. */
  const through = async <T>({ victim, afterRequests }: Round, work: () => Promise<T>): Promise<T> => {
    const before = (await sandboxRequests(at)).length;
    const done = work();
    await untilRequests(at, before + afterRequests);
    await killAndRestart(stack, victim);
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
      await insist(() => request(at, 'POST', '/v1/event_subscriptions', { key: 'drill', body: { url } }));
    },
    unbalanced: () => unbalanced(at),
    stop: () => stack.stop(),
  };
}

function named(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => `${name}-${n}`);
}

async function killAndRestart({ processes }: Stack, victim: Part): Promise<void> {
  await processes[victim].kill('SIGKILL');
  await processes[victim].start();
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
