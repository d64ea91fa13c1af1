import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { orderWorkflowId } from '../../domain/ids.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { allReconciles } from './reconciled.ts';
import { control, createOrder, endFaults, putInReview, unbalanced, WITHIN } from './support.ts';

const DAY_SECONDS = 86_400;
/** Long enough for something else to come in between. */
const HELD_BACK_MS = 1_000;

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({}, { webhooks: true });
});
afterEach(async () => {
  await control(waybill, 'webhooks', {});
  await control(waybill, 'settings', { negative_balances: true });
  expect(await unbalanced(waybill)).toEqual([]);
});
afterAll(() => waybill?.stop());

async function order(id: string) {
  return (await request(waybill, 'GET', `/v1/orders/${id}`)).body;
}

/** A sale of 10.00 with a fee of 1.23, captured at once. */
async function sold(body: Record<string, unknown> = {}) {
  const sale = { capture_method: 'automatic', application_fee_amount: 123, ...body };
  const created = await createOrder(waybill, sale);
  expect(created.status).toBe(201);
  return created.body;
}

async function shows(id: string, expected: unknown) {
  await vi.waitFor(async () => expect(await order(id)).toMatchObject(expected as object), WITHIN);
}

/** The customer's bank takes a sale back, whatever card it was. */
async function disputed(body: Record<string, unknown> = {}, complaint: Record<string, unknown> = {}) {
  const { id, latest_charge: charge } = await sold(body);
  await control(waybill, `charges/${charge}/dispute`, complaint);
  await shows(id, { dispute: { reason: 'fraudulent' } });
  return order(id);
}

async function decide({ dispute }: { dispute: { id: string } }, verdict: 'won' | 'lost') {
  await control(waybill, `disputes/${dispute.id}/decide`, { verdict });
}

const RESPOND = { code: 'dispute_needs_response', operation: null, allowed_actions: ['acknowledge'] };

