import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { ACCOUNTS, card, errorOf, type Harness, held, start } from './support.ts';

const DAY_S = 86_400;
const payment = { ...card, amount: 1000, payment_method: 'pm_card_createDispute' };
/** What the platform keeps of 10.00, before anybody complains. */
const NET = 1000 - 59;

async function disputed(
  { stripe }: Harness,
  params: Partial<Stripe.PaymentIntentCreateParams> = {},
): Promise<Stripe.Dispute> {
  const intent = await stripe.paymentIntents.create({ ...payment, ...params });
  const [dispute] = (await stripe.disputes.list({ payment_intent: intent.id })).data;
  if (!dispute) throw new Error('nobody disputed');
  return dispute;
}

async function disputeEvents({ stripe }: Harness): Promise<string[]> {
  const { data } = await stripe.events.list({ types: ['charge.dispute.*'], limit: 100 });
  return data.map(({ type }) => type.replace('charge.dispute.', '')).reverse();
}

describe('a dispute', () => {
  it.each([
    { card: 'createDispute', reason: 'fraudulent', status: 'needs_response', kept: NET - 2500 },
    {
      card: 'createDisputeProductNotReceived',
      reason: 'product_not_received',
      status: 'needs_response',
      kept: NET - 2500,
    },
    { card: 'createDisputeInquiry', reason: 'fraudulent', status: 'warning_needs_response', kept: NET },
  ])('by pm_card_$card is $status for $reason', async ({ card: name, reason, status, kept }) => {
    const harness = await start();
    const dispute = await disputed(harness, { payment_method: `pm_card_${name}` });
    expect(dispute).toMatchObject({ reason, status, amount: 1000 });
    expect(dispute.is_charge_refundable).toBe(status === 'warning_needs_response');
    expect(held(harness.sandbox, ACCOUNTS.platform)).toBe(kept);
  });

  it('comes after the payment has succeeded, and only once it is captured', async () => {
    const harness = await start();
    const intent = await harness.stripe.paymentIntents.create({
      ...payment,
      capture_method: 'manual',
      expand: ['latest_charge'],
    });
    expect((await harness.stripe.disputes.list()).data).toEqual([]);
    const captured = await harness.stripe.paymentIntents.capture(intent.id, { expand: ['latest_charge'] });
    expect((captured.latest_charge as Stripe.Charge).disputed).toBe(false);
    expect((await harness.stripe.disputes.list()).data).toMatchObject([{ amount: 1000 }]);
  });

  it('can come later, and then asks only for what was not refunded', async () => {
    const harness = await start({ settings: { dispute_after_seconds: 3600 } });
    const { id } = await harness.stripe.paymentIntents.create(payment);
    await harness.stripe.refunds.create({ payment_intent: id, amount: 400 });
    harness.sandbox.advance(3600);
    expect((await harness.stripe.disputes.list()).data).toMatchObject([{ amount: 600 }]);
    expect(held(harness.sandbox, ACCOUNTS.platform)).toBe(NET - 400 - 600 - 1500);
  });

  it('of what was refunded in full does not come at all', async () => {
    const harness = await start({ settings: { dispute_after_seconds: 3600 } });
    const { id } = await harness.stripe.paymentIntents.create(payment);
    await harness.stripe.refunds.create({ payment_intent: id });
    harness.sandbox.advance(3600);
    expect((await harness.stripe.disputes.list()).data).toEqual([]);
  });

  it('of a direct charge takes from the account that charged', async () => {
    const harness = await start();
    const acting = { stripeAccount: ACCOUNTS.usCustom };
    await harness.stripe.paymentIntents.create(payment, acting);
    expect((await harness.stripe.disputes.list({}, acting)).data).toMatchObject([{ amount: 1000 }]);
    expect((await harness.stripe.disputes.list()).data).toEqual([]);
    expect(held(harness.sandbox, ACCOUNTS.usCustom)).toBe(NET - 2500);
  });
});

