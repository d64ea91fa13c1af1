import { describe, expect, it } from 'vitest';
import { effectOf, refusalOfCreation } from '../../../domain/orders/effects.ts';
import type { OrderCommandBody } from '../../../domain/orders/order-command-table.ts';
import { refusalOf } from '../../../domain/orders/refusals.ts';
import { transition } from '../../../domain/orders/transition.ts';
import { adjustment, envelope, NOW, orderIn, refund, stuck, transfer } from '../../support/builders.ts';

const MOVED = (
  [
    { type: 'refund_recorded', refund: refund({ operationId: 'cmd_refund' }) },
    { type: 'transfer_recorded', transfer: transfer({ operationId: 'cmd_transfer' }) },
    { type: 'adjustment_recorded', adjustment: adjustment({ operationId: 'cmd_reversal' }) },
  ] as const
).reduce(transition, orderIn('succeeded'));

const REFUND = {
  kind: 'refund',
  amount: 500,
  reverse_transfer: false,
  refund_application_fee: false,
} as const;
const REVERSAL = { kind: 'reverse_transfer', transfer: 'tr_special', amount: 50 } as const;
const TRANSFER = { kind: 'transfer', amount: 100, description: 'bonus' } as const;

describe('what a command already did', () => {
  it.each<[string, string, OrderCommandBody, 'done' | 'reused' | 'nothing']>([
    ['a refund that was made', 'cmd_refund', REFUND, 'done'],
    ['one of all that was left', 'cmd_refund', { ...REFUND, amount: undefined }, 'done'],
    ['one of another amount', 'cmd_refund', { ...REFUND, amount: 1 }, 'reused'],
    ['one that takes the share back', 'cmd_refund', { ...REFUND, reverse_transfer: true }, 'reused'],
    ['one that was not made', 'cmd_other', REFUND, 'nothing'],
    ['a transfer that was made', 'cmd_transfer', TRANSFER, 'done'],
    ['one of another amount', 'cmd_transfer', { ...TRANSFER, amount: 1 }, 'reused'],
    ['one to another account', 'cmd_transfer', { ...TRANSFER, destination: 'acct_other' }, 'reused'],
    ['one that was not made', 'cmd_other', TRANSFER, 'nothing'],
    ['a reversal that was made', 'cmd_reversal', REVERSAL, 'done'],
    ['one of all that was left', 'cmd_reversal', { ...REVERSAL, amount: undefined }, 'done'],
    ['one of another amount', 'cmd_reversal', { ...REVERSAL, amount: 1 }, 'reused'],
    ['one of another transfer', 'cmd_reversal', { ...REVERSAL, transfer: 'tr_other' }, 'reused'],
    ['one that was not made', 'cmd_other', REVERSAL, 'nothing'],
    ['a capture, which the payment itself shows', 'cmd_refund', { kind: 'capture', final: true }, 'nothing'],
  ])('%s', (_, commandId, body, expected) => {
    const effect = effectOf(MOVED, { ...envelope(commandId), ...body });
    const told = effect === null ? 'nothing' : effect.problem === null ? 'done' : 'reused';
    expect(told).toBe(expected);
  });
});

describe('what was made by hand for a command that was stuck', () => {
  const byHand = { status: 'pending', platform: null } as const;
  const marked = transition(orderIn('succeeded'), {
    type: 'refund_recorded',
    refund: refund({ ...byHand, operationId: 'cmd_stuck' }),
  });

  it('stays that command’s, though Stripe does not say so when it is read again', () => {
    const read = refund({ status: 'succeeded', operationId: null });
    const order = transition(marked, { type: 'refund_recorded', refund: read });
    expect(order.refunds).toMatchObject([{ status: 'succeeded', operationId: 'cmd_stuck' }]);
    expect(effectOf(order, { ...envelope('cmd_stuck'), ...REFUND })).toEqual({ problem: null });
  });

  it('stays so of a reversal', () => {
    const [before, after] = [adjustment({ operationId: 'cmd_stuck', platform: null }), adjustment()];
    const events = [before, { ...after, operationId: null }].map(
      (one) => ({ type: 'adjustment_recorded', adjustment: one }) as const,
    );
    const { adjustments } = events.reduce(transition, orderIn('succeeded'));
    expect(adjustments).toEqual([{ ...after, operationId: 'cmd_stuck' }]);
  });

  it('does not show what another one did', () => {
    const markDone = { kind: 'resolve', action: 'mark_done', stripe_id: 're_1', reason: 'by hand' } as const;
    const refusal = (operationId: string) =>
      refusalOf(stuck(marked, { operation: 'refund', operationId }), markDone, NOW);
    expect(refusal('cmd_other')).toMatchObject({ code: 'state_conflict', param: 'stripe_id' });
    expect(refusal('cmd_stuck')).toBeNull();
  });
});

describe('what an earlier request created', () => {
  const operation = { operationId: 'cmd_1', generation: 0, requestedAt: 0, requestHash: 'hash' };
  it.each<[string, Record<string, string>, string | undefined]>([
    ['answers the same request', { waybill_operation: 'cmd_1', waybill_request: 'hash' }, undefined],
    ['answers it under another key, too', { waybill_operation: 'cmd_2', waybill_request: 'hash' }, undefined],
    [
      'does not answer another request under its key',
      { waybill_operation: 'cmd_1', waybill_request: 'other' },
      'idempotency_key_reused',
    ],
    [
      'does not answer another request for its id',
      { waybill_operation: 'cmd_2', waybill_request: 'other' },
      'order_exists',
    ],
    ['answers nobody, if nobody knows who asked for it', {}, 'order_exists'],
  ])('%s', (_, metadata, code) => {
    expect(refusalOfCreation(operation, metadata, 'order')?.code).toBe(code);
  });
});
