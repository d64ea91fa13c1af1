import pMap from 'p-map';
import type Stripe from 'stripe';
import { asAccount } from '../../stripe/acting-as.ts';
import { payoutsOf } from '../../stripe/own-money.ts';
import type { Received } from '../event-receiver.ts';
import { asStripeHasIt, shownBy } from './at-stripe.ts';
import type { Caller } from './caller.ts';
import type { DeliveredEvent } from './delivered.ts';
import { deliveredByOrder, lackingOf } from './delivered.ts';
import type { Expectation, Scene } from './works.ts';
import { DESTINATION } from './works.ts';

const AT_ONCE = 8;
/** A last event, or what Stripe settles later, may still be on its way. */
const AGREES_WITHIN_MS = 60_000;
/** What an order could not hand over is tried again at distances that double: up to as long after an outage as it lasted. */
const DELIVERED_WITHIN_MS = 240_000;
/** The longest that Temporal's visibility queue lets a task wait before it tries again. */
const LISTED_WITHIN_MS = 180_000;

type OrderExpectation = Extract<Expectation, { kind: 'order' }>;

/** Holds everything against Stripe and against what was asked for; what is wrong, in words. */
export async function audit(
  scene: Scene,
  expected: readonly Expectation[],
  received: readonly Received[],
): Promise<{ violations: string[]; events: number }> {
  const { caller, stripe, sandbox } = scene;
  const orders = expected.filter((one): one is OrderExpectation => one.kind === 'order');
  const wrong = await pMap(orders, (order) => wrongWithOrder(scene, order), { concurrency: AT_ONCE });
  const others = expected.filter(({ kind }) => kind !== 'order');
  const violations = [
    ...wrong.flat(),
    ...(await doubles(stripe, orders)),
    ...(await wrongWithOthers(stripe, others)),
    ...(await sandbox.unbalanced()).map((currency) => `the ledger of ${currency} does not add up to zero`),
    ...(await unexplained(caller)),
  ];
  const { missing, events } = await missingEvents(caller, orders, received);
  return { violations: [...violations, ...missing], events };
}

async function wrongWithOrder({ caller, stripe }: Scene, expected: OrderExpectation): Promise<string[]> {
  const { id, status, refunded } = expected;
  let said = '';
  const agrees = async (): Promise<boolean> => {
    const { body } = await caller.get(`/v1/orders/${id}`);
    const shown = shownBy(body);
    const there = await asStripeHasIt(stripe, body.payment_intent);
    const isRight = shown.status === status && shown.refunded === refunded && body.needs_attention === null;
    const isSame = JSON.stringify(shown) === JSON.stringify(there);
    said = `${id} shows ${JSON.stringify(shown)}, Stripe has ${JSON.stringify(there)}, expected ${status} with ${refunded} refunded`;
    return isRight && isSame;
  };
  return (await inTime(agrees)) ? [] : [said];
}

/** Each order has one PaymentIntent that was not canceled; one with two was paid twice. */
async function doubles(stripe: Stripe, orders: readonly OrderExpectation[]): Promise<string[]> {
  const live = new Map<string, number>();
  for await (const { metadata, status } of stripe.paymentIntents.list({ limit: 100 })) {
    const id = metadata.waybill_order;
    if (id !== undefined && status !== 'canceled') live.set(id, (live.get(id) ?? 0) + 1);
  }
  return orders.flatMap(({ id, status }) => {
    const count = live.get(id) ?? 0;
    return count === (status === 'canceled' ? 0 : 1) ? [] : [`${id} has ${count} payments at Stripe`];
  });
}

