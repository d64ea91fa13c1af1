import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RESOLVE_ACTIONS } from '../../../domain/attention/attention.ts';
import { approvalOf } from '../../../domain/commands/approval.ts';
import type { ProblemCode } from '../../../domain/errors.ts';
import { withNotices } from '../../../domain/orders/notices.ts';
import type { Order } from '../../../domain/orders/order.ts';
import type { OrderCommand, OrderCommandBody } from '../../../domain/orders/order-command-table.ts';
import { refusalOf as refusalAt } from '../../../domain/orders/refusals.ts';
import { transition } from '../../../domain/orders/transition.ts';
import { anyOrder } from '../../support/arbitraries.ts';
import {
  adjustment,
  envelope,
  facts,
  NOW,
  orderIn,
  refund,
  SETTLEMENT,
  stuck,
  transfer,
} from '../../support/builders.ts';

const refusalOf = (order: Order, command: OrderCommandBody) => refusalAt(order, command, NOW);

const confirm: OrderCommandBody = { kind: 'confirm', payment_method: 'pm_card' };
const capture = { kind: 'capture', final: true } as const;
const cancel: OrderCommandBody = { kind: 'cancel' };
const giveBack = {
  kind: 'refund',
  reverse_transfer: false,
  refund_application_fee: false,
} as const;
const pay = { kind: 'transfer', amount: 100, description: 'bonus' } as const;
const resolve = { kind: 'resolve', action: 'retry', reason: 'looked at it' } as const;
const EVERY = { confirm, capture, cancel, refund: giveBack, transfer: pay, resolve };

const wellRefunded = transition(orderIn('succeeded'), {
  type: 'refund_recorded',
  refund: refund({ amount: 1000 }),
});
const partlyRefunded = transition(orderIn('succeeded'), {
  type: 'refund_recorded',
  refund: refund({ amount: 400 }),
});

describe('a customer back from 3-D Secure may be confirmed, whatever the order has read before', () => {
  const back: OrderCommandBody = { kind: 'confirm' };
  const declinedFor = (code: string) =>
    transition(orderIn('requires_action'), {
      type: 'payment_declined',
      decline: { code, declineCode: null, message: 'No.', param: null, at: 0 },
      payment: facts('requires_payment_method'),
    });
  it.each<[string, Order, string | null]>([
    ['still waiting', orderIn('requires_action'), null],
    ['on its way', orderIn('processing'), null],
    ['authorized', orderIn('requires_capture'), null],
    ['captured', orderIn('succeeded'), null],
    ['not authenticated', declinedFor('payment_intent_authentication_failure'), null],
    ['declined otherwise', declinedFor('card_declined'), 'invalid_request'],
    ['not paid yet', orderIn('requires_payment_method'), 'invalid_request'],
    ['canceled', orderIn('canceled'), 'state_conflict'],
    ['not there yet', orderIn('pending'), 'state_conflict'],
  ])('%s', (_, order, refusal) => {
    expect(refusalOf(order, back)?.code ?? null).toBe(refusal);
  });

  it('but not with another card, once it is paid', () => {
    expect(refusalOf(orderIn('requires_capture'), confirm)?.code).toBe('state_conflict');
  });
});

describe('which command an order takes, by its state', () => {
  it.each<[string, Order, readonly (keyof typeof EVERY)[]]>([
    ['pending', orderIn('pending'), []],
    ['requires_payment_method', orderIn('requires_payment_method'), ['confirm', 'cancel']],
    ['requires_action', orderIn('requires_action'), ['confirm', 'cancel']],
    ['processing', orderIn('processing'), []],
    ['authorized', orderIn('requires_capture'), ['capture', 'cancel']],
    ['captured', orderIn('succeeded'), ['refund', 'transfer']],
    ['captured, not settled', orderIn('succeeded', { settlement: null }), ['refund']],
    ['captured, partly refunded', partlyRefunded, ['refund', 'transfer']],
    ['refunded', wellRefunded, ['transfer']],
    ['canceled', orderIn('canceled'), []],
    ['expired', orderIn('canceled', { cancellationReason: 'automatic' }), []],
  ])('%s', (_, order, allowed) => {
    for (const [kind, command] of Object.entries(EVERY)) {
      const isAllowed = (allowed as readonly string[]).includes(kind);
      expect([kind, refusalOf(order, command)?.code ?? null]).toEqual([
        kind,
        isAllowed ? null : 'state_conflict',
      ]);
      const whenStuck = kind === 'resolve' ? null : 'needs_attention';
      expect([kind, refusalOf(stuck(order), command)?.code ?? null]).toEqual([kind, whenStuck]);
    }
  });
});

