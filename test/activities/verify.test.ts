import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Activities } from '../../activities/index.ts';
import { wholeOutcome } from '../../contract/brief-outcomes.ts';
import type { AuthorizeOperation, RefundOperation, TransferOperation } from '../../contract/operations.ts';
import type { Sandbox } from '../../sandbox/index.ts';
import { SEEDED_ACCOUNTS } from '../../sandbox/index.ts';
import type { createStripeClient } from '../../stripe/client.ts';
import { NOW, terms } from '../support/builders.ts';
import { startSandboxActivities } from '../support/sandbox-activities.ts';

let sandbox: Sandbox;
let stripe: ReturnType<typeof createStripeClient>;
let activities: Activities;
let charge: string;

function authorization(operationId: string): AuthorizeOperation {
  const agreed = terms({
    connectedAccount: SEEDED_ACCOUNTS.usCustom,
    captureMethod: 'automatic',
    applicationFeeAmount: null,
    transferAmount: 500,
    source: { customer: null, method: { type: 'payment_method', id: 'pm_card_bypassPending' } },
  });
  const base = { orderId: agreed.id, operationId, generation: 0, requestedAt: NOW, requestHash: 'hash' };
  return { ...base, operation: 'authorize', terms: agreed };
}

function refundOf(operationId: string): RefundOperation {
  return {
    operation: 'refund',
    orderId: 'order-1',
    operationId,
    generation: 0,
    requestedAt: NOW,
    charge,
    amount: 100,
    reverseTransfer: false,
    refundApplicationFee: false,
    reason: null,
    applicationFeeRefundedBefore: 0,
    feeRefundsBefore: [],
  };
}

function transferOf(operationId: string): TransferOperation {
  return {
    operation: 'transfer',
    requestHash: 'hash',
    orderId: 'order-1',
    operationId,
    generation: 0,
    requestedAt: NOW,
    charge,
    amount: 10,
    currency: 'usd',
    destination: SEEDED_ACCOUNTS.usCustom,
    description: null,
  };
}

beforeAll(async () => {
  ({ sandbox, stripe, activities } = await startSandboxActivities());
  const outcome = wholeOutcome(await activities.authorize(authorization('first')));
  if (outcome.type !== 'payment' || !outcome.payment.latestCharge) throw new Error('no charge to start from');
  charge = outcome.payment.latestCharge;
});
afterAll(() => sandbox.close());

const taken = (id: string, whose: string) => ({
  type: 'not_claimed',
  why: `${id} is ${whose} already: each operation has an effect of its own.`,
});

it('takes the effect that the operation itself left behind', async () => {
  const made = await activities.refund(refundOf('refund-a'));
  if (made.type !== 'refund') throw new Error(made.type);
  expect(await activities.verifyEffect(refundOf('refund-a'), made.refund.id)).toMatchObject({
    type: 'refund',
    refund: { id: made.refund.id, operationId: 'refund-a' },
  });
});

it('takes what somebody made by hand in the dashboard, if it is the same', async () => {
  const byHand = await stripe.refunds.create({ charge, amount: 100 });
  expect(await activities.verifyEffect(refundOf('refund-b'), byHand.id)).toMatchObject({
    refund: { id: byHand.id, operationId: 'refund-b' },
  });
  const other = await stripe.refunds.create({ charge, amount: 99 });
  expect(await activities.verifyEffect(refundOf('refund-of-99'), other.id)).toBeNull();
});

it('never takes what another operation made, though it looks the same', async () => {
  const refunded = await activities.refund(refundOf('refund-c'));
  const moved = await activities.transfer(transferOf('transfer-c'));
  const paid = wholeOutcome(await activities.authorize(authorization('second')));
  if (refunded.type !== 'refund' || moved.type !== 'transfer' || paid.type !== 'payment') {
    throw new Error('the sandbox refused');
  }
  expect(await activities.verifyEffect(refundOf('refund-d'), refunded.refund.id)).toEqual(
    taken(refunded.refund.id, 'the effect of refund-c of order-1'),
  );
  expect(await activities.verifyEffect(transferOf('transfer-d'), moved.transfer.id)).toEqual(
    taken(moved.transfer.id, 'the effect of transfer-c of order-1'),
  );
  const { paymentIntent } = paid.payment;
  expect(await activities.verifyEffect(authorization('third'), paymentIntent)).toEqual(
    taken(paymentIntent, 'the effect of second of order-1'),
  );
  expect(await activities.verifyEffect(authorization('second'), paid.payment.paymentIntent)).not.toBeNull();
  expect(await activities.verifyEffect(transferOf('transfer-c'), moved.transfer.id)).not.toBeNull();
});

it.each(['re_unknown', 'pi_1', 'nonsense', '../accounts', '..', ' '])(
  'finds nothing behind %j',
  async (id) => {
    expect(await activities.verifyEffect(refundOf('refund-e'), id)).toBeNull();
    expect(await activities.verifyEffect(authorization('fourth'), id)).toBeNull();
  },
);

it('takes a refund of the rest only once nothing is left', async () => {
  const rest = { ...refundOf('refund-f'), amount: null };
  const part = await stripe.refunds.create({ charge, amount: 1 });
  expect(await activities.verifyEffect(rest, part.id)).toBeNull();
  const last = await stripe.refunds.create({ charge });
  expect(await activities.verifyEffect(rest, last.id)).toMatchObject({ refund: { id: last.id } });
});

it('takes its own effect, where an operator names what somebody made by hand as well', async () => {
  const paid = wholeOutcome(await activities.authorize(authorization('by-hand')));
  const own = paid.type === 'payment' ? paid.payment.latestCharge : null;
  if (own === null) throw new Error('no charge to start from');
  const [refund, transfer] = [
    { ...refundOf('refund-e'), charge: own },
    { ...transferOf('transfer-e'), charge: own },
  ];
  const [refunded, moved] = [await activities.refund(refund), await activities.transfer(transfer)];
  if (refunded.type !== 'refund' || moved.type !== 'transfer') throw new Error('the sandbox refused');

  const { id: refundByHand } = await stripe.refunds.create({ charge: own, amount: 100 });
  expect(await activities.verifyEffect(refund, refundByHand)).toMatchObject({
    refund: { id: refunded.refund.id },
  });
  const again = { amount: 10, currency: 'usd', destination: SEEDED_ACCOUNTS.usCustom };
  const { id: transferByHand } = await stripe.transfers.create({ ...again, source_transaction: own });
  expect(await activities.verifyEffect(transfer, transferByHand)).toMatchObject({
    transfer: { id: moved.transfer.id },
  });
});
