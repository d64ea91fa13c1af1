import type { CommandResult } from '../../domain/commands/command.ts';
import type { Timeline } from '../../domain/commands/timeline.ts';
import { releaseOperationId } from '../../domain/ids.ts';
import type { Order } from '../../domain/orders/order.ts';
import { paymentIntentOf } from '../../domain/orders/order.ts';
import type { Refund } from '../../sandbox/objects/payments.ts';
import type { Asked } from '../lives/caller.ts';
import type { World } from '../world/world.ts';

/** Where an answer differs from what was asked, and from what happened; null: nowhere. */
export function whyNotAsAsked(
  { platform, capturedOutside }: World,
  order: Order,
  timeline: Timeline,
  all: readonly Asked[],
): string | null {
  const { store } = platform.world;
  const own = all.filter(({ about }) => about === order.terms.id);
  // What was done by hand may come out of another pocket.
  const byHand = own.some(({ body }) => body?.kind === 'resolve' && body.action === 'mark_done');
  const made = [...store.rows('refund'), ...store.rows('transfer')];
  for (const asked of own) {
    const why = contradictionIn(asked) ?? undoneOf(asked, made, byHand);
    if (why) return why;
  }
  const isCapturedOutside = capturedOutside.has(paymentIntentOf(order) ?? '');
  return (
    forgottenPayment(order, timeline, [...store.rows('payment_intent')]) ??
    (isCapturedOutside ? null : wrongCapture(order, own))
  );
}

const WAITS: ReadonlySet<string> = new Set(['needs_attention', 'needs_approval']);

/** Whoever asks again gets the same answer; only what needed a person may have ended since. */
export function contradictionIn({ envelope, results }: Asked): string | null {
  const final = results.filter(({ outcome }) => !WAITS.has(outcome));
  const outcomes = new Set(final.map(({ outcome }) => outcome));
  return outcomes.size > 1 ? `${envelope.commandId} was answered as ${[...outcomes].join(' and as ')}` : null;
}

interface Made {
  readonly id: string;
  readonly amount: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What was answered as done is at Stripe, as it was asked for. */
function undoneOf(
  { envelope, body, results, about }: Asked,
  made: readonly Made[],
  byHand: boolean,
): string | null {
  const { commandId } = envelope;
  if (body?.kind !== 'refund' && body?.kind !== 'transfer') return null;
  const isDone = results.some(({ outcome }) => outcome === 'done');
  const effect = made.find(
    ({ metadata }) => metadata.waybill_operation === commandId && metadata.waybill_order === about,
  );
  if (!isDone) return null;
  if (!effect) return `${commandId} was answered as done, but Stripe has nothing of it`;
  if (body.amount !== undefined && effect.amount !== body.amount) {
    return `${commandId} asked for ${body.amount}, and ${effect.amount} moved`;
  }
  if (body.kind !== 'refund' || byHand) return null;
  const { reversesTransfer, returnsFee } = (effect as unknown as Refund).sandbox;
  const isAsAsked = reversesTransfer === body.reverse_transfer && returnsFee === body.refund_application_fee;
  return isAsAsked ? null : `${commandId} was refunded out of another pocket than it asked for`;
}

interface Intent {
  readonly id: string;
  readonly status: string;
  readonly metadata: Readonly<Record<string, string>>;
}

const HOLDS: ReadonlySet<string> = new Set(['requires_capture', 'processing', 'succeeded']);

/** No payment is left that nobody knows of: it would hold the customer's money. Of one that a person gave up, that person knows. */
function forgottenPayment(order: Order, { entries }: Timeline, intents: readonly Intent[]): string | null {
  const known = paymentIntentOf(order);
  const isGivenUp = (id: string) =>
    entries.some(
      ({ name, cause, detail }) =>
        name === 'release refused' && cause === releaseOperationId(id) && detail?.startsWith('Abandoned by '),
    );
  const forgotten = intents.find(
    ({ id, status, metadata }) =>
      metadata.waybill_order === order.terms.id && HOLDS.has(status) && id !== known && !isGivenUp(id),
  );
  return forgotten ? `${forgotten.id} still holds the customer's money` : null;
}

/** A capture takes what was asked for, where nobody else captured. */
function wrongCapture({ payment }: Order, own: readonly Asked[]): string | null {
  if (payment.status !== 'captured') return null;
  const captures = own.flatMap(({ body, results }) =>
    body?.kind === 'capture' && isOwnDeed(results) ? [body] : [],
  );
  const [first] = captures;
  if (captures.length !== 1 || !first?.final || first.amount === undefined) return null;
  return payment.amountCaptured === first.amount
    ? null
    : `a capture of ${first.amount} was answered as done, and ${payment.amountCaptured} were captured`;
}

function isOwnDeed(results: readonly CommandResult[]): boolean {
  return results.some(({ outcome, replayed }) => outcome === 'done' && !replayed);
}