describe('a dispute', () => {
  it('shows beside the status, with its amount, its deadline, and in the lists', async () => {
    const { id } = await sold({ payment_method: 'pm_card_createDispute' });
    await shows(id, {
      status: 'captured',
      dispute: {
        status: 'needs_response',
        amount: 1000,
        currency: 'usd',
        reason: 'fraudulent',
        is_inquiry: false,
        withdrawn: [{ amount: 1000, currency: 'usd' }],
        fee: [{ amount: 1500, currency: 'usd' }],
        platform: [{ amount: -2500, currency: 'usd' }],
        recovery: null,
      },
      // 0.64 of the sale, less the amount and the dispute's fee.
      funds: { platform_net: 64 - 2500, connected_net: 877 },
      needs_attention: RESPOND,
    });
    const { dispute, needs_attention: needs } = await order(id);
    expect(needs).toMatchObject({ subject: dispute.id, deadline: dispute.evidence_due_by });
    for (const filter of ['needs_attention=true', 'dispute_status=needs_response']) {
      await vi.waitFor(async () => {
        const { body } = await request(waybill, 'GET', `/v1/orders?limit=100&${filter}`);
        expect(body.data.map((found: { id: string }) => found.id)).toContain(id);
      }, WITHIN);
    }
  });

  it('is won by evidence, of which workflows know only the names of its fields', async () => {
    const { id, dispute } = await disputed();
    const personal = 'Jenny Rosen, 1 Main Street';
    const staged = await request(waybill, 'POST', `/v1/orders/${id}/dispute/evidence`, {
      body: { evidence: { customer_name: personal, uncategorized_text: 'winning_evidence' }, submit: false },
    });
    expect(staged).toMatchObject({
      status: 200,
      body: { dispute: { status: 'needs_response', has_evidence: true, submission_count: 0 } },
    });
    const submitted = await request(waybill, 'POST', `/v1/orders/${id}/dispute/evidence`, {
      body: { submit: true },
      key: 'submit-once',
    });
    expect(submitted.body.dispute).toMatchObject({ status: 'under_review', submission_count: 1 });
    expect(submitted.body.needs_attention).toBeNull();
    expect((await waybill.stripe.disputes.retrieve(dispute.id)).evidence.customer_name).toBe(personal);

    await shows(id, {
      // Since 2025 Stripe keeps its fee.
      dispute: { status: 'won', platform: [{ amount: -1500 }], withdrawn: [], fee: [{ amount: 1500 }] },
      funds: { platform_net: 64 - 1500, connected_net: 877 },
    });
    const again = await request(waybill, 'POST', `/v1/orders/${id}/dispute/evidence`, {
      body: { submit: true },
      key: 'submit-once',
    });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    const refused = await request(waybill, 'POST', `/v1/orders/${id}/dispute/evidence`, {
      body: { evidence: { uncategorized_text: 'more' }, submit: true },
    });
    expect(refused).toMatchObject({ status: 409, body: { code: 'state_conflict' } });

    const handle = waybill.env.client.workflow.getHandle(orderWorkflowId(id));
    const history = JSON.stringify(await handle.fetchHistory()).replace(/"data":"([^"]+)"/g, (_, data) =>
      Buffer.from(data, 'base64').toString('utf8'),
    );
    expect(history).toContain('customer_name');
    expect(history).not.toContain('Jenny');
  });

  it('refuses other evidence under a key that was used, and keeps what was there', async () => {
    const { id, dispute } = await disputed();
    const stage = (text: string) =>
      request(waybill, 'POST', `/v1/orders/${id}/dispute/evidence`, {
        body: { evidence: { product_description: text }, submit: false },
        key: 'staged',
      });
    expect((await stage('a vase')).status).toBe(200);
    expect(await stage('a car')).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    const { evidence } = await waybill.stripe.disputes.retrieve(dispute.id);
    expect(evidence.product_description).toBe('a vase');
  });

  it('takes files by Stripe’s ids, and names an unknown one', async () => {
    const { id, dispute } = await disputed();
    const file = await waybill.stripe.files.create({
      purpose: 'dispute_evidence',
      file: { data: Buffer.from('%PDF-1.4 receipt'), name: 'receipt.pdf', type: 'application/pdf' },
    });
    const submit = (receipt: string) =>
      request(waybill, 'POST', `/v1/orders/${id}/dispute/evidence`, {
        body: { evidence: { receipt }, submit: true },
      });
    expect(await submit('file_unknown')).toMatchObject({
      status: 400,
      body: { code: 'stripe_refused', stripe_code: 'resource_missing', param: 'evidence[receipt]' },
    });
    expect((await order(id)).dispute).toMatchObject({ status: 'needs_response', has_evidence: false });
    expect(await submit(file.id)).toMatchObject({
      status: 200,
      body: { dispute: { status: 'under_review', has_evidence: true, submission_count: 1 } },
    });
    expect((await waybill.stripe.disputes.retrieve(dispute.id)).evidence.receipt).toBe(file.id);
  });

  it('is not answered with empty evidence, which would lose it for good', async () => {
    const { id } = await disputed();
    const body = { submit: true };
    expect(await request(waybill, 'POST', `/v1/orders/${id}/dispute/evidence`, { body })).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', param: 'evidence' },
    });
    expect((await order(id)).dispute).toMatchObject({ status: 'needs_response', submission_count: 0 });
  });

  it('beside another is answered by its id, and each is explained to the cent', async () => {
    const { id, latest_charge: charge } = await sold();
    await control(waybill, `charges/${charge}/dispute`, { amount: 300, inquiry: true });
    await control(waybill, `charges/${charge}/dispute`, { amount: 400 });
    await shows(id, { disputes: [{ amount: 300 }, { amount: 400 }], funds: { platform_net: 64 - 1900 } });
    const { disputes } = await order(id);
    const [{ id: inquiry }, { id: chargeback }] = disputes;
    const answer = (path: string, body: Record<string, unknown>) =>
      request(waybill, 'POST', `/v1/orders/${id}/dispute/${path}`, { body });
    const evidence = { product_description: 'a vase' };
    expect(await answer('evidence', { evidence, submit: true })).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', param: 'dispute' },
    });
    expect(await answer('evidence', { dispute: inquiry, evidence, submit: true })).toMatchObject({
      status: 200,
      body: { disputes: [{ status: 'warning_under_review' }, { status: 'needs_response' }] },
    });
    expect(await answer('accept', { dispute: chargeback })).toMatchObject({
      status: 200,
      body: { disputes: [{ status: 'warning_under_review' }, { status: 'lost' }], needs_attention: null },
    });
    const { funds } = await order(id);
    const { body: explained } = await request(waybill, 'GET', `/v1/orders/${id}/balance_transactions`);
    expect(explained.totals.platform).toEqual(funds.platform);
    expect(explained.totals.stripe_fee).toEqual([{ amount: funds.stripe_fee, currency: 'usd' }]);
    expect(explained.data.map(({ reason }: { reason: string }) => reason)).toContain('dispute');
  });

  it('that nobody answers in time is lost, and the platform bears it by default', async () => {
    const { id } = await disputed();
    await control(waybill, 'clock/advance', { seconds: 10 * DAY_SECONDS });
    await shows(id, {
      on_dispute_lost: 'bear',
      dispute: { status: 'lost', recovery: null },
      funds: { platform_net: 64 - 2500, connected_net: 877 },
      needs_attention: null,
    });
    const late = await request(waybill, 'POST', `/v1/orders/${id}/dispute/evidence`, {
      body: { submit: true },
    });
    expect(late).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
  });

  it('can be accepted, once', async () => {
    const { id } = await disputed();
    const accepted = await request(waybill, 'POST', `/v1/orders/${id}/dispute/accept`);
    expect(accepted).toMatchObject({
      status: 200,
      body: { dispute: { status: 'lost' }, needs_attention: null },
    });
    expect(await request(waybill, 'POST', `/v1/orders/${id}/dispute/accept`)).toMatchObject({
      status: 409,
      body: { code: 'state_conflict' },
    });
  });

  it('is off the lists once an operator has acknowledged it', async () => {
    const { id, dispute } = await disputed();
    const body = { action: 'acknowledge', stripe_id: dispute.id, reason: 'we let it lapse' };
    const seen = await request(waybill, 'POST', `/v1/orders/${id}/resolve`, { body });
    expect(seen.body).toMatchObject({
      needs_attention: null,
      notices: [{ code: 'dispute_needs_response', acknowledged_by: 'dev_ops' }],
    });
  });

  it('that Waybill’s key may not read shows: the order says that it cannot be read, and keeps reading', async () => {
    const { id, latest_charge: charge } = await sold();
    const error = { type: 'invalid_request_error', message: 'This key may not read disputes.' } as const;
    await control(waybill, 'faults', {
      match: { method: 'GET', path: '/v1/disputes', times: 'always' },
      effect: { status: 403, error },
    });
    await control(waybill, `charges/${charge}/dispute`);
    await shows(id, {
      dispute: null,
      needs_attention: { code: 'reading_failed', message: expect.stringContaining(error.message) },
    });
    await fetch(`${waybill.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' });
    await waybill.stripe.charges.update(charge, { metadata: { looked: 'at' } });
    await shows(id, { dispute: { status: 'needs_response' }, needs_attention: RESPOND });
  });

  it('of an order without one cannot be answered', async () => {
    const { id } = await sold();
    for (const [path, body] of [
      ['evidence', { submit: true }],
      ['accept', {}],
    ] as const) {
      expect(await request(waybill, 'POST', `/v1/orders/${id}/dispute/${path}`, { body })).toMatchObject({
        status: 409,
        body: { code: 'state_conflict', detail: 'This payment is not disputed.' },
      });
    }
  });
});

describe('an inquiry', () => {
  it('moves no money, and ends when the payment is refunded', async () => {
    const { id } = await disputed({}, { inquiry: true });
    expect(await order(id)).toMatchObject({
      dispute: { is_inquiry: true, status: 'warning_needs_response', platform: [] },
      funds: { platform_net: 64 },
      needs_attention: RESPOND,
    });
    const refunded = await request(waybill, 'POST', `/v1/orders/${id}/refunds`, {
      body: { reverse_transfer: true, refund_application_fee: true },
    });
    expect(refunded).toMatchObject({ status: 200, body: { status: 'refunded' } });
    await shows(id, { dispute: { status: 'warning_closed' }, needs_attention: null });
  });
});

describe('a lost dispute of an order that recovers it', () => {
  const RECOVER = { on_dispute_lost: 'recover' };
  const RECOVERED = {
    dispute: {
      status: 'lost',
      recovery: {
        status: 'recovered',
        transfer_reversal: { amount: 1000, currency: 'usd' },
      },
    },
    // The connected account gives its 8.77 back; the platform bears the fees.
    funds: { connected_net: 0, platform_net: 64 - 2500 + 877 },
    needs_attention: null,
  };

  it('takes the connected account’s share back, with the fee in the same proportion', async () => {
    const lost = await disputed(RECOVER);
    await decide(lost, 'lost');
    await shows(lost.id, RECOVERED);
    const { transfer } = await order(lost.id);
    expect((await waybill.stripe.transfers.listReversals(transfer)).data).toHaveLength(1);
  });

  it('takes only the share of what was disputed', async () => {
    const lost = await disputed(RECOVER, { amount: 400 });
    await decide(lost, 'lost');
    await shows(lost.id, {
      dispute: { recovery: { status: 'recovered', transfer_reversal: { amount: 400 } } },
      funds: { connected_net: 877 - 400 + 49 },
    });
  });

  it('waits for funds if the account has none, and continues when an operator retries', async () => {
    const lost = await disputed({ ...RECOVER, connected_account: 'acct_1WaybillUSXpress' });
    await control(waybill, 'settings', { negative_balances: false });
    await decide(lost, 'lost');
    await shows(lost.id, {
      dispute: { recovery: { status: 'pending', attempts: 1, failure: { code: 'balance_insufficient' } } },
      needs_attention: { code: 'recovery_pending', subject: lost.dispute.id },
    });
    const { dispute, needs_attention: needs } = await order(lost.id);
    expect(Date.parse(dispute.recovery.next_attempt_at)).toBeGreaterThan(Date.parse(needs.since));

    const retry = { action: 'retry', reason: 'they were paid' };
    expect(await request(waybill, 'POST', `/v1/orders/${lost.id}/resolve`, { body: retry })).toMatchObject({
      status: 202,
      body: { dispute: { recovery: { attempts: 2 } } },
    });
    await control(waybill, 'settings', { negative_balances: true });
    expect(await request(waybill, 'POST', `/v1/orders/${lost.id}/resolve`, { body: retry })).toMatchObject({
      status: 200,
      body: RECOVERED,
    });
  });

  it('is borne by the platform after all when an operator abandons the recovery', async () => {
    const lost = await disputed({ ...RECOVER, connected_account: 'acct_1WaybillUSXpress' });
    await control(waybill, 'settings', { negative_balances: false });
    await decide(lost, 'lost');
    await shows(lost.id, { needs_attention: { code: 'recovery_pending' } });
    const body = { action: 'abandon', reason: 'the seller is gone' };
    expect(await request(waybill, 'POST', `/v1/orders/${lost.id}/resolve`, { body })).toMatchObject({
      status: 200,
      body: { needs_attention: null, dispute: { recovery: { status: 'given_up' } } },
    });
  });
});

describe('a refund', () => {
  it('of a disputed payment is refused with the reason', async () => {
    const { id, dispute } = await disputed();
    const refused = await request(waybill, 'POST', `/v1/orders/${id}/refunds`);
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'state_conflict', stripe_code: 'charge_disputed' },
    });
    expect(refused.body.detail).toContain(dispute.id);
  });

  it('that meets an unknown dispute is refused by Stripe, and the order shows the dispute', async () => {
    await control(waybill, 'webhooks', { drop: true });
    const { id, latest_charge: charge } = await sold();
    await control(waybill, `charges/${charge}/dispute`);
    expect((await order(id)).dispute).toBeNull();
    const refused = await request(waybill, 'POST', `/v1/orders/${id}/refunds`);
    expect(refused).toMatchObject({ status: 409, body: { stripe_code: 'charge_disputed' } });
    await shows(id, { dispute: { status: 'needs_response' } });
  });

  it('and a dispute in flight together pay once: the dispute came first', async () => {
    const { id, latest_charge: charge } = await sold();
    await control(waybill, 'faults', {
      match: { method: 'POST', path: '/v1/refunds' },
      effect: { delay_ms: HELD_BACK_MS, when: 'before' },
    });
    const refund = request(waybill, 'POST', `/v1/orders/${id}/refunds`);
    await control(waybill, `charges/${charge}/dispute`);
    expect(await refund).toMatchObject({ status: 409, body: { stripe_code: 'charge_disputed' } });
    await shows(id, { amount_refunded: 0, dispute: { withdrawn: [{ amount: 1000, currency: 'usd' }] } });
  });

  it('and a dispute in flight together pay once: the refund came first', async () => {
    const { id, latest_charge: charge } = await sold();
    await control(waybill, 'faults', {
      match: { method: 'POST', path: '/v1/refunds' },
      effect: { delay_ms: HELD_BACK_MS, when: 'after' },
    });
    const refund = request(waybill, 'POST', `/v1/orders/${id}/refunds`);
    await vi.waitFor(async () => {
      expect((await waybill.stripe.refunds.list({ charge })).data).toHaveLength(1);
    }, WITHIN);
    await expect(control(waybill, `charges/${charge}/dispute`)).rejects.toThrow(/amount/);
    expect(await refund).toMatchObject({ status: 200, body: { amount_refunded: 1000, dispute: null } });
  });
});

it('everything reconciles: each order has what its transactions add up to', () => allReconciles(waybill));

describe('a payment that a card network reports as fraudulent', () => {
  const WARNING = { code: 'early_fraud_warning', operation: null, allowed_actions: ['acknowledge'] };
  const reported = async () => {
    const { id } = await sold({ payment_method: 'pm_card_createIssuerFraudRecord' });
    await shows(id, { status: 'captured', dispute: null, needs_attention: WARNING });
    return order(id);
  };

  it('asks for somebody until it is refunded', async () => {
    const { id, latest_charge: charge, needs_attention: need } = await reported();
    expect(need.subject).toBe(charge);
    const refunded = await request(waybill, 'POST', `/v1/orders/${id}/refunds`, {
      body: { reverse_transfer: true },
    });
    expect(refunded.body).toMatchObject({ status: 'refunded', needs_attention: null });
  });

  it('asks about the dispute instead once that comes', async () => {
    const { id, latest_charge: charge } = await reported();
    await control(waybill, `charges/${charge}/dispute`, {});
    await shows(id, { needs_attention: RESPOND });
  });
});

describe('a payment that Radar puts in review', () => {
  const REVIEW = { code: 'payment_in_review', operation: null, allowed_actions: ['acknowledge'] };
  const reviewed = async (body: Record<string, unknown> = {}) => {
    const { id, latest_charge: charge } = await sold(body);
    const review = await putInReview(waybill, charge);
    await shows(id, { needs_attention: { ...REVIEW, subject: review } });
    return { id, charge, review };
  };
  const closings = async (id: string) => {
    const { data } = (await request(waybill, 'GET', `/v1/orders/${id}/timeline`)).body;
    return data.filter(({ name }: { name: string }) => name === 'review_closed');
  };

  it('asks for somebody until it is approved, and is captured meanwhile as any other', async () => {
    const { id, review } = await reviewed({ capture_method: 'manual' });
    const captured = await request(waybill, 'POST', `/v1/orders/${id}/capture`);
    expect(captured).toMatchObject({ status: 200, body: { status: 'captured', needs_attention: REVIEW } });
    await waybill.stripe.reviews.approve(review);
    await shows(id, { status: 'captured', needs_attention: null, notices: [] });
    expect(await closings(id)).toMatchObject([{ actor: 'stripe', detail: 'approved', stripe_id: review }]);
  });

  it('asks for nobody once it is refunded, or canceled in the Dashboard', async () => {
    const { id } = await reviewed();
    const body = { reverse_transfer: true, reason: 'fraudulent' };
    const refunded = await request(waybill, 'POST', `/v1/orders/${id}/refunds`, { body });
    expect(refunded.body).toMatchObject({ status: 'refunded', needs_attention: null });
    await vi.waitFor(
      async () => expect(await closings(id)).toMatchObject([{ detail: 'refunded_as_fraud' }]),
      WITHIN,
    );
    const { id: held } = await reviewed({ capture_method: 'manual' });
    await waybill.stripe.paymentIntents.cancel((await order(held)).payment_intent);
    await shows(held, { status: 'canceled', needs_attention: null });
  });

  it('asks about the dispute alone once that comes', async () => {
    const { id, charge } = await reviewed();
    await control(waybill, `charges/${charge}/dispute`, {});
    await shows(id, { needs_attention: RESPOND, notices: [{ code: 'dispute_needs_response' }] });
  });

  it('asks somebody to look for themselves, if Waybill’s key may not read reviews', async () => {
    const error = {
      type: 'invalid_request_error',
      message: 'The key does not have the required permissions.',
    };
    await control(waybill, 'faults', {
      match: { method: 'GET', path: '/v1/reviews/*', times: 'always' },
      effect: { error, status: 403 },
    });
    const { id } = await reviewed();
    expect((await order(id)).needs_attention.message).toContain('may not read');
    await request(waybill, 'POST', `/v1/orders/${id}/refunds`, { body: { amount: 100 } });
    await endFaults(waybill);
    await shows(id, { amount_refunded: 100 });
  });
});

describe('a payment that is disputed though it was refunded', () => {
  it('asks for evidence of that, and for the money once it is lost', async () => {
    const { id, latest_charge: charge } = await sold();
    await request(waybill, 'POST', `/v1/orders/${id}/refunds`, { body: { reverse_transfer: true } });
    await control(waybill, `charges/${charge}/dispute`, { amount: 1000 });
    const known = expect.stringContaining('10.00 USD of it were refunded before');
    await shows(id, { needs_attention: { ...RESPOND, message: known } });
    await decide(await order(id), 'lost');
    const twice = expect.stringContaining('10.00 USD back by refund and 10.00 USD by dispute');
    await shows(id, {
      status: 'refunded',
      needs_attention: { code: 'given_back_twice', message: twice, allowed_actions: ['acknowledge'] },
      funds: { platform_net: 64 - 1000 - 1500, connected_net: 877 - 1000 },
    });
  });
});