describe('evidence', () => {
  it.each([
    { text: 'winning_evidence', status: 'won', kept: NET, last: ['funds_reinstated', 'closed'] },
    { text: 'losing_evidence', status: 'lost', kept: NET - 2500, last: ['updated', 'closed'] },
    { text: 'see the parcel’s tracking', status: 'under_review', kept: NET - 2500, last: ['updated'] },
  ])('$text ends $status', async ({ text, status, kept, last }) => {
    const harness = await start();
    const { id } = await disputed(harness);
    const answered = await harness.stripe.disputes.update(id, { evidence: { uncategorized_text: text } });
    expect(answered).toMatchObject({
      status: 'under_review',
      evidence: { uncategorized_text: text },
      evidence_details: { has_evidence: true, submission_count: 1 },
    });
    harness.sandbox.advance(60);
    expect((await harness.stripe.disputes.retrieve(id)).status).toBe(status);
    expect(held(harness.sandbox, ACCOUNTS.platform)).toBe(kept);
    const events = await disputeEvents(harness);
    expect(events.slice(0, 2)).toEqual(['created', 'funds_withdrawn']);
    expect(events.slice(-last.length)).toEqual(last);
  });

  it('can be kept ready, and sent later with a file', async () => {
    const harness = await start();
    const { id } = await disputed(harness);
    const file = await harness.stripe.files.create({
      purpose: 'dispute_evidence',
      file: { data: Buffer.from('%PDF-1.4 receipt'), name: 'receipt.pdf', type: 'application/pdf' },
    });
    expect(file).toMatchObject({
      purpose: 'dispute_evidence',
      filename: 'receipt.pdf',
      size: 16,
      type: 'pdf',
    });
    const staged = await harness.stripe.disputes.update(id, {
      evidence: { receipt: file.id, customer_name: 'Ada' },
      submit: false,
    });
    expect(staged).toMatchObject({
      status: 'needs_response',
      evidence: { receipt: file.id },
      evidence_details: { has_evidence: true, submission_count: 0 },
    });
    const sent = await harness.stripe.disputes.update(id, { submit: true });
    expect(sent).toMatchObject({
      status: 'under_review',
      evidence: { receipt: file.id, customer_name: 'Ada' },
    });
  });

  it('of a file that does not exist is refused', async () => {
    const harness = await start();
    const { id } = await disputed(harness);
    const refused = await errorOf(harness.stripe.disputes.update(id, { evidence: { receipt: 'file_0' } }));
    expect(refused).toMatchObject({ code: 'resource_missing', param: 'evidence[receipt]' });
    expect((await harness.stripe.disputes.retrieve(id)).status).toBe('needs_response');
  });

  it('is taken once', async () => {
    const harness = await start();
    const { id } = await disputed(harness);
    await harness.stripe.disputes.update(id, { evidence: { customer_name: 'Ada' } });
    const again = harness.stripe.disputes.update(id, { evidence: { customer_name: 'Eve' } });
    expect(await errorOf(again)).toMatchObject({ statusCode: 400 });
  });
});

describe('without evidence, a dispute', () => {
  it.each([
    { card: 'createDispute', status: 'lost' },
    { card: 'createDisputeInquiry', status: 'warning_closed' },
  ])('by pm_card_$card is $status when its time is over', async ({ card: name, status }) => {
    const harness = await start();
    const { id, evidence_details, created } = await disputed(harness, { payment_method: `pm_card_${name}` });
    const due = evidence_details.due_by ?? 0;
    // A recording has it due as the eighth day ends (as-of-dahlia.test.ts).
    expect(due).toBe(Math.floor(created / DAY_S) * DAY_S + 9 * DAY_S - 1);
    harness.sandbox.advance(due - created - 1);
    expect((await harness.stripe.disputes.retrieve(id)).evidence_details.past_due).toBe(false);
    harness.sandbox.advance(1);
    expect(await harness.stripe.disputes.retrieve(id)).toMatchObject({
      status,
      evidence_details: { past_due: true },
    });
    expect((await disputeEvents(harness)).at(-1)).toBe('closed');
  });

  it('is lost at once where the merchant accepts it', async () => {
    const harness = await start();
    const { id } = await disputed(harness);
    expect(await harness.stripe.disputes.close(id)).toMatchObject({
      status: 'lost',
      is_charge_refundable: false,
    });
    expect(await errorOf(harness.stripe.disputes.close(id))).toMatchObject({
      statusCode: 400,
      message: 'This dispute is already closed',
    });
  });
});

describe('an inquiry', () => {
  const inquiry = { payment_method: 'pm_card_createDisputeInquiry' };

  it('moves no money and closes with the evidence', async () => {
    const harness = await start();
    const { id, balance_transactions } = await disputed(harness, inquiry);
    expect(balance_transactions).toEqual([]);
    const answered = await harness.stripe.disputes.update(id, {
      evidence: { uncategorized_text: 'winning_evidence' },
    });
    expect(answered.status).toBe('warning_under_review');
    harness.sandbox.advance(60);
    expect((await harness.stripe.disputes.retrieve(id)).status).toBe('warning_closed');
    expect(held(harness.sandbox, ACCOUNTS.platform)).toBe(NET);
    expect(await disputeEvents(harness)).toEqual(['created', 'updated', 'closed']);
  });

  it('that escalates takes the money after all', async () => {
    const harness = await start();
    const { id } = await disputed(harness, inquiry);
    await harness.stripe.disputes.update(id, {
      evidence: { uncategorized_text: 'escalate_inquiry_evidence' },
    });
    harness.sandbox.advance(60);
    expect(await harness.stripe.disputes.retrieve(id)).toMatchObject({
      status: 'needs_response',
      is_charge_refundable: false,
    });
    expect(held(harness.sandbox, ACCOUNTS.platform)).toBe(NET - 2500);
  });

  it('allows a refund, which ends it', async () => {
    const harness = await start();
    const { id, payment_intent } = await disputed(harness, inquiry);
    await harness.stripe.refunds.create({ payment_intent: String(payment_intent) });
    expect((await harness.stripe.disputes.retrieve(id)).status).toBe('warning_closed');
  });
});

