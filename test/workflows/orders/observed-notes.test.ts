import { describe, expect, it } from 'vitest';
import type { Order, Refund } from '../../../domain/orders/order.ts';
import type { Review } from '../../../domain/orders/review-state.ts';
import { newNotes } from '../../../workflows/orders/observed-notes.ts';
import { NOW, orderIn, refund } from '../../support/builders.ts';

const SILENT = { entries: [] };
const toldBefore = (said: ReturnType<typeof newNotes>) => ({
  entries: said.map((entry) => ({ ...entry, at: NOW, stripeRequestId: null })),
});

describe('the timeline says by which number a bank finds a refund', () => {
  const ARN = { status: 'available', value: '24011', type: 'acquirer_reference_number' };
  const waiting = refund({ reference: { status: 'pending' } });
  const found = refund({ reference: ARN });
  const corrected = refund({ reference: { ...ARN, value: '24012' } });
  const given = (...refunds: readonly Refund[]): Order => ({ ...orderIn('succeeded'), refunds });
  const said = newNotes(given(waiting), given(found), SILENT);

  it('with its kind', () => {
    expect(said).toEqual([
      {
        type: 'event',
        name: 'refund_reference',
        cause: null,
        actor: 'stripe',
        detail: 'acquirer_reference_number 24011',
        stripeId: 're_1',
      },
    ]);
  });

  it.each<[string, readonly Refund[], readonly Refund[], number]>([
    ['not while there is none', [], [waiting], 0],
    ['not when there will be none', [waiting], [refund({ reference: { status: 'unavailable' } })], 0],
    ['not again when the refund comes on', [found], [refund({ reference: ARN, status: 'failed' })], 0],
    ['when it is first seen with it', [], [found], 1],
    ['when it is another one', [found], [corrected], 1],
  ])('%s', (_, before, after, times) => {
    expect(newNotes(given(...before), given(...after), SILENT)).toHaveLength(times);
  });

  it('not again after the order was reopened, whose refunds are read anew', () => {
    expect(newNotes(given(), given(found), toldBefore(said))).toEqual([]);
    expect(newNotes(given(), given(corrected), toldBefore(said))).toHaveLength(1);
  });
});

describe('the timeline says why a review was closed', () => {
  const OPEN: Review = { id: 'prv_1', paymentIntent: 'pi_1', isOpen: true, openedReason: 'rule' };
  const approved: Review = { ...OPEN, isOpen: false, closedReason: 'approved' };
  const unreviewed = orderIn('succeeded');
  const reviewed = (review: Review): Order => ({ ...unreviewed, review });
  const said = newNotes(reviewed(OPEN), reviewed(approved), SILENT);

  it('in Stripe’s word', () => {
    expect(said).toMatchObject([{ name: 'review_closed', detail: 'approved', stripeId: 'prv_1' }]);
  });

  it.each<[string, Order, Order, number]>([
    ['not while it is open', unreviewed, reviewed(OPEN), 0],
    ['not where nobody knows', reviewed(OPEN), reviewed({ ...OPEN, isOpen: false }), 0],
    ['when it is first seen closed', unreviewed, reviewed(approved), 1],
    ['not again with other news', reviewed(approved), { ...reviewed(approved), createdAt: NOW }, 0],
  ])('%s', (_, before, after, times) => {
    expect(newNotes(before, after, SILENT)).toHaveLength(times);
  });

  it('not again after the order was reopened, whose review is read anew', () => {
    expect(newNotes(unreviewed, reviewed(approved), toldBefore(said))).toEqual([]);
  });
});
