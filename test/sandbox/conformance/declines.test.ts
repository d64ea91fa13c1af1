import { describe, expect, it } from 'vitest';
import { idOf, keyed, refusal, useSandbox } from './support.ts';

const sandbox = useSandbox();

interface Decline {
  readonly card: string;
  readonly code: string;
  readonly declineCode?: string;
  readonly message?: string;
  readonly param?: string;
}

const DECLINED = 'Your card was declined.';

const DECLINES: readonly Decline[] = [
  {
    card: 'pm_card_visa_chargeDeclined',
    code: 'card_declined',
    declineCode: 'generic_decline',
    message: DECLINED,
  },
  {
    card: 'pm_card_visa_chargeDeclinedInsufficientFunds',
    code: 'card_declined',
    declineCode: 'insufficient_funds',
    message: 'Your card has insufficient funds.',
  },
  {
    card: 'pm_card_visa_chargeDeclinedLostCard',
    code: 'card_declined',
    declineCode: 'lost_card',
    message: DECLINED,
  },
  {
    card: 'pm_card_visa_chargeDeclinedStolenCard',
    code: 'card_declined',
    declineCode: 'stolen_card',
    message: DECLINED,
  },
  {
    card: 'pm_card_chargeDeclinedExpiredCard',
    code: 'expired_card',
    message: 'Your card has expired.',
    param: 'exp_month',
  },
  {
    card: 'pm_card_chargeDeclinedIncorrectCvc',
    code: 'incorrect_cvc',
    declineCode: 'incorrect_cvc',
    message: "Your card's security code is incorrect.",
    param: 'cvc',
  },
  { card: 'pm_card_chargeDeclinedProcessingError', code: 'processing_error' },
];

describe('a declined card', () => {
  it.each(DECLINES)('answers 402 $code / $declineCode for $card', async (decline) => {
    const created = await sandbox.pay({
      amount: 100,
      currency: 'eur',
      payment_method: decline.card,
      capture_method: 'manual',
      confirm: false,
    });
    expect(created).toMatchObject({ status: 'requires_confirmation', latest_charge: null });
    const card = idOf(created.payment_method);

    const { status, headers, error } = await refusal(
      sandbox.stripe.paymentIntents.confirm(created.id, {}, keyed()),
    );

    const cause = {
      type: 'card_error',
      code: decline.code,
      ...(decline.declineCode !== undefined && { decline_code: decline.declineCode }),
      ...(decline.message !== undefined && { message: decline.message }),
      ...(decline.param !== undefined && { param: decline.param }),
      doc_url: expect.stringMatching(new RegExp(`/error-codes/${decline.code.replaceAll('_', '-')}$`)),
      charge: expect.stringMatching(/^ch_/),
      payment_method: { id: card, object: 'payment_method', type: 'card', customer: null },
    };
    expect(status).toBe(402);
    expect(error).toMatchObject({
      ...cause,
      payment_intent: {
        id: created.id,
        status: 'requires_payment_method',
        amount_capturable: 0,
        amount_received: 0,
        latest_charge: error.charge,
        payment_method: null,
        last_payment_error: cause,
      },
    });
    if (decline.param === undefined) expect(error).not.toHaveProperty('param');
    expect(headers['stripe-should-retry']).toBe('false');
    expect(headers['original-request']).toMatch(/^req_/);
  });

  it('leaves a failed charge and a payment that waits for another card', async () => {
    const created = await sandbox.pay({
      payment_method: 'pm_card_visa_chargeDeclinedInsufficientFunds',
      confirm: false,
    });
    const { error } = await refusal(sandbox.stripe.paymentIntents.confirm(created.id));
    const charge = await sandbox.stripe.charges.retrieve(String(error.charge));

    expect(charge).toMatchObject({
      status: 'failed',
      paid: false,
      captured: false,
      balance_transaction: null,
      failure_code: 'card_declined',
      failure_message: 'Your card has insufficient funds.',
      payment_intent: created.id,
      outcome: {
        type: 'issuer_declined',
        network_status: 'declined_by_network',
        reason: 'insufficient_funds',
      },
    });

    const paid = await sandbox.stripe.paymentIntents.confirm(created.id, { payment_method: 'pm_card_visa' });
    expect(paid).toMatchObject({ status: 'succeeded', amount_received: 1000, last_payment_error: null });
    expect(idOf(paid.latest_charge)).not.toBe(charge.id);
  });

  it('declines in the same way when the payment is created and confirmed in one request', async () => {
    const seller = await sandbox.account();
    const { status, error } = await refusal(
      sandbox.destinationCharge(seller, { payment_method: 'pm_card_visa_chargeDeclined' }),
    );

    expect(status).toBe(402);
    expect(error).toMatchObject({
      code: 'card_declined',
      decline_code: 'generic_decline',
      payment_intent: { status: 'requires_payment_method' },
    });
    expect(await sandbox.balanceOf(seller)).toBe(0);
  });

  it('that attaches to a customer may still fail to pay', async () => {
    const { id: customer } = await sandbox.stripe.customers.create();
    const card = await sandbox.stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer });
    expect(card).toMatchObject({ customer, card: { last4: '0341' } });

    const { status, error } = await refusal(sandbox.pay({ customer, payment_method: card.id }));
    expect(status).toBe(402);
    expect(error.code).toBe('card_declined');
  });
});

describe('a card that wants authentication', () => {
  const authenticated = { amount: 100, payment_method: 'pm_card_authenticationRequiredOnSetup' };

  it('is declined while its owner is away', async () => {
    const { status, headers, error } = await refusal(
      sandbox.pay({ ...authenticated, off_session: true, description: 'test description' }, keyed()),
    );

    const cause = {
      type: 'card_error',
      code: 'authentication_required',
      decline_code: 'authentication_required',
      message: 'Your card was declined. This transaction requires authentication.',
      charge: expect.stringMatching(/^ch_/),
      payment_method: { object: 'payment_method', type: 'card', card: { country: 'FR' } },
    };
    expect(status).toBe(402);
    expect(error).toMatchObject({
      ...cause,
      doc_url: expect.stringMatching(/authentication-required$/),
      payment_intent: {
        status: 'requires_payment_method',
        amount_received: 0,
        description: 'test description',
        latest_charge: error.charge,
        next_action: null,
        payment_method: null,
        last_payment_error: cause,
      },
    });
    expect(headers['stripe-should-retry']).toBe('false');
  });

  it('asks for an action while its owner is there, and nothing has been charged', async () => {
    const intent = await sandbox.pay({ ...authenticated, off_session: false });
    expect(intent).toMatchObject({
      status: 'requires_action',
      amount_received: 0,
      last_payment_error: null,
      latest_charge: null,
      next_action: { type: 'use_stripe_sdk' },
      payment_method: expect.stringMatching(/^pm_/),
    });
  });
});
