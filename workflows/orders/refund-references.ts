import type { Timeline } from '../../domain/commands/timeline.ts';
import type { Refund } from '../../domain/orders/order.ts';
import { referenceText } from '../../domain/orders/refund-reference.ts';

const NAME = 'refund_reference';

/**
 * What the timeline is to say of references that were not known before: each once. A reopened order reads its refunds anew, and goes
 * on with the timeline it had.
 */
export function newReferences(
  before: readonly Refund[],
  after: readonly Refund[],
  { entries }: Pick<Timeline, 'entries'>,
) {
  if (after === before) return [];
  return after.flatMap(({ id: stripeId, reference }) => {
    const detail = reference ? referenceText(reference) : null;
    const known = before.find(({ id }) => id === stripeId)?.reference;
    if (detail === null || known?.value === reference?.value) return [];
    const isTold = entries.some(
      (entry) => entry.name === NAME && entry.stripeId === stripeId && entry.detail === detail,
    );
    return isTold
      ? []
      : [{ type: 'event', name: NAME, cause: null, actor: 'stripe', detail, stripeId } as const];
  });
}
