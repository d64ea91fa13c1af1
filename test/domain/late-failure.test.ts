import { describe, expect, it } from 'vitest';
import { withEarlierFailure } from '../../domain/orders/failed-charges.ts';
import { fundsOf } from '../../domain/orders/funds.ts';
import { withNotices } from '../../domain/orders/notices.ts';
import type { Observation } from '../../domain/orders/observation.ts';
import { heldCharge, knownMovements } from '../../domain/orders/observation.ts';
import { eventsOf } from '../../domain/orders/observed-events.ts';
import type { Order } from '../../domain/orders/order.ts';
import { orderStatus } from '../../domain/orders/order.ts';
import { outstandingOf } from '../../domain/orders/outstanding.ts';
import type { PaymentFacts } from '../../domain/orders/payment.ts';
import { transition } from '../../domain/orders/transition.ts';
import { facts, NOW, orderIn, refund, SETTLEMENT } from '../support/builders.ts';
import { told } from '../support/payment-life.ts';

const chargeFailure = { code: 'insufficient_funds', message: 'The bank took it back.' };
/** The sale of 10.00 of which the bank took everything back: Stripe keeps its fee, the connected account its share. */
const TAKEN_BACK = { ...SETTLEMENT, platform: { usd: 64 - 1000 } };
const gone = { latestCharge: 'ch_1', chargeFailure, settlement: TAKEN_BACK };
const seen = (changes: Parameters<typeof facts>[1], before = orderIn('succeeded')) =>
  transition(before, {
    type: 'payment_observed',
    payment: facts('requires_payment_method', changes),
  });
const failed = seen(gone);

describe('a payment that the bank takes back after it was captured', () => {
  it('waits for another payment method, and the order keeps why', () => {
    expect(orderStatus(failed)).toBe('requires_payment_method');
    expect(failed.failedCharges).toEqual([
      {
        ...chargeFailure,
        charge: 'ch_1',
        wasCaptured: true,
        transfer: null,
        applicationFee: null,
        settlement: TAKEN_BACK,
      },
    ]);
  });

  it('reaches also an order that knew of its authorization only', () => {
    expect(orderStatus(seen(gone, orderIn('requires_capture')))).toBe('requires_payment_method');
  });

  it.each([
    ['an old answer, before the capture', { latestCharge: null, chargeFailure: null }],
    ['the same charge without a failure', { latestCharge: 'ch_1', chargeFailure: null }],
    ['an earlier try’s decline', { latestCharge: 'ch_0', chargeFailure }],
  ])('does not follow from %s', (_, changes) => {
    expect(seen(changes)).toEqual(orderIn('succeeded'));
  });

  it('leaves the platform without the money and the connected account with its share, to the cent', () => {
    expect(fundsOf(failed)).toMatchObject({
      gross: 0,
      stripeFee: 59,
      platform: { usd: 64 - 1000 },
      connected: { usd: 877 },
    });
    expect(outstandingOf(failed)).toEqual([]);
    const paid = transition(failed, {
      type: 'payment_observed',
      payment: facts('succeeded', { latestCharge: 'ch_2' }),
    });
    expect(fundsOf(paid)).toMatchObject({
      gross: 1000,
      stripeFee: 118,
      platform: { usd: 64 - 1000 + 64 },
      connected: { usd: 2 * 877 },
    });
  });

  it('is not counted twice where Stripe still calls the payment succeeded', () => {
    const still = transition(orderIn('succeeded'), {
      type: 'payment_observed',
      payment: facts('succeeded', gone),
    });
    expect(fundsOf(still)).toMatchObject({
      gross: 1000,
      platform: { usd: 64 - 1000 },
      connected: { usd: 877 },
    });
    expect(withNotices(still, NOW).notices).toMatchObject([{ code: 'charge_failed' }]);
  });

  it('has unknown funds until Stripe shows what it took back', () => {
    const early = seen({ ...gone, settlement: null });
    expect(fundsOf(early)).toMatchObject({ gross: 0, platform: null, connected: null });
    expect(outstandingOf(early)).toEqual(['ch_1']);
    expect(fundsOf(seen(gone, early))).toEqual(fundsOf(failed));
    expect(seen({ ...gone, settlement: null }, failed).failedCharges).toEqual(failed.failedCharges);
  });

  it('is a notice until somebody has seen to it, also when it is paid again', () => {
    const noticed = withNotices(failed, NOW);
    expect(noticed.notices).toMatchObject([
      {
        code: 'charge_failed',
        subject: 'ch_1',
        message: expect.stringMatching(
          /\(insufficient_funds: The bank took it back\.\).* received 8\.77 USD .*, or have the customer pay/s,
        ),
        allowedActions: ['acknowledge'],
      },
    ]);
    const paid = transition(noticed, {
      type: 'payment_observed',
      payment: facts('succeeded', { latestCharge: 'ch_2' }),
    });
    const [notice] = withNotices(paid, NOW).notices;
    expect(notice?.message).toContain('Reverse that transfer, then acknowledge.');
    expect(withNotices(seen({ ...gone, settlement: null }), NOW).notices[0]?.message).toContain('its share');
  });
});