describe('an approval while an operation is stuck', () => {
  const policy = { above: {}, withinMs: 1 };
  const waiting = (id: string, command: OrderCommandBody) =>
    approvalOf(
      { ...command, ...envelope(id) } as OrderCommand,
      { what: command.kind, amount: 1, currency: 'usd', total: 1 },
      policy,
      NOW,
    );
  const markDone = { kind: 'resolve', action: 'mark_done', stripe_id: 're_1', reason: 'seen' } as const;
  const asked = (approvals: Order['approvals'], isStuck = true): Order => {
    const order = { ...orderIn('succeeded'), approvals };
    return withNotices(isStuck ? stuck(order) : order, NOW);
  };
  const decide = (action: 'approve' | 'decline', stripe_id?: string) =>
    ({ kind: 'resolve', action, stripe_id, reason: 'looked at it' }) as const;
  const refund1 = waiting('refund-1', giveBack);
  const markDone1 = waiting('mark-1', markDone);

  it.each<[string, Order, OrderCommandBody, ProblemCode | null]>([
    ['of what would be refused now is not used up', asked([refund1]), decide('approve'), 'needs_attention'],
    ['the same by its id', asked([refund1, markDone1]), decide('approve', 'refund_2d1'), 'needs_attention'],
    ['of a decision about what is stuck is taken', asked([markDone1]), decide('approve'), null],
    ['also beside another that waits', asked([refund1, markDone1]), decide('approve', 'mark_2d1'), null],
    ['can be declined', asked([refund1]), decide('decline'), null],
    ['is taken once nothing is stuck', asked([refund1], false), decide('approve'), null],
  ])('%s', (_, order, command, code) => {
    expect(refusalOf(order, command)?.code ?? null).toBe(code);
  });
});

