import { describe, expect, it } from 'vitest';
import { idOf, refusal, useSandbox } from './support.ts';

const sandbox = useSandbox();

const cardParams = (number: string) => ({
  type: 'card',
  'card[number]': number,
  'card[exp_month]': '12',
  'card[exp_year]': '2034',
  'card[cvc]': '123',
});

describe('a payment method made from a card number', () => {
  it.each([
    { number: '4242 4242 4242 4242', country: 'US', last4: '4242' },
    { number: '4242424242424242', country: 'US', last4: '4242' },
    { number: '4000 0025 0000 3155', country: 'FR', last4: '3155' },
    { number: '4000 0000 0000 0077', country: 'US', last4: '0077' },
    { number: '4000 0000 0000 0259', country: 'US', last4: '0259' },
  ])(
    '$number knows its country, belongs to nobody and can be read back',
    async ({ number, country, last4 }) => {
      const created = await sandbox.call('POST', '/v1/payment_methods', cardParams(number));

      expect(created.status).toBe(200);
      expect(created.body).toMatchObject({
        object: 'payment_method',
        id: expect.stringMatching(/^pm_/),
        type: 'card',
        card: { country, last4 },
        customer: null,
        livemode: false,
      });
      const read = await sandbox.call('GET', `/v1/payment_methods/${created.body.id}`);
      expect(read.body).toEqual(created.body);
    },
  );
});

describe('a customer', () => {
  it('created with a payment method owns it, and can be charged with it while away', async () => {
    const card = await sandbox.call('POST', '/v1/payment_methods', cardParams('4242 4242 4242 4242'));
    const customer = await sandbox.stripe.customers.create({ payment_method: card.body.id });
    expect(customer).toMatchObject({
      object: 'customer',
      id: expect.stringMatching(/^cus_/),
      currency: null,
    });

    const attached = await sandbox.stripe.paymentMethods.retrieve(card.body.id);
    expect(attached.customer).toBe(customer.id);
    const intent = await sandbox.pay({
      customer: customer.id,
      payment_method: attached.id,
      off_session: true,
      transfer_group: '10',
    });
    expect(intent).toMatchObject({
      status: 'succeeded',
      customer: customer.id,
      payment_method: attached.id,
      transfer_data: null,
      transfer_group: '10',
    });
    expect(await sandbox.charge(intent)).toMatchObject({
      customer: customer.id,
      destination: null,
      transfer_data: null,
      transfer_group: '10',
    });
  });

  it('expanded in a charge is the customer who paid', async () => {
    const customer = await sandbox.stripe.customers.create();
    const card = await sandbox.stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
    const intent = await sandbox.pay({ customer: customer.id, payment_method: card.id });
    const charge = await sandbox.stripe.charges.retrieve(idOf(intent.latest_charge), {
      expand: ['customer'],
    });
    expect(charge.customer).toMatchObject({ object: 'customer', id: customer.id });
  });

  it('gets a payment method of its own each time a test card is attached', async () => {
    const { id: customer } = await sandbox.stripe.customers.create();
    const first = await sandbox.stripe.paymentMethods.attach('pm_card_visa', { customer });
    const second = await sandbox.stripe.paymentMethods.attach('pm_card_visa', { customer });

    expect(first).toMatchObject({ customer, type: 'card', card: { country: 'US' } });
    expect(first.id).toMatch(/^pm_(?!card)/);
    expect(second.id).not.toBe(first.id);
    const updated = await sandbox.stripe.customers.update(customer, {
      invoice_settings: { default_payment_method: first.id },
    });
    expect(updated.invoice_settings.default_payment_method).toBe(first.id);
  });

  it('of a connected account is unknown to the platform', async () => {
    const seller = await sandbox.account();
    const theirs = await sandbox.stripe.customers.create({}, { stripeAccount: seller });
    const { status, error } = await refusal(sandbox.pay({ customer: theirs.id }));
    expect(status).toBe(400);
    expect(error).toMatchObject({ code: 'resource_missing', param: 'customer' });
  });

  it('can’t be charged with another customer’s card', async () => {
    const owner = await sandbox.stripe.customers.create();
    const other = await sandbox.stripe.customers.create();
    const card = await sandbox.stripe.paymentMethods.attach('pm_card_visa', { customer: owner.id });
    const { status, error } = await refusal(sandbox.pay({ customer: other.id, payment_method: card.id }));
    expect(status).toBe(400);
    expect(error.type).toBe('invalid_request_error');
  });
});

describe('a connected account’s card', () => {
  it('can’t pay on the platform', async () => {
    const seller = await sandbox.account();
    const theirs = await sandbox.stripe.paymentMethods.create(
      { type: 'card', card: { token: 'tok_visa' } },
      { stripeAccount: seller },
    );
    const { status, error } = await refusal(sandbox.pay({ payment_method: theirs.id }));
    expect(status).toBe(400);
    expect(error).toMatchObject({ code: 'resource_missing', param: 'payment_method' });
  });
});

describe('a one-off payment', () => {
  it('takes a token and no customer', async () => {
    const answer = await sandbox.call('POST', '/v1/charges', {
      amount: '1000',
      currency: 'usd',
      source: 'tok_visa',
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ status: 'succeeded', customer: null, paid: true });
  });

  it('takes a token once', async () => {
    const { body: token } = await sandbox.call('POST', '/v1/tokens', {
      'card[number]': '4242424242424242',
      'card[exp_month]': '12',
      'card[exp_year]': '2034',
      'card[cvc]': '123',
    });
    const charge = () =>
      sandbox.call('POST', '/v1/charges', { amount: '1000', currency: 'usd', source: token.id });

    expect((await charge()).status).toBe(200);
    const again = await charge();
    expect(again.status).toBe(400);
    expect(again.body.error.code).toBe('token_already_used');
  });

  it('of a confirmation by hand says so', async () => {
    const intent = await sandbox.stripe.paymentIntents.create({
      amount: 100,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      confirmation_method: 'manual',
      confirm: true,
      return_url: 'https://example.com/back',
    });
    expect(intent).toMatchObject({
      status: 'succeeded',
      confirmation_method: 'manual',
      amount_received: 100,
    });
  });
});
