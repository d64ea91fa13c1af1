import pMap from 'p-map';
import type Stripe from 'stripe';
import { asAccount } from '../../stripe/acting-as.ts';
import { payoutsOf } from '../../stripe/own-money.ts';
import type { Received } from '../event-receiver.ts';
import { asStripeHasIt, shownBy } from './at-stripe.ts';
import type { Caller } from './caller.ts';
import type { DeliveredEvent, EventSource } from './delivered.ts';
import { deliveredByObject, gapIn, lackingOf, nameOf } from './delivered.ts';
import type { Facts } from './facts.ts';
import { differencesOf, picked } from './facts.ts';
import { inWords } from './in-words.ts';
import { OTHERS } from './others-at-stripe.ts';
import type { Expectation, OrderExpectation, OtherExpectation, OtherKind, Scene } from './works.ts';
import { DESTINATION } from './works.ts';

const AT_ONCE = 8;
/** A last event, or what Stripe settles later, may still be on its way. */
const AGREES_WITHIN_MS = 60_000;
/** What an object could not hand over is tried again at distances that double: up to as long after an outage as it lasted. */
const DELIVERED_WITHIN_MS = 240_000;
/** A reconciliation reads each order's history, of which the worker has forgotten most. */
const RECONCILED_WITHIN_MS_EACH = 200;
/** The longest that Temporal's visibility queue lets a task wait before it tries again. */
const LISTED_WITHIN_MS = 180_000;

/** Whose events must have arrived, and what the last one must say. */
interface Publishing {
  readonly source: EventSource;
  readonly says: Facts;
}