describe('a debit that the bank takes back, after which the customer pays another way before anybody looks', () => {
  const first = {
    ...chargeFailure,
    charge: 'ch_1',
    wasCaptured: true,
    transfer: 'tr_1',
    applicationFee: null,
    settlement: TAKEN_BACK,
  };
  const paidBy = (latestCharge: string) => facts('succeeded', { latestCharge });
  const observation = (payment: PaymentFacts, failedCharges = [first]): Observation => ({
    ...told(payment),
    failedCharges,
  });
  const withNews = (order: Order, seen: Observation) => eventsOf(order, seen).reduce(transition, order);
  const declined = facts('requires_payment_method', { latestCharge: 'ch_2', chargeFailure });

  it.each(['succeeded', 'requires_capture', 'processing', 'requires_payment_method'] as const)(
    'is counted by an order that was %s, beside what paid it',
    (status) => {
      const paid = withNews(orderIn(status), observation(paidBy('ch_2')));
      expect(paid.payment).toMatchObject({ status: 'captured', latestCharge: 'ch_2' });
      expect(paid.failedCharges).toEqual([first]);
      expect(withNotices(paid, NOW).notices).toMatchObject([{ code: 'charge_failed', subject: 'ch_1' }]);
      expect(withNews(paid, observation(paidBy('ch_2')))).toEqual(paid);
    },
  );

  it('leaves the order unpaid where the other way is declined', () => {
    const unpaid = withNews(orderIn('succeeded'), observation(declined));
    expect(orderStatus(unpaid)).toBe('requires_payment_method');
    expect(unpaid.failedCharges).toEqual([first]);
    expect(fundsOf(unpaid)).toMatchObject({
      gross: 0,
      platform: { usd: 64 - 1000 },
      connected: { usd: 877 },
    });
  });

  it('is counted once, beside others, also when more of it is known later', () => {
    const second = { ...first, charge: 'ch_0', settlement: null };
    const both = withEarlierFailure(withEarlierFailure(orderIn('succeeded'), first), second);
    const settled = { ...second, settlement: TAKEN_BACK };
    expect(withEarlierFailure(both, settled).failedCharges).toEqual([first, settled]);
  });

  it('is followed by what is reversed of its transfer', () => {
    const paid = withNews(orderIn('succeeded'), observation(paidBy('ch_2')));
    expect(knownMovements(paid).transfers).toEqual([{ id: 'tr_1', isOtherAccount: false }]);
    expect(heldCharge(paid)).toBe('ch_2');
  });
});

describe('a debit whose success nobody saw before its bank took it back', () => {
  it('is a notice as well: the connected account has its share', () => {
    const unheard = seen({ ...gone, transfer: 'tr_1' }, orderIn('processing'));
    expect(unheard.failedCharges).toMatchObject([{ charge: 'ch_1', wasCaptured: true }]);
    expect(withNotices(unheard, NOW).notices).toMatchObject([{ code: 'charge_failed', subject: 'ch_1' }]);
  });
});

describe('a debit that fails before it succeeded', () => {
  it('leaves what its two balance transactions come to, and asks for nobody', () => {
    const nothing = { currency: 'usd', stripeFee: 0, platform: {}, connected: {} };
    const never = seen({ ...gone, settlement: nothing }, orderIn('processing'));
    expect(never.failedCharges).toMatchObject([{ wasCaptured: false, settlement: nothing }]);
    expect(withNotices(never, NOW).notices).toEqual([]);
    expect(fundsOf(never)).toMatchObject({ gross: 0, stripeFee: 0, platform: {}, connected: {} });
  });

  it('leaves nothing where nothing moved, as any decline', () => {
    expect(seen({ ...gone, settlement: null }, orderIn('processing')).failedCharges).toEqual([]);
  });
});

describe('a refund that does not reach the customer', () => {
  const afterRefund = (changes: Parameters<typeof refund>[0]) =>
    withNotices(
      transition(orderIn('succeeded'), {
        type: 'refund_recorded',
        refund: refund({ status: 'failed', platform: {}, ...changes }),
      }),
      NOW,
    );

  it('is a notice that says where the money is', () => {
    const [notice] = afterRefund({}).notices;
    expect(notice).toMatchObject({ code: 'refund_failed', subject: 're_1' });
    expect(notice?.message).toMatch(/^The refund of 5\.00 USD did not reach .* another way\.$/);
  });

  it('says too what stays reversed from the connected account', () => {
    const reversal = { id: 'trr_1', amount: 450, currency: 'usd' };
    expect(afterRefund({ reversal }).notices[0]?.message).toMatch(
      / 4\.50 USD stays reversed from the connected account; a repeat needs no reverse_transfer\.$/,
    );
  });
});