describe('what is wrong with a command', () => {
  const takenBack = { ...orderIn('succeeded'), transfers: [transfer()], adjustments: [adjustment()] };
  const reverse = { kind: 'reverse_transfer', transfer: 'tr_special' } as const;
  const authorized = orderIn('requires_capture');
  const captured = orderIn('succeeded');
  const inYen = orderIn('succeeded', { settlement: { ...SETTLEMENT, currency: 'jpy' } });
  const retryOnly = stuck(authorized, { allowedActions: ['retry'] });

  it.each<[string, Order, OrderCommandBody, ProblemCode | null, string | undefined, RegExp]>([
    ['capturing all of it', authorized, { ...capture, amount: 1000 }, null, undefined, /^$/],
    ['capturing too much', authorized, { ...capture, amount: 1001 }, 'money_rule', 'amount', /10\.00 USD/],
    ['refunding what is left', partlyRefunded, { ...giveBack, amount: 600 }, null, undefined, /^$/],
    ['refunding too much', partlyRefunded, { ...giveBack, amount: 601 }, 'money_rule', 'amount', /6\.00 USD/],
    ['refunding twice', wellRefunded, { ...giveBack, amount: 1 }, 'state_conflict', undefined, /in full/],
    [
      'refunding the fee without the transfer',
      captured,
      { ...giveBack, refund_application_fee: true },
      'money_rule',
      'refund_application_fee',
      /reverse_transfer/,
    ],
    [
      'refunding the fee with the transfer',
      captured,
      { ...giveBack, refund_application_fee: true, reverse_transfer: true },
      null,
      undefined,
      /^$/,
    ],
    ['transferring all of it', captured, { ...pay, amount: 1000 }, null, undefined, /^$/],
    ['transferring too much', captured, { ...pay, amount: 1001 }, 'money_rule', 'amount', /10\.00 USD/],
    ['reversing what is left of a transfer', takenBack, { ...reverse, amount: 50 }, null, undefined, /^$/],
    ['reversing all that is left of it', takenBack, reverse, null, undefined, /^$/],
    ['reversing too much', takenBack, { ...reverse, amount: 51 }, 'money_rule', 'amount', /0\.50 USD/],
    [
      "reversing what is not one of the order's",
      takenBack,
      { ...reverse, transfer: 'tr_1' },
      'not_found',
      'transfer',
      /tr_1/,
    ],
    [
      'transferring in another currency: only Stripe knows',
      inYen,
      { ...pay, amount: 5000 },
      null,
      undefined,
      /^$/,
    ],
    [
      'confirming without a method',
      orderIn('requires_payment_method'),
      { kind: 'confirm' },
      'invalid_request',
      'payment_method',
      /another payment method/,
    ],
    ['confirming after 3-D Secure', orderIn('requires_action'), { kind: 'confirm' }, null, undefined, /^$/],
    [
      'a command while stuck',
      stuck(authorized),
      capture,
      'needs_attention',
      undefined,
      /retry, retry_with_new_key/,
    ],
    ['resolving nothing', authorized, resolve, 'state_conflict', undefined, /Nothing/],
    [
      'resolving by what is not allowed',
      retryOnly,
      { ...resolve, action: 'abandon' },
      'state_conflict',
      'action',
      /abandon is not allowed here\. Allowed actions: retry\./,
    ],
    [
      'marking done without a proof',
      stuck(authorized),
      { ...resolve, action: 'mark_done' },
      'invalid_request',
      'stripe_id',
      /id of the Stripe object/,
    ],
    [
      'marking done with one',
      stuck(authorized),
      { ...resolve, action: 'mark_done', stripe_id: 'pi_1' },
      null,
      undefined,
      /^$/,
    ],
  ])('%s', (_, order, command, code, param, detail) => {
    const refusal = refusalOf(order, command);
    expect({ code: refusal?.code ?? null, param: refusal?.param }).toEqual({ code, param });
    expect(refusal?.detail ?? '').toMatch(detail);
  });

  it('is said in a sentence that names the state', () => {
    expect(refusalOf(wellRefunded, cancel)?.detail).toBe(
      'An order that is refunded cannot be canceled; it must be requires_payment_method, requires_action or authorized.',
    );
  });
});