/** Holds everything against Stripe and against what was asked for; what is wrong, in words. */
export async function audit(
  scene: Scene,
  expected: readonly Expectation[],
  received: readonly Received[],
): Promise<{ violations: string[]; events: number }> {
  const { caller, stripe, sandbox } = scene;
  const orders = expected.filter((one): one is OrderExpectation => one.kind === 'order');
  const wrong = await pMap(orders, (order) => inWords(() => wrongWithOrder(scene, order)), {
    concurrency: AT_ONCE,
  });
  const others = expected.filter((one): one is OtherExpectation => one.kind !== 'order');
  const compared = await pMap(others, (other) => compareOther(scene, other), { concurrency: AT_ONCE });
  const violations = [
    ...wrong.flat(),
    ...(await doubles(stripe, orders)),
    ...compared.flatMap(({ wrong: differences }) => differences),
    ...(await doublesOfOthers(stripe, others)),
    ...(await sandbox.unbalanced()).map((currency) => `the ledger of ${currency} does not add up to zero`),
    ...(await inWords(() => unexplained(caller, expected.length))),
  ];
  const ofOrders = orders.map((source) => ({
    source,
    says: { status: source.status, amount_refunded: source.refunded },
  }));
  const { missing, events } = await missingEvents(caller, [...ofOrders, ...compared], received);
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

/** A payout, transfer or account as Waybill shows it, as Stripe has it and as it was asked for. */
async function compareOther(
  { caller, stripe }: Scene,
  source: OtherExpectation,
): Promise<Publishing & { readonly wrong: readonly string[] }> {
  const { path, shownBy, asStripeHasIt, published } = OTHERS[source.kind];
  let wrong: readonly string[] = [];
  let says: Facts = {};
  const ended = await inWords(async () => {
    await inTime(async () => {
      const { body } = await caller.get(path(source.id));
      const there = await asStripeHasIt(stripe, body).catch((error): Facts => ({ refusal: String(error) }));
      wrong = differencesOf(nameOf(source), { shown: shownBy(body), there, asked: source.asked });
      says = picked({ ...there, ...source.asked }, published);
      return wrong.length === 0;
    });
    return wrong;
  });
  return { source, says, wrong: ended };
}

/** Each of them is at Stripe once. */
async function doublesOfOthers(stripe: Stripe, expected: readonly OtherExpectation[]): Promise<string[]> {
  const counts: Record<OtherKind, Map<string, number>> = {
    payout: new Map(),
    transfer: new Map(),
    account: new Map(),
  };
  const own = payoutsOf(stripe, asAccount(DESTINATION));
  for (let after: string | undefined, hasMore = true; hasMore; ) {
    const page = await own.list({ limit: 100, ...(after === undefined ? {} : { starting_after: after }) });
    for (const { metadata } of page.data) count(counts.payout, metadata?.waybill_payout);
    after = page.data.at(-1)?.id;
    hasMore = page.has_more;
  }
  for await (const { metadata } of stripe.transfers.list({ limit: 100 }))
    count(counts.transfer, metadata.waybill_order);
  for await (const { metadata } of stripe.accounts.list({ limit: 100 }))
    count(counts.account, metadata?.waybill_account);
  return expected.flatMap((source) => {
    const times = counts[source.kind].get(source.id) ?? 0;
    return times === 1 ? [] : [`${nameOf(source)} is at Stripe ${times} times`];
  });
}

function count(counts: Map<string, number>, id: string | undefined): void {
  if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
}

/** A reconciliation that begins now; what it cannot explain. `works`: of how many it is. */
async function unexplained(caller: Caller, works: number): Promise<string[]> {
  const withinMs = AGREES_WITHIN_MS + works * RECONCILED_WITHIN_MS_EACH;
  let said = 'no reconciliation came to its end';
  let runs = 0;
  const isExplained = async (): Promise<boolean> => {
    const before = await reportedAt(caller);
    runs += 1;
    await caller.begin('/v1/reconciliation/runs', `reconcile-${runs}`);
    await inTime(async () => (await reportedAt(caller)) !== before, withinMs);
    const { status, body } = await caller.get('/v1/reports/reconciliation');
    if (status !== 200) return false;
    said = `reconciliation: ${body.difference_count} differences, ${JSON.stringify(body.totals)}`;
    return (
      body.difference_count === 0 &&
      body.orders.pending === 0 &&
      body.totals.every(({ unexplained: rest, pending }: Tallies) => rest.count === 0 && pending.count === 0)
    );
  };
  return (await inTime(isExplained, withinMs)) ? [] : [said];
}

interface Tallies {
  readonly unexplained: { readonly count: number };
  readonly pending: { readonly count: number };
}

async function reportedAt(caller: Caller): Promise<unknown> {
  const { status, body } = await caller.get('/v1/reports/reconciliation');
  return status === 200 ? body.period.to : null;
}

/** Each object's events must have reached their subscriber, and then be listed. */
async function missingEvents(
  caller: Caller,
  publishing: readonly Publishing[],
  received: readonly Received[],
): Promise<{ missing: string[]; events: number }> {
  let delivered = deliveredByObject(received);
  let lacking: string[] = [];
  await inTime(async () => {
    delivered = deliveredByObject(received);
    lacking = lackingIn(publishing, delivered);
    return lacking.length === 0;
  }, DELIVERED_WITHIN_MS);
  const unlisted = await pMap(
    publishing,
    ({ source }) => inWords(() => unlistedOf(caller, source, delivered.get(nameOf(source)) ?? [])),
    { concurrency: AT_ONCE },
  );
  const events = [...delivered.values()].reduce((sum, { length }) => sum + length, 0);
  return { missing: [...lacking, ...unlisted.flat()], events };
}

/** Also of objects that are only there because of others: what earns money, reconciliation. */
function lackingIn(
  publishing: readonly Publishing[],
  delivered: ReadonlyMap<string, readonly DeliveredEvent[]>,
): string[] {
  const names = new Set(publishing.map(({ source }) => nameOf(source)));
  const others = [...delivered].filter(([name]) => !names.has(name));
  return [
    ...publishing.flatMap(
      ({ source, says }) => lackingOf(source, says, delivered.get(nameOf(source)) ?? []) ?? [],
    ),
    ...others.flatMap(([name, events]) => gapIn(name, events) ?? []),
  ];
}

/** Temporal's index follows its workflows, and after a crash of its database with a delay. */
async function unlistedOf(
  caller: Caller,
  { kind, id }: EventSource,
  delivered: readonly DeliveredEvent[],
): Promise<string[]> {
  let unlisted: readonly DeliveredEvent[] = [];
  await inTime(async () => {
    const { body } = await caller.get(`/v1/events?${kind}=${id}&limit=100`);
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
