import { describe, expect, it } from 'vitest';
import type { Dispute } from '../../../domain/orders/dispute.ts';
import { isRefusedForDispute } from '../../../domain/orders/dispute-refusals.ts';
import type { Order } from '../../../domain/orders/order.ts';
import type { OrderCommandBody } from '../../../domain/orders/order-command-table.ts';
import { refusalOf } from '../../../domain/orders/refusals.ts';
import { transition } from '../../../domain/orders/transition.ts';
import { dispute, inquiry, NOW, orderIn, wonDispute } from '../../support/builders.ts';

const giveBack: OrderCommandBody = {
  kind: 'refund',
  reverse_transfer: false,
  refund_application_fee: false,
};
const submit = { kind: 'submit_evidence', fields: ['receipt'], submit: true } as const;
const accept = { kind: 'accept_dispute' } as const;

const disputed = (...disputes: readonly Dispute[]): Order =>
  disputes.reduce(
    (order, told) => transition(order, { type: 'dispute_observed', dispute: told }),
    orderIn('succeeded'),
  );
const detailOf = (order: Order, command: OrderCommandBody): string | null => {
  const refusal = refusalOf(order, command, NOW);
  if (refusal) expect(refusal.code).toBe('state_conflict');
  return refusal?.detail ?? null;
};

describe('a refund of a disputed payment', () => {
  it.each<[string, Order, string | null]>([
    ['is taken while the bank only asks', disputed(inquiry()), null],
    ['is taken when the dispute is won', disputed(wonDispute()), null],
    [
      'is refused while the bank decides',
      disputed(dispute()),
      'This payment is disputed (dp_1, needs_response) and cannot be refunded; the bank decides who gets the money. Accept the dispute to return it.',
    ],
    [
      'is refused when the customer has the money already',
      disputed(dispute({ status: 'lost' })),
      'This payment is disputed (dp_1, lost) and cannot be refunded; the customer already has the money back.',
    ],
    [
      'is refused for any one of several disputes',
      disputed(dispute(), wonDispute({ id: 'dp_2' })),
      'This payment is disputed (dp_1, needs_response) and cannot be refunded; the bank decides who gets the money. Accept the dispute to return it.',
    ],
  ])('%s', (_, order, detail) => {
    expect(detailOf(order, giveBack)).toBe(detail);
  });

  it('is refused under the code that Stripe would have given', () => {
    expect(refusalOf(disputed(dispute()), giveBack, NOW)).toMatchObject({ stripeCode: 'charge_disputed' });
  });
});

describe('evidence', () => {
  it.each<[string, Order, string | null]>([
    ['is taken until it is due, the last moment included', disputed(dispute({ evidenceDueBy: NOW })), null],
    ['is taken by an inquiry', disputed(inquiry()), null],
    ['is taken by an appeal', disputed(dispute({ status: 'appeal_needs_response' })), null],
    [
      'comes too late after that',
      disputed(dispute({ evidenceDueBy: NOW - 1 })),
      'The deadline for evidence in dp_1 has passed.',
    ],
    [
      'is not taken where the bank wants none',
      disputed(dispute({ evidenceDueBy: null })),
      "The customer's bank accepts no evidence in the dispute dp_1.",
    ],
    [
      'is not taken while the bank reads it',
      disputed(dispute({ status: 'under_review' })),
      'The dispute dp_1 is under_review and accepts no evidence.',
    ],
    ['needs a dispute', orderIn('succeeded'), 'This payment is not disputed.'],
  ])('%s', (_, order, detail) => {
    expect(detailOf(order, submit)).toBe(detail);
  });
});

describe('a dispute', () => {
  it.each<[string, Order, string | null]>([
    ['may be accepted instead of answered', disputed(dispute()), null],
    ['may be accepted when it is too late to answer', disputed(dispute({ evidenceDueBy: NOW - 1 })), null],
    [
      'is not there to accept while the bank only asks',
      disputed(inquiry()),
      'dp_1 is an inquiry: there is nothing to accept. Answer it, or refund the payment.',
    ],
    [
      'is not accepted once evidence went to the bank',
      disputed(dispute({ status: 'under_review' })),
      'The dispute dp_1 is under_review and cannot be accepted.',
    ],
    ['has to be there', orderIn('succeeded'), 'This payment is not disputed.'],
  ])('%s', (_, order, detail) => {
    expect(detailOf(order, accept)).toBe(detail);
  });
});

describe('of several disputes', () => {
  const several = disputed(
    dispute({ amount: 400 }),
    inquiry({ id: 'dp_2', amount: 300 }),
    wonDispute({ id: 'dp_3' }),
  );
  const refusalsOf = (named?: string) =>
    [submit, accept].map((answer) => refusalOf(several, { ...answer, dispute: named }, NOW));

  it('one that is open is named where there are several', () => {
    const unclear = {
      code: 'invalid_request',
      param: 'dispute',
      detail: 'Several disputes are open; name one of dp_1, dp_2.',
    };
    expect(refusalsOf()).toMatchObject([unclear, unclear]);
    expect(refusalsOf('dp_1')).toEqual([null, null]);
    expect(refusalsOf('dp_2')).toMatchObject([null, { code: 'state_conflict' }]);
  });

  it('one of another payment is refused', () => {
    const [first] = refusalsOf('dp_9');
    expect(first).toMatchObject({
      code: 'invalid_request',
      detail: 'This payment has no dispute dp_9; name one of dp_1, dp_2, dp_3.',
    });
  });
});

describe('a submission of nothing', () => {
  const empty = { ...submit, fields: [] };

  it('is refused, since it can be done only once', () => {
    expect(refusalOf(disputed(dispute()), empty, NOW)).toMatchObject({
      code: 'invalid_request',
      param: 'evidence',
    });
  });

  it.each([
    ['evidence was staged before', disputed(dispute({ hasEvidence: true })), empty],
    ['some is staged with it', disputed(dispute()), submit],
    ['nothing is submitted yet', disputed(dispute()), { ...empty, submit: false }],
  ])('is none where %s', (_, order, command) => {
    expect(refusalOf(order, command, NOW)).toBeNull();
  });
});

it.each([
  ['charge_disputed', true],
  ['refund_disputed_payment', true],
  ['charge_already_refunded', false],
])('%s of Stripe says of a refund that its payment is disputed: %s', (stripeCode, isRefused) => {
  expect(isRefusedForDispute({ stripeCode })).toBe(isRefused);
});