describe('refusalOf', () => {
  const amount = fc.option(fc.integer({ min: 1, max: 2000 }), { nil: undefined });
  const anyCommand: fc.Arbitrary<OrderCommandBody> = fc.oneof(
    fc.record({
      kind: fc.constant('confirm' as const),
      payment_method: fc.constantFrom(undefined, 'pm_card'),
      token: fc.constantFrom(undefined, 'tok_visa'),
    }),
    fc.record({ kind: fc.constant('capture' as const), amount, final: fc.boolean() }),
    fc.record({ kind: fc.constant('increment' as const), amount: fc.integer({ min: 1, max: 2000 }) }),
    fc.record({
      kind: fc.constant('submit_evidence' as const),
      dispute: fc.constant(undefined),
      fields: fc.constant(['receipt']),
      submit: fc.boolean(),
    }),
    fc.constant({ kind: 'accept_dispute' as const, dispute: undefined }),
    fc.record({
      kind: fc.constant('cancel' as const),
      reason: fc.constantFrom(undefined, 'duplicate' as const, 'abandoned' as const),
    }),
    fc.record({
      kind: fc.constant('refund' as const),
      amount,
      reverse_transfer: fc.boolean(),
      refund_application_fee: fc.boolean(),
      reason: fc.constantFrom(undefined, 'fraudulent' as const),
    }),
    fc.record({
      kind: fc.constant('transfer' as const),
      amount: fc.integer({ min: 1, max: 2000 }),
      destination: fc.constantFrom(undefined, 'acct_other'),
      description: fc.constant('bonus'),
    }),
    fc.record({
      kind: fc.constant('reverse_transfer' as const),
      transfer: fc.constantFrom('tr_other', 'tr_100'),
      amount,
      reason: fc.constant(undefined),
    }),
    fc.record({
      kind: fc.constant('resolve' as const),
      action: fc.constantFrom(...RESOLVE_ACTIONS),
      stripe_id: fc.constantFrom(undefined, 'pi_1'),
      reason: fc.string(),
    }),
  );

  it('never throws: every command has an answer in every state, and a refusal has a sentence', () => {
    fc.assert(
      fc.property(anyOrder, anyCommand, (order, command) => {
        const refusal = refusalOf(order, command);
        if (refusal) expect(refusal.detail.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it('never lets through a refund of more than is left, nor a capture of more than is held', () => {
    fc.assert(
      fc.property(anyOrder, fc.integer({ min: 1, max: 5000 }), (order, much) => {
        const { payment } = order;
        const held = payment.status === 'authorized' ? payment.amountCapturable : 0;
        const captured = payment.status === 'captured' ? payment.amountCaptured : 0;
        const left = captured - order.refunds.reduce((sum, known) => sum + known.amount, 0);
        if (refusalOf(order, { ...capture, amount: much }) === null) {
          expect(much).toBeLessThanOrEqual(held);
        }
        if (refusalOf(order, { ...giveBack, amount: much }) === null) {
          expect(much).toBeLessThanOrEqual(left);
        }
        if (refusalOf(order, giveBack) === null) expect(left).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a change of metadata', () => {
  const update = { kind: 'update', metadata: { cart: '4711' } } as const;
  const full = Object.fromEntries(Array.from({ length: 47 }, (_, n) => [`key${n}`, 'x']));
  const withMetadata = (order: Order, metadata: Record<string, string>): Order => ({
    ...order,
    terms: { ...order.terms, metadata },
  });

  it.each(['requires_capture', 'succeeded'] as const)('is taken where the payment is %s', (status) => {
    expect(refusalOf(orderIn(status), update)).toBeNull();
  });

  it('is refused once the order is canceled', () => {
    expect(refusalOf(orderIn('canceled'), update)).toMatchObject({ code: 'state_conflict' });
  });

  it('is refused where it would leave more keys than Stripe takes', () => {
    expect(refusalOf(withMetadata(orderIn('succeeded'), full), update)).toMatchObject({
      code: 'invalid_request',
      param: 'metadata',
    });
  });
});

describe('an order with as many refunds, transfers and reversals as it can carry', () => {
  const MOVEMENTS_MAX = 2_000;
  const paid = transition(orderIn('succeeded'), { type: 'transfer_recorded', transfer: transfer() });
  const carrying = (count: number): Order => ({
    ...paid,
    refunds: Array.from({ length: count - 1 }, (_, n) => refund({ id: `re_${n}`, amount: 0 })),
  });
  const full = carrying(MOVEMENTS_MAX);
  const reverse = { kind: 'reverse_transfer', transfer: transfer().id } as const;

  it.each<[string, OrderCommandBody, RegExp]>([
    ['refund of a part', { ...giveBack, amount: 1 }, /only all that is left can still be refunded/],
    ['transfer', pay, /no more can be made/],
    ['reversal of a part', { ...reverse, amount: 1 }, /only all that is left can still be reversed/],
  ])('takes no further %s', (_, command, why) => {
    expect(refusalOf(full, command)).toMatchObject({
      code: 'state_conflict',
      detail: expect.stringMatching(why),
    });
    expect(refusalOf(carrying(MOVEMENTS_MAX - 1), command)).toBeNull();
  });

  it.each<[string, OrderCommandBody]>([
    ['refunds', giveBack],
    ['reverses', reverse],
    ['refunds, also by the amount to which an approval holds it,', { ...giveBack, amount: 1000 }],
    ['reverses, also by its amount,', { ...reverse, amount: 100 }],
  ])('still %s all that is left', (_, command) => expect(refusalOf(full, command)).toBeNull());
});
