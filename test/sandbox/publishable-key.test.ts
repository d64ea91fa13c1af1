import type Stripe from 'stripe';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Harness } from './support.ts';
import { SYNC_VERSION, start } from './support.ts';

let harness: Harness;
/** As a browser, with the publishable key. */
let browser: Stripe;
beforeEach(async () => {
  harness = await start();
  browser = harness.client(SYNC_VERSION, 'pk_test_waybill');
});

const sale = (more = {}) =>
  harness.stripe.paymentIntents.create({
    amount: 1_000,
    currency: 'usd',
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    ...more,
  });
const secretOf = ({ client_secret: secret }: Stripe.PaymentIntent) => secret ?? '';

describe('with the publishable key a browser', () => {
  it('makes a payment method and a token, and pays with the client secret of the payment', async () => {
    const method = await browser.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } });
    expect(method.id).toMatch(/^pm_/);
    const intent = await sale();
    const paid = await browser.paymentIntents.confirm(intent.id, {
      client_secret: secretOf(intent),
      payment_method: method.id,
    } as Stripe.PaymentIntentConfirmParams);
    expect(paid.status).toBe('succeeded');
    const seen = await browser.paymentIntents.retrieve(intent.id, { client_secret: secretOf(intent) });
    expect(seen.status).toBe('succeeded');
  });

  it('is refused without the client secret, and with that of another payment', async () => {
    const [intent, other] = [await sale(), await sale()];
    const needsSecretKey = { statusCode: 403, code: 'secret_key_required' };
    await expect(browser.paymentIntents.retrieve(intent.id)).rejects.toMatchObject(needsSecretKey);
    const wrong = { client_secret: secretOf(other) };
    await expect(browser.paymentIntents.retrieve(intent.id, wrong)).rejects.toMatchObject({
      statusCode: 400,
      param: 'client_secret',
      message: expect.stringContaining('does not match'),
    });
    const confirmed = browser.paymentIntents.confirm(intent.id, {
      ...wrong,
      payment_method: 'pm_card_visa',
    } as Stripe.PaymentIntentConfirmParams);
    await expect(confirmed).rejects.toMatchObject({ statusCode: 400, param: 'client_secret' });
    expect((await harness.stripe.paymentIntents.retrieve(intent.id)).status).toBe('requires_payment_method');
  });

  it.each([
    ['a refund', (stripe: Stripe) => stripe.refunds.create({ payment_intent: 'pi_1' })],
    ['a capture', (stripe: Stripe) => stripe.paymentIntents.capture('pi_1')],
    ['a new payment', (stripe: Stripe) => stripe.paymentIntents.create({ amount: 1, currency: 'usd' })],
    ['the list of payments', (stripe: Stripe) => stripe.paymentIntents.list()],
    ['a transfer', (stripe: Stripe) => stripe.transfers.create({ currency: 'usd', destination: 'acct_1' })],
    ['a customer', (stripe: Stripe) => stripe.customers.create({})],
    ['the balance', (stripe: Stripe) => stripe.balance.retrieve()],
  ])('is refused %s', async (_, call) => {
    await expect(call(browser)).rejects.toMatchObject({
      statusCode: 403,
      code: 'secret_key_required',
      message: expect.stringContaining('cannot be made with a publishable API key'),
    });
  });

  it('of any shop may read the answer, and one with the secret key may not', async () => {
    const url = `${harness.url}/v1/payment_methods`;
    const origin = 'https://shop.example';
    const body = new URLSearchParams({ type: 'card', 'card[token]': 'tok_visa' });
    const allowed = async (key: string) => {
      const headers = { authorization: `Bearer ${key}`, origin };
      const answer = await fetch(url, { method: 'POST', headers, body });
      return answer.headers.get('access-control-allow-origin');
    };
    expect(await allowed('pk_test_waybill')).toBe('*');
    expect(await allowed('sk_test_waybill')).toBeNull();
    const asks = (path: string) => fetch(`${harness.url}${path}`, { method: 'OPTIONS', headers: { origin } });
    expect((await asks('/v1/payment_methods')).status).toBe(204);
    expect((await asks('/v1/refunds')).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('is nobody with the publishable key of another platform', async () => {
    const stranger = harness.client(SYNC_VERSION, 'pk_test_someone_else');
    await expect(stranger.tokens.create({ card: 'tok_visa' })).rejects.toMatchObject({ statusCode: 401 });
  });
});
