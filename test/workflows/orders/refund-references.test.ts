import { describe, expect, it } from 'vitest';
import type { Refund } from '../../../domain/orders/order.ts';
import { newReferences } from '../../../workflows/orders/refund-references.ts';
import { NOW, refund } from '../../support/builders.ts';

const ARN = { status: 'available', value: '24011', type: 'acquirer_reference_number' };
const waiting = refund({ reference: { status: 'pending' } });
const found = refund({ reference: ARN });
const corrected = refund({ reference: { ...ARN, value: '24012' } });
const said = newReferences([waiting], [found], { entries: [] });

describe('the timeline says by which number a bank finds a refund', () => {
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
    expect(newReferences(before, after, { entries: [] })).toHaveLength(times);
  });

  it('not again after the order was reopened, whose refunds are read anew', () => {
    const entries = said.map((entry) => ({ ...entry, at: NOW, stripeRequestId: null }));
    expect(newReferences([], [found], { entries })).toEqual([]);
    expect(newReferences([], [corrected], { entries })).toHaveLength(1);
  });
});