describe('a refund', () => {
  it.each([
    { verdict: 'won', refusal: undefined },
    { verdict: 'lost', refusal: 'charge_disputed' },
  ])('after a dispute was $verdict: $refusal', async ({ verdict, refusal }) => {
    const harness = await start();
    const { id, payment_intent } = await disputed(harness);
    const refund = () => harness.stripe.refunds.create({ payment_intent: String(payment_intent) });
    expect(await errorOf(refund())).toMatchObject({ code: 'charge_disputed' });
    await harness.control('POST', `disputes/${id}/decide`, { verdict });
    if (refusal) expect(await errorOf(refund())).toMatchObject({ code: refusal });
    else expect(await refund()).toMatchObject({ amount: 1000, status: 'succeeded' });
  });
});

describe('by the controls', () => {
  it('a dispute can be lost in part, and the fee is kept', async () => {
    const harness = await start();
    const { id } = await disputed(harness);
    const decide = (body: object) => harness.control('POST', `disputes/${id}/decide`, body);
    for (const returned of [0, 1000, 1.5, '1'])
      expect(await decide({ verdict: 'lost', returned })).toHaveProperty('error');
    expect(await decide({ verdict: 'won', returned: 400 })).toHaveProperty('error');
    expect(await decide({ verdict: 'lost', returned: 400 })).toMatchObject({
      status: 'lost',
      balance_transactions: [
        { amount: -1000, fee: 1500 },
        { amount: 400, fee: 0 },
      ],
    });
    expect(held(harness.sandbox, ACCOUNTS.platform)).toBe(NET - 2500 + 400);
    expect(await disputeEvents(harness)).toEqual([
      'created',
      'funds_withdrawn',
      'funds_reinstated',
      'closed',
    ]);
  });

  it('a dispute that was lost in whole can be won after all, once', async () => {
    const harness = await start();
    const { id } = await disputed(harness);
    const decide = (body: object) => harness.control('POST', `disputes/${id}/decide`, body);
    await decide({ verdict: 'lost' });
    expect(await decide({ verdict: 'lost' })).toHaveProperty('error');
    expect(await decide({ verdict: 'won' })).toMatchObject({
      status: 'won',
      is_charge_refundable: true,
      balance_transactions: [
        { amount: -1000, fee: 1500 },
        { amount: 1000, fee: -1500 },
      ],
    });
    expect(held(harness.sandbox, ACCOUNTS.platform)).toBe(NET);
    expect(await decide({ verdict: 'won' })).toHaveProperty('error');
  });

  it('any captured charge can be disputed, also in part', async () => {
    const harness = await start();
    const intent = await harness.stripe.paymentIntents.create({ ...card, amount: 1000 });
    const path = `charges/${String(intent.latest_charge)}/dispute`;
    expect(await harness.control('POST', path, { reason: 'duplicate', amount: 300 })).toMatchObject({
      amount: 300,
      reason: 'duplicate',
      status: 'needs_response',
    });
    expect(held(harness.sandbox, ACCOUNTS.platform)).toBe(NET - 300 - 1500);
    expect(await harness.control('POST', path, {})).toHaveProperty('error');
  });

  it.each([{ amount: 1001 }, { amount: 0.5 }, { inquiry: 'yes' }])('%j is refused', async (body) => {
    const harness = await start();
    const intent = await harness.stripe.paymentIntents.create({ ...card, amount: 1000 });
    const path = `charges/${String(intent.latest_charge)}/dispute`;
    expect(await harness.control('POST', path, body)).toHaveProperty('error');
    expect(held(harness.sandbox, ACCOUNTS.platform)).toBe(NET);
  });
});

