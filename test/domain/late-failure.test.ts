import { describe, expect, it } from 'vitest';
import { withNotices } from '../../domain/notices.ts';
import { orderStatus } from '../../domain/order.ts';
import { transition } from '../../domain/transition.ts';
import { facts, NOW, orderIn, refund } from '../support/builders.ts';

const chargeFailure = { code: 'insufficient_funds', message: 'The bank took it back.' };
const seen = (changes: Parameters<typeof facts>[1]) =>
  transition(orderIn('succeeded'), {
    type: 'payment_observed',
    payment: facts('requires_payment_method', changes),
  });
const failed = seen({ latestCharge: 'ch_1', chargeFailure });

describe('a payment that the bank takes back after it was captured', () => {
  it('waits for another payment method, and the order keeps why', () => {
    expect(orderStatus(failed)).toBe('requires_payment_method');
    expect(failed.captureFailure).toEqual({ ...chargeFailure, charge: 'ch_1' });
  });

  it.each([
    ['an old answer, before the capture', { latestCharge: null, chargeFailure: null }],
    ['the same charge without a failure', { latestCharge: 'ch_1', chargeFailure: null }],
    ['an earlier try’s decline', { latestCharge: 'ch_0', chargeFailure }],
  ])('is not told from %s', (_, changes) => {
    const order = seen(changes);
    expect(order).toEqual(orderIn('succeeded'));
  });

  it('is a notice until it is paid again', () => {
    const noticed = withNotices(failed, NOW);
    expect(noticed.notices).toMatchObject([
      {
        code: 'charge_failed',
        subject: 'ch_1',
        message: expect.stringContaining('(insufficient_funds: The bank took it back.)'),
        allowedActions: ['acknowledge'],
      },
    ]);
    const paid = transition(noticed, {
      type: 'payment_observed',
      payment: facts('succeeded', { latestCharge: 'ch_2' }),
    });
    expect(withNotices(paid, NOW).notices).toEqual([]);
    expect(paid.captureFailure).toEqual({ ...chargeFailure, charge: 'ch_1' });
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
