import type Stripe from 'stripe';
import { expect, it } from 'vitest';
import { PAYMENT_EXPANDS } from '../../domain/commands/stripe-expands.ts';
import { knownMovements } from '../../domain/orders/observation.ts';
import type { Refund } from '../../domain/orders/order.ts';
import { transition } from '../../domain/orders/transition.ts';
import { feePages } from '../../stripe/fees.ts';
import { NOTHING_KNOWN, observePayment } from '../../stripe/observe.ts';
import { ACCOUNTS, card, type Harness, start } from '../sandbox/support.ts';
import { orderIn } from '../support/builders.ts';
import { clientThrough, PATH } from '../support/client-through.ts';

/** A client before whose first request to a path somebody else does something. */
function interrupted({ url }: Harness, path: RegExp, meanwhile: () => Promise<unknown>): Stripe {
  let isDone = false;
  return clientThrough(url, async (send, request) => {
    if (!isDone && path.test(request[PATH])) {
      isDone = true;
      await meanwhile();
    }
    return send(...request);
  });
}

async function sale({ stripe }: Harness, params: Partial<Stripe.PaymentIntentCreateParams> = {}) {
  return stripe.paymentIntents.create({
    ...card,
    amount: 1_000,
    application_fee_amount: 100,
    transfer_data: { destination: ACCOUNTS.usCustom },
    expand: [...PAYMENT_EXPANDS],
    ...params,
  });
}

/** Captured twice, with more to come. */
async function soldInParts(harness: Harness) {
  const { stripe } = harness;
  const { id } = await sale(harness, {
    capture_method: 'manual',
    payment_method_options: { card: { request_multicapture: 'if_available' } },
  });
  for (const amount of [300, 300]) await captured(stripe, id, amount);
  return id;
}

function captured(stripe: Stripe, id: string, amount: number) {
  return stripe.paymentIntents.capture(id, {
    amount_to_capture: amount,
    application_fee_amount: 30,
    final_capture: false,
  });
}

const BACK = { reverse_transfer: true, refund_application_fee: true };
const REFUND = { amount: 400, ...BACK };
const observe = (stripe: Stripe, paymentIntent: string) =>
  observePayment({ stripe, now: () => Date.now() }, { ...NOTHING_KNOWN, paymentIntent });

it('a refund of several captures that is made while they are read reverses the transfer of each', async () => {
  const harness = await start({ settings: { multicapture: true } });
  const id = await soldInParts(harness);
  await harness.stripe.paymentIntents.capture(id, {
    amount_to_capture: 100,
    application_fee_amount: 10,
  });
  // Of several captures Stripe reverses the transfers only together.
  const refund = () => harness.stripe.refunds.create({ payment_intent: id, ...BACK });

  const { refunds } = await observe(interrupted(harness, /^\/v1\/refunds/, refund), id);
  expect(refunds).toHaveLength(1);
  expect(refunds).toEqual((await observe(harness.stripe, id)).refunds);
});

it('a refund that is made after its payment was read shows what it gave back of the application fee', async () => {
  const harness = await start();
  const { id } = await sale(harness);
  const refund = () => harness.stripe.refunds.create({ payment_intent: id, ...REFUND });

  const { refunds, adjustments } = await observe(interrupted(harness, /^\/v1\/refunds/, refund), id);
  expect(refunds).toMatchObject([{ applicationFeeRefunded: 40 }]);
  expect(await observe(harness.stripe, id)).toMatchObject({ refunds, adjustments });
});

// What is left over by the capture counts as refunded only before 2025-03-31.basil.
it.each([undefined, '2023-10-16'])(
  'a payment captured in part is read once after its refund, in %s',
  async (version) => {
    const harness = await start();
    const paths: string[] = [];
    const stripe = clientThrough(harness.url, (send, request) => {
      paths.push(request[PATH]);
      return send(...request);
    });
    const { id } = await sale(harness, { capture_method: 'manual' });
    const options = version === undefined ? {} : { apiVersion: version };
    await stripe.paymentIntents.capture(id, { amount_to_capture: 600 }, options);
    await stripe.refunds.create({ payment_intent: id, amount: 300, ...BACK });

    paths.length = 0;
    const { refunds } = await observe(stripe, id);
    expect(refunds).toMatchObject([{ amount: 300 }]);
    expect(paths.filter((path) => path.startsWith('/v1/payment_intents/'))).toHaveLength(1);
  },
);

it('a capture that is made while the ones before are read belongs to none of them', async () => {
  const harness = await start({ settings: { multicapture: true } });
  const id = await soldInParts(harness);
  const before = await observe(harness.stripe, id);
  const capture = () => captured(harness.stripe, id, 100);

  for (const path of [/^\/v1\/transfers/, /^\/v1\/application_fees/]) {
    const { payment } = await observe(interrupted(harness, path, capture), id);
    expect([before.payment.settlement, null]).toContainEqual(payment.settlement);
  }
});

it('a known refund is read once more when its bank has a number for it, and only that is new', async () => {
  const harness = await start();
  const { id: paymentIntent } = await sale(harness);
  await harness.stripe.refunds.create({ payment_intent: paymentIntent, ...REFUND });
  const observed = async (known: readonly Refund[]) => {
    const order = known.reduce(
      (before, refund) => transition(before, { type: 'refund_recorded', refund }),
      orderIn('succeeded'),
    );
    const reader = { stripe: harness.stripe, now: () => Date.now() };
    return (await observePayment(reader, { ...knownMovements(order), paymentIntent })).refunds;
  };
  const first = await observed([]);
  expect(await observed(first)).toEqual([]);
  harness.sandbox.advance(86_400);
  const [traced] = await observed(first);
  expect(traced).toEqual({
    ...first[0],
    reference: { status: 'available', value: expect.any(String), type: 'acquirer_reference_number' },
  });
  expect(await observed([...first, traced as Refund])).toEqual([]);
});

it('a report of fees counts no refund that came after the fee was read', async () => {
  const harness = await start();
  const { id } = await sale(harness);
  const refund = () => harness.stripe.refunds.create({ payment_intent: id, ...REFUND });
  await refund();
  const filter = { connectedAccount: undefined, created: {}, currency: undefined };

  const stripe = interrupted(harness, /^\/v1\/application_fees\/.+\/refunds/, refund);
  const { value: fees } = await feePages(stripe, filter).next();
  expect(fees).toMatchObject([{ charged: { refunded: 40 }, settled: { refunded: 40 } }]);
});
