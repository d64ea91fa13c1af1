import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { sendForm } from '../support/form.ts';
import { ACCOUNTS, card, errorOf, type Harness, start } from './support.ts';

const RETURN_URL = 'https://shop.example/return?order=1';
const challenged = { ...card, amount: 1000, payment_method: 'pm_card_authenticationRequired' };

async function asked(
  { stripe }: Harness,
  params: Partial<Stripe.PaymentIntentCreateParams> = {},
): Promise<Stripe.PaymentIntent> {
  return stripe.paymentIntents.create({ ...challenged, ...params });
}

const pageOf = ({ next_action }: Stripe.PaymentIntent): string => next_action?.redirect_to_url?.url ?? '';

const answer = (url: string, outcome: string): Promise<Response> => sendForm(url, { outcome });

async function eventTypes({ stripe }: Harness): Promise<string[]> {
  const { data } = await stripe.events.list({ limit: 100 });
  return data.map(({ type }) => type).reverse();
}

describe('a card that asks for its owner, on session', () => {
  it.each([
    'pm_card_authenticationRequired',
    'pm_card_threeDSecure2Required',
    'pm_card_threeDSecureRequired',
    'pm_card_threeDSecureRequiredChargeDeclined',
  ])('%s leaves the payment waiting, without a charge', async (payment_method) => {
    const harness = await start();
    const intent = await asked(harness, { payment_method, return_url: RETURN_URL });
    expect(intent).toMatchObject({
      status: 'requires_action',
      latest_charge: null,
      amount_received: 0,
      next_action: { type: 'redirect_to_url', redirect_to_url: { return_url: RETURN_URL } },
    });
    expect(pageOf(intent)).toContain(harness.url);
    expect(await eventTypes(harness)).toEqual(['payment_intent.created', 'payment_intent.requires_action']);
  });

  it('is left to Stripe’s own library where there is no page to return to', async () => {
    const harness = await start();
    const { next_action, status } = await asked(harness);
    expect(status).toBe('requires_action');
    expect(next_action).toMatchObject({ type: 'use_stripe_sdk', use_stripe_sdk: expect.any(Object) });
  });

  it('cannot return to what is no address', async () => {
    const harness = await start();
    expect(await errorOf(asked(harness, { return_url: 'shop' }))).toMatchObject({
      statusCode: 400,
      param: 'return_url',
    });
  });

  it('declines instead where the caller wants no action', async () => {
    const harness = await start();
    const refused = await errorOf(asked(harness, { error_on_requires_action: true }));
    expect(refused).toMatchObject({ statusCode: 402, code: 'authentication_required' });
  });

  it('declines off session, and can be asked on session afterwards', async () => {
    const harness = await start();
    const refused = await errorOf(asked(harness, { off_session: true }));
    expect(refused).toMatchObject({ statusCode: 402, decline_code: 'authentication_required' });
    const { id } = (await harness.stripe.paymentIntents.list()).data[0] ?? { id: '' };
    const again = await harness.stripe.paymentIntents.confirm(id, {
      payment_method: 'pm_card_authenticationRequired',
      return_url: RETURN_URL,
    });
    expect(again.status).toBe('requires_action');
  });
});