describe('a review', () => {
  it('is named by charge and payment, moves no money, and is open until somebody approves it', async () => {
    const harness = await start();
    const { stripe } = harness;
    const intent = await stripe.paymentIntents.create({ ...card, amount: 1000, capture_method: 'manual' });
    expect(intent.review).toBeNull();
    const charge = String(intent.latest_charge);
    const opened = await harness.control('POST', `charges/${charge}/review`, {});
    expect(opened).toMatchObject({
      object: 'review',
      open: true,
      reason: 'rule',
      charge,
      payment_intent: intent.id,
    });
    expect(await harness.control('POST', `charges/${charge}/review`, {})).toHaveProperty('error');
    const captured = await stripe.paymentIntents.capture(intent.id, { expand: ['review', 'latest_charge'] });
    expect(captured).toMatchObject({ review: opened, latest_charge: { review: opened.id } });
    expect((await stripe.reviews.list()).data).toEqual([opened]);

    const approved = await stripe.reviews.approve(String(opened.id));
    expect(approved).toMatchObject({ open: false, reason: 'approved', closed_reason: 'approved' });
    expect((await stripe.reviews.list()).data).toEqual([]);
    expect(await errorOf(stripe.reviews.approve(approved.id))).toMatchObject({ statusCode: 400 });
    const { data: events } = await stripe.events.list({ types: ['review.opened', 'review.closed'] });
    expect(events.map(({ type }) => type)).toEqual(['review.closed', 'review.opened']);
    expect(held(harness.sandbox, ACCOUNTS.platform)).toBe(NET);
  });

  it.each([
    ['refunded', 'automatic', (stripe, payment_intent) => stripe.refunds.create({ payment_intent })],
    [
      'refunded_as_fraud',
      'automatic',
      (stripe, payment_intent) => stripe.refunds.create({ payment_intent, reason: 'fraudulent' }),
    ],
    ['canceled', 'manual', (stripe, payment) => stripe.paymentIntents.cancel(payment)],
  ] satisfies [string, 'automatic' | 'manual', (stripe: Stripe, payment: string) => Promise<unknown>][])(
    'is closed as %s by what becomes of a payment with %s capture',
    async (reason, capture_method, end) => {
      const { stripe, control } = await start();
      const intent = await stripe.paymentIntents.create({ ...card, amount: 1000, capture_method });
      const { id } = await control<{ id: string }>(
        'POST',
        `charges/${String(intent.latest_charge)}/review`,
        {},
      );
      await end(stripe, intent.id);
      expect(await stripe.reviews.retrieve(id)).toMatchObject({ open: false, closed_reason: reason });
    },
  );

  it('is closed by a dispute, and by whatever somebody says', async () => {
    const { stripe, control } = await start();
    const intent = await stripe.paymentIntents.create({ ...card, amount: 1000 });
    const charge = String(intent.latest_charge);
    const first = await control<{ id: string }>('POST', `charges/${charge}/review`, {});
    expect(await control('POST', `reviews/${first.id}/close`, { closed_reason: 'forgotten' })).toHaveProperty(
      'error',
    );
    expect(await control('POST', `reviews/${first.id}/close`, { closed_reason: 'redacted' })).toMatchObject({
      closed_reason: 'redacted',
    });
    const second = await control<{ id: string }>('POST', `charges/${charge}/review`, {
      opened_reason: 'manual',
    });
    expect((await stripe.paymentIntents.retrieve(intent.id)).review).toBe(second.id);
    await control('POST', `charges/${charge}/dispute`, {});
    expect((await stripe.reviews.retrieve(second.id)).closed_reason).toBe('disputed');
  });
});

describe('an early fraud warning', () => {
  const warned = { ...card, amount: 1000, payment_method: 'pm_card_createIssuerFraudRecord' };

  it('comes once the money is captured, moves none, and can be acted on until that is refunded or disputed', async () => {
    const harness = await start();
    const { stripe } = harness;
    const { earlyFraudWarnings } = stripe.radar;
    const intent = await stripe.paymentIntents.create({ ...warned, capture_method: 'manual' });
    expect((await earlyFraudWarnings.list()).data).toEqual([]);
    await stripe.paymentIntents.capture(intent.id);
    const [warning, ...others] = (await earlyFraudWarnings.list({ payment_intent: intent.id })).data;
    expect(others).toEqual([]);
    expect(warning).toMatchObject({
      object: 'radar.early_fraud_warning',
      actionable: true,
      charge: intent.latest_charge,
      fraud_type: 'made_with_stolen_card',
      payment_intent: intent.id,
    });
    expect(held(harness.sandbox, ACCOUNTS.platform)).toBe(NET);
    const { data: events } = await stripe.events.list({ types: ['radar.early_fraud_warning.created'] });
    expect(events.map(({ data }) => data.object)).toEqual([warning]);

    await stripe.refunds.create({ payment_intent: intent.id, amount: 400 });
    const id = warning?.id ?? '';
    expect(await earlyFraudWarnings.retrieve(id, { expand: ['charge'] })).toMatchObject({
      actionable: true,
      charge: { amount_refunded: 400 },
    });
    await stripe.refunds.create({ payment_intent: intent.id });
    expect((await earlyFraudWarnings.retrieve(id)).actionable).toBe(false);
  });

  it('is found by its own id alone', async () => {
    const { stripe } = await start();
    const error = await errorOf(stripe.radar.earlyFraudWarnings.retrieve('issfr_none'));
    expect(error).toMatchObject({ statusCode: 404, code: 'resource_missing' });
  });
});
