import { describe, expect, it } from 'vitest';
import { brokenChargeStep, brokenPayoutStep } from '../../../domain/money/amount-steps.ts';
import { refusalOf } from '../../../domain/orders/refusals.ts';
import { NOW, orderIn } from '../../support/builders.ts';

describe('an amount', () => {
  it.each([
    ['kwd', 5125, 5120, 10],
    ['isk', 550, 500, 100],
    ['ugx', 99_999, 100_000, 100],
  ])('in %s of %d is not charged, and of %d is: it is a multiple of %d', (currency, uneven, even, step) => {
    const detail = `amount in ${currency.toUpperCase()} must be a multiple of ${step} minor units.`;
    expect(brokenChargeStep(uneven, currency)).toMatchObject({ code: 'money_rule', param: 'amount', detail });
    expect(brokenChargeStep(even, currency)).toBeNull();
  });

  it.each(['huf', 'twd', 'isk', 'ugx'])('in %s is paid out in whole units', (currency) => {
    expect(brokenPayoutStep(1045, currency)).toMatchObject({ code: 'money_rule', param: 'amount' });
    expect(brokenPayoutStep(1000, currency)).toBeNull();
  });

  it.each(['usd', 'jpy', 'huf', 'twd', 'xxx'])('in %s is charged to the last minor unit', (currency) => {
    expect(brokenChargeStep(1045, currency)).toBeNull();
  });

  it.each(['usd', 'jpy', 'kwd', 'xxx'])('in %s is paid out to the last minor unit', (currency) => {
    expect(brokenPayoutStep(1045, currency)).toBeNull();
  });
});

it('captures, increments and refunds of a three-decimal currency end in 0', () => {
  const inDinars = (order: ReturnType<typeof orderIn>) => ({
    ...order,
    terms: { ...order.terms, currency: 'kwd' },
  });
  const held = inDinars(orderIn('requires_capture'));
  const raisable = { ...held, payment: { ...held.payment, incrementable: true } } as typeof held;
  const paid = inDinars(orderIn('succeeded'));
  const flags = { reverse_transfer: false, refund_application_fee: false };
  for (const [amount, expected] of [
    [505, { code: 'money_rule', param: 'amount' }],
    [510, null],
  ] as const) {
    const refusals = [
      refusalOf(held, { kind: 'capture', amount, final: true }, NOW),
      refusalOf(raisable, { kind: 'increment', amount: 1000 + amount }, NOW),
      refusalOf(paid, { kind: 'refund', amount, ...flags }, NOW),
    ];
    for (const refusal of refusals) {
      if (expected === null) expect(refusal).toBeNull();
      else expect(refusal).toMatchObject(expected);
    }
  }
});
