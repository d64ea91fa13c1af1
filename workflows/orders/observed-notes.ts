import type { Timeline } from '../../domain/commands/timeline.ts';
import type { Order } from '../../domain/orders/order.ts';
import { referenceText } from '../../domain/orders/refund-reference.ts';

/** What somebody else did, or a bank said. */
interface ObservedNote {
  readonly type: 'event';
  readonly name: string;
  readonly cause: null;
  readonly actor: 'stripe';
  readonly detail: string;
  readonly stripeId: string;
}

/**
 * What the timeline is to say of references and decisions that were not known before: each once. A reopened order reads its payment anew, and
 * goes on with the timeline it had.
 */
export function newNotes(
  before: Order,
  after: Order,
  { entries }: Pick<Timeline, 'entries'>,
): readonly ObservedNote[] {
  const notes = [...newReferences(before, after), ...closedReview(before, after)];
  return notes.filter(
    ({ name, stripeId, detail }) =>
      !entries.some((entry) => entry.name === name && entry.stripeId === stripeId && entry.detail === detail),
  );
}

/** A refund's number at its bank. */
function newReferences({ refunds: before }: Order, { refunds: after }: Order): readonly ObservedNote[] {
  if (after === before) return [];
  return after.flatMap(({ id, reference }) => {
    const known = before.find((one) => one.id === id)?.reference;
    if (!reference || known?.value === reference.value) return [];
    return noted('refund_reference', id, referenceText(reference));
  });
}

/** Why Stripe, or a person, closed the review of the payment. */
function closedReview({ review: before }: Order, { review: after }: Order): readonly ObservedNote[] {
  if (after === before || after?.closedReason === undefined) return [];
  return noted('review_closed', after.id, after.closedReason);
}

function noted(name: string, stripeId: string, detail: string | null): readonly ObservedNote[] {
  return detail === null ? [] : [{ type: 'event', name, cause: null, actor: 'stripe', detail, stripeId }];
}