describe('the page of the customer’s bank', () => {
  it('asks with the amount, and loads nothing from anywhere', async () => {
    const harness = await start();
    const intent = await asked(harness, { return_url: RETURN_URL });
    const response = await fetch(pageOf(intent));
    const html = await response.text();
    expect(response.status).toBe(200);
    expect(html).toContain('$10.00');
    expect(html).not.toMatch(/<script|<link|<img|src=/);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it.each([
    { outcome: 'succeeded', capture_method: 'automatic', status: 'succeeded', result: 'succeeded' },
    { outcome: 'succeeded', capture_method: 'manual', status: 'requires_capture', result: 'succeeded' },
    { outcome: 'failed', capture_method: 'automatic', status: 'requires_payment_method', result: 'failed' },
  ] as const)(
    'sends a customer who $outcome back with $result, and a $capture_method payment is $status',
    async ({ outcome, capture_method, status, result }) => {
      const harness = await start();
      const intent = await asked(harness, { capture_method, return_url: RETURN_URL });
      const response = await answer(pageOf(intent), outcome);
      expect(response.status).toBe(303);
      const to = new URL(response.headers.get('location') ?? '');
      expect(Object.fromEntries(to.searchParams)).toEqual({
        order: '1',
        payment_intent: intent.id,
        payment_intent_client_secret: intent.client_secret,
        redirect_status: result,
      });
      expect(await harness.stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
        status,
        next_action: null,
      });
    },
  );

  it('takes one answer, and has nothing to do for whoever comes again', async () => {
    const harness = await start();
    const intent = await asked(harness, { return_url: RETURN_URL });
    await answer(pageOf(intent), 'succeeded');
    const again = await answer(pageOf(intent), 'failed');
    expect([again.status, await again.text()]).toEqual([200, expect.stringContaining('does not wait')]);
    expect((await harness.stripe.paymentIntents.retrieve(intent.id)).status).toBe('succeeded');
  });

  it('opens to nobody without the client secret', async () => {
    const harness = await start();
    const intent = await asked(harness, { return_url: RETURN_URL });
    const [withoutSecret = ''] = pageOf(intent).split('?');
    expect((await fetch(withoutSecret)).status).toBe(404);
    expect((await answer(`${withoutSecret}?client_secret=x`, 'succeeded')).status).toBe(404);
    expect((await harness.stripe.paymentIntents.retrieve(intent.id)).status).toBe('requires_action');
  });

  it('lies where people reach the sandbox, not where it listens', async () => {
    const harness = await start({ publicUrl: 'https://pay.example' });
    const intent = await asked(harness, { return_url: RETURN_URL });
    expect(pageOf(intent)).toMatch(/^https:\/\/pay\.example\/3d_secure_2\/pi_/);
  });
});

describe('the customer’s answer by the controls', () => {
  const authenticate = (harness: Harness, id: string, outcome: string) =>
    harness.control<Stripe.PaymentIntent>('POST', `payment_intents/${id}/authenticate`, { outcome });

  it('success takes the payment, with its transfer', async () => {
    const harness = await start();
    const { id } = await asked(harness, { transfer_data: { destination: ACCOUNTS.usCustom } });
    expect(await authenticate(harness, id, 'succeeded')).toMatchObject({
      status: 'succeeded',
      amount_received: 1000,
      transfer_group: `group_${id}`,
    });
    expect(await eventTypes(harness)).toEqual(
      expect.arrayContaining(['charge.succeeded', 'payment_intent.succeeded', 'transfer.created']),
    );
  });

  it('failure says why, and another card pays', async () => {
    const harness = await start();
    const { id } = await asked(harness);
    expect(await authenticate(harness, id, 'failed')).toMatchObject({
      status: 'requires_payment_method',
      payment_method: null,
      last_payment_error: { code: 'payment_intent_authentication_failure' },
    });
    expect((await eventTypes(harness)).at(-1)).toBe('payment_intent.payment_failed');
    const paid = await harness.stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' });
    expect(paid).toMatchObject({ status: 'succeeded', last_payment_error: null });
  });

  it('walking away leaves the payment as it is, to be canceled', async () => {
    const harness = await start();
    const { id } = await asked(harness);
    expect(await authenticate(harness, id, 'abandoned')).toMatchObject({ status: 'requires_action' });
    expect(await harness.stripe.paymentIntents.cancel(id)).toMatchObject({
      status: 'canceled',
      next_action: null,
    });
  });

  it('success can still meet a decline', async () => {
    const harness = await start();
    const { id } = await asked(harness, { payment_method: 'pm_card_threeDSecureRequiredChargeDeclined' });
    expect(await authenticate(harness, id, 'succeeded')).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'card_declined', decline_code: 'generic_decline' },
    });
  });

  it('where the server confirms by hand, it confirms once more, and nobody is asked again', async () => {
    const harness = await start();
    const { id } = await asked(harness, { confirmation_method: 'manual' });
    expect(await authenticate(harness, id, 'succeeded')).toMatchObject({ status: 'requires_confirmation' });
    expect((await harness.stripe.paymentIntents.confirm(id)).status).toBe('succeeded');
  });

  it.each([{ outcome: 'perhaps' }, { outcome: 'succeeded' }])(
    '$outcome is refused where it makes no sense',
    async ({ outcome }) => {
      const harness = await start();
      const { id } = await harness.stripe.paymentIntents.create({ ...card, amount: 1000 });
      expect(await authenticate(harness, id, outcome)).toHaveProperty('error');
    },
  );
});