async function wrongWithOthers(stripe: Stripe, expected: readonly Expectation[]): Promise<string[]> {
  const payouts = new Map<string, number>();
  const own = payoutsOf(stripe, asAccount(DESTINATION));
  for (let after: string | undefined, hasMore = true; hasMore; ) {
    const page = await own.list({ limit: 100, ...(after === undefined ? {} : { starting_after: after }) });
    for (const { metadata } of page.data) count(payouts, metadata?.waybill_payout);
    after = page.data.at(-1)?.id;
    hasMore = page.has_more;
  }
  const accounts = new Map<string, number>();
  for await (const { metadata } of stripe.accounts.list({ limit: 100 }))
    count(accounts, metadata?.waybill_account);
  const wrong = await pMap(
    expected,
    async (one): Promise<string[]> => {
      switch (one.kind) {
        case 'payout':
          return exactlyOne('payout', one.id, payouts);
        case 'account':
          return exactlyOne('account', one.reference, accounts);
        case 'transfer': {
          const { data } = await stripe.transfers.listReversals(one.stripeId);
          const amounts = data.map(({ amount }) => amount);
          const isRight = JSON.stringify(amounts) === JSON.stringify(one.reversed);
          return isRight ? [] : [`transfer ${one.stripeId} was taken back in parts of ${amounts.join(', ')}`];
        }
        default:
          return [];
      }
    },
    { concurrency: AT_ONCE },
  );
  return wrong.flat();
}

function count(counts: Map<string, number>, id: string | undefined): void {
  if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
}

function exactlyOne(noun: string, id: string, counts: ReadonlyMap<string, number>): string[] {
  return counts.get(id) === 1 ? [] : [`${noun} ${id} is at Stripe ${counts.get(id) ?? 0} times`];
}

/** A reconciliation that begins now; what it cannot explain. */
async function unexplained(caller: Caller): Promise<string[]> {
  let said = 'no reconciliation came to its end';
  let runs = 0;
  const isExplained = async (): Promise<boolean> => {
    const before = await reportedAt(caller);
    runs += 1;
    await caller.begin('/v1/reconciliation/runs', `reconcile-${runs}`);
    await inTime(async () => (await reportedAt(caller)) !== before);
    const { body } = await caller.get('/v1/reports/reconciliation');
    said = `reconciliation: ${body.difference_count} differences, ${JSON.stringify(body.totals)}`;
    return (
      body.difference_count === 0 &&
      body.orders.pending === 0 &&
      body.totals.every(({ unexplained: rest, pending }: Tallies) => rest.count === 0 && pending.count === 0)
    );
  };
  return (await inTime(isExplained)) ? [] : [said];
}

interface Tallies {
  readonly unexplained: { readonly count: number };
  readonly pending: { readonly count: number };
}

async function reportedAt(caller: Caller): Promise<unknown> {
  const { status, body } = await caller.get('/v1/reports/reconciliation');
  return status === 200 ? body.period.to : null;
}

/** Each order's events must have reached its subscriber, and then be listed. */
async function missingEvents(
  caller: Caller,
  orders: readonly OrderExpectation[],
  received: readonly Received[],
): Promise<{ missing: string[]; events: number }> {
  let lacking: string[] = [];
  await inTime(async () => {
    const delivered = deliveredByOrder(received);
    lacking = orders.flatMap((order) => lackingOf(order, delivered.get(order.id) ?? []) ?? []);
    return lacking.length === 0;
  }, DELIVERED_WITHIN_MS);
  const delivered = deliveredByOrder(received);
  const unlisted = await pMap(orders, ({ id }) => unlistedOf(caller, id, delivered.get(id) ?? []), {
    concurrency: AT_ONCE,
  });
  const events = orders.reduce((sum, { id }) => sum + (delivered.get(id)?.length ?? 0), 0);
  return { missing: [...lacking, ...unlisted.flat()], events };
}

/** Temporal's index follows its workflows, and after a crash of its database with a delay. */
async function unlistedOf(
  caller: Caller,
  id: string,
  delivered: readonly DeliveredEvent[],
): Promise<string[]> {
  let unlisted: readonly DeliveredEvent[] = [];
  await inTime(async () => {
    const { body } = await caller.get(`/v1/events?order=${id}&limit=100`);
    const listed = new Set(body.data.map((event: { id: string }) => event.id));
    unlisted = delivered.filter((event) => !listed.has(event.id));
    return unlisted.length === 0;
  }, LISTED_WITHIN_MS);
  return unlisted.map((event) => `the event ${event.id}, which reached its subscriber, is not listed`);
}

async function inTime(holds: () => Promise<boolean>, withinMs = AGREES_WITHIN_MS): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    if (await holds()) return true;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return holds();
}
