import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { orderWorkflowId } from '../../domain/ids.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { allReconciles } from './reconciled.ts';
import { control, createOrder, unbalanced, WITHIN } from './support.ts';

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({}, { webhooks: true });
});
afterEach(async () => {
  await control(waybill, 'settings', {
    async_refund_seconds: 5,
    negative_balances: true,
    refund_reference_seconds: 86_400,
    refunds_wait_for_funds: false,
  });
  expect(await unbalanced(waybill)).toEqual([]);
});
afterAll(() => waybill?.stop());

async function sold(body: Record<string, unknown> = {}) {
  const sale = { capture_method: 'automatic', application_fee_amount: 123, ...body };
  return (await createOrder(waybill, sale)).body;
}

async function shows(id: string, expected: object) {
  await vi.waitFor(async () => {
    expect((await request(waybill, 'GET', `/v1/orders/${id}`)).body).toMatchObject(expected);
  }, WITHIN);
}

function refund(id: string, body: Record<string, unknown> = {}) {
  return request(waybill, 'POST', `/v1/orders/${id}/refunds`, { body });
}

describe('a refund that fails after it had succeeded', () => {
  it('no longer counts: the order shows it, needs attention, and can be refunded again', async () => {
    const { id } = await sold();
    const made = await refund(id, { reverse_transfer: true });
    expect(made.body).toMatchObject({ status: 'refunded', amount_refunded: 1000 });
    const [{ id: failed }] = made.body.refunds;
    await control(waybill, `refunds/${failed}/fail`, { reason: 'expired_or_canceled_card' });
    await shows(id, {
      status: 'captured',
      amount_refunded: 0,
      refunds: [{ id: failed, status: 'failed', failure_reason: 'expired_or_canceled_card' }],
      needs_attention: {
        code: 'refund_failed',
        subject: failed,
        operation: null,
        message: expect.stringContaining('pay the customer another way'),
      },
      // The money is back on the platform; what was reversed from the connected account stays there.
      funds: { platform_net: 64 + 1000, connected_net: 877 - 1000 },
    });

    const body = { action: 'acknowledge', stripe_id: failed, reason: 'refunded again' };
    expect((await request(waybill, 'POST', `/v1/orders/${id}/resolve`, { body })).body).toMatchObject({
      needs_attention: null,
    });
    const again = await refund(id);
    expect(again.body).toMatchObject({ status: 'refunded', amount_refunded: 1000, needs_attention: null });
    await shows(id, { funds: { platform_net: 64, connected_net: 877 - 1000 } });
  });
});

describe('a refund whose customer has to say where it goes', () => {
  const ends = [
    ['succeeds', 'succeeded', 400, null],
    ['is canceled in the Dashboard', 'canceled', 0, null],
    ['expires', 'failed', 0, { code: 'refund_failed' }],
  ] as const;
  it.each(ends)('asks for somebody, and %s after it was asked about again', async (_, end, given, need) => {
    const { id } = await sold();
    const made = await refund(id, { amount: 400 });
    const [{ id: refunded }] = made.body.refunds;
    await control(waybill, `refunds/${refunded}/require_action`);
    await shows(id, {
      complete: false,
      amount_refunded: 400,
      outstanding: [refunded],
      refunds: [{ status: 'requires_action', next_action: { type: 'display_details' } }],
      needs_attention: {
        code: 'refund_requires_action',
        subject: refunded,
        allowed_actions: ['acknowledge'],
      },
    });
    await control(waybill, 'settings', { async_refund_seconds: 3_600 });
    await control(waybill, `refunds/${refunded}/answer`);
    await shows(id, { refunds: [{ status: 'pending', next_action: null }], needs_attention: null });
    await control(waybill, `refunds/${refunded}/require_action`);
    await shows(id, { needs_attention: { code: 'refund_requires_action' } });

    const { refunds, testHelpers } = waybill.stripe;
    if (end === 'canceled') await refunds.cancel(refunded);
    else if (end === 'failed') await testHelpers.refunds.expire(refunded);
    else {
      await control(waybill, 'settings', { async_refund_seconds: 0 });
      await control(waybill, `refunds/${refunded}/answer`);
    }
    await shows(id, {
      complete: true,
      amount_refunded: given,
      refunds: [{ status: end, next_action: null }],
      needs_attention: need,
    });
  });
});

describe('a refund whose bank gives it a number days later', () => {
  it('shows the number though nothing else of it has changed, and the timeline says it once', async () => {
    await control(waybill, 'settings', { refund_reference_seconds: 0.5 });
    const { id } = await sold();
    const made = await refund(id, { amount: 400, reverse_transfer: true, refund_application_fee: true });
    expect(made.body.refunds).toMatchObject([{ reference: null, reference_status: 'pending' }]);
    const [{ id: refunded }] = made.body.refunds;
    await shows(id, { refunds: [{ reference_status: 'available' }] });
    const { body } = await request(waybill, 'GET', `/v1/orders/${id}`);
    const { destination_details: details } = await waybill.stripe.refunds.retrieve(refunded);
    const [before, after] = [made.body.refunds[0], body.refunds[0]];
    expect(after).toEqual({
      ...before,
      reference: details?.card?.reference,
      reference_status: 'available',
      reference_type: 'acquirer_reference_number',
    });
    const { body: timeline } = await request(waybill, 'GET', `/v1/orders/${id}/timeline`);
    const told = timeline.data.filter(({ name }: { name: string }) => name === 'refund_reference');
    expect(told).toMatchObject([
      { actor: 'stripe', stripe_id: refunded, detail: `acquirer_reference_number ${after.reference}` },
    ]);
  });
});

describe('a refund that the platform’s balance does not cover', () => {
  it('waits for somebody to add funds, and counts its money once they are there', async () => {
    const { id } = await sold({ amount: 100_000 });
    await control(waybill, 'settings', { refunds_wait_for_funds: true });
    const before = (await request(waybill, 'GET', `/v1/orders/${id}`)).body.funds;
    const made = await refund(id);
    expect(made.body).toMatchObject({
      amount_refunded: 100_000,
      refunds: [{ status: 'pending' }],
      needs_attention: { code: 'refund_unfunded', allowed_actions: ['acknowledge'] },
    });
    expect(made.body.complete).toBe(false);
    const topUp = { amount: 200_000, currency: 'usd', payment_method_types: ['card'] };
    await waybill.stripe.paymentIntents.create({
      ...topUp,
      confirm: true,
      payment_method: 'pm_card_bypassPending',
      // It is nobody's order.
      metadata: { waybill_explained: 'a top-up' },
    });
    await shows(id, {
      status: 'refunded',
      refunds: [{ status: 'succeeded' }],
      needs_attention: null,
      complete: true,
      funds: { platform_net: before.platform_net - 100_000, connected_net: before.connected_net },
    });
  });
});

describe('a bank debit that is sent back after it had succeeded', () => {
  const DEBIT_DAYS = 4;

  /** 10.00 by bank debit, arrived. */
  async function debited(method: string, body: Record<string, unknown> = {}) {
    const { id } = await sold({ payment_method: method, ...body });
    await shows(id, { status: 'processing' });
    await control(waybill, 'clock/advance', { seconds: DEBIT_DAYS * 86_400 });
    await shows(id, { status: 'captured', complete: true });
    return (await request(waybill, 'GET', `/v1/orders/${id}`)).body;
  }

  it('is no longer paid: the order shows it, who has which cent, and needs attention', async () => {
    const { id, latest_charge: charge, transfer, funds } = await debited('pm_usBankAccount_success');
    await control(waybill, `charges/${charge}/fail`, { failure_code: 'account_closed' });
    const failed = {
      status: 'requires_payment_method',
      last_decline: { code: 'account_closed' },
      needs_attention: { code: 'charge_failed', subject: charge, operation: null },
      // The platform has paid it back; what was transferred is still with the connected account.
      funds: { gross: 0, platform_net: funds.platform_net - 1000, connected_net: 877 },
      // The customer has still to pay.
      complete: false,
    };
    await shows(id, failed);
    const { body: explained } = await request(waybill, 'GET', `/v1/orders/${id}/balance_transactions`);
    expect(explained.totals.platform).toEqual([{ amount: funds.platform_net - 1000, currency: 'usd' }]);
    expect(explained.totals.connected).toEqual([{ amount: 877, currency: 'usd' }]);
    expect(explained.data.map(({ reason }: { reason: string }) => reason)).toContain('charge_failure');

    // What an operator does about it in the Dashboard shows.
    await waybill.stripe.transfers.createReversal(transfer, { refund_application_fee: true });
    await shows(id, { funds: { platform_net: funds.platform_net - 1000 + 877, connected_net: 0 } });
    const body = { action: 'acknowledge', stripe_id: charge, reason: 'reversed' };
    const seen = await request(waybill, 'POST', `/v1/orders/${id}/resolve`, { body });
    expect(seen.body).toMatchObject({ needs_attention: null });
    const again = { payment_method: 'pm_card_visa' };
    const paid = await request(waybill, 'POST', `/v1/orders/${id}/confirm`, { body: again });
    expect(paid.body).toMatchObject({ status: 'captured', funds: { gross: 1000, connected_net: 877 } });
  });

  it('may be abandoned, stays open until an operator has decided, and shows what is reversed after that', async () => {
    const { id, latest_charge: charge, transfer, funds } = await debited('pm_usBankAccount_success');
    await control(waybill, `charges/${charge}/fail`);
    await shows(id, { status: 'requires_payment_method' });
    const canceled = await request(waybill, 'POST', `/v1/orders/${id}/cancel`);
    expect(canceled.body).toMatchObject({
      status: 'canceled',
      funds: { connected_net: 877 },
      needs_attention: { code: 'charge_failed' },
    });
    const body = { action: 'acknowledge', stripe_id: charge, reason: 'the seller is gone' };
    const seen = await request(waybill, 'POST', `/v1/orders/${id}/resolve`, { body });
    expect(seen).toMatchObject({ status: 200, body: { status: 'canceled', needs_attention: null } });
    const handle = waybill.env.client.workflow.getHandle(orderWorkflowId(id));
    await vi.waitFor(async () => expect((await handle.describe()).status.name).toBe('COMPLETED'), WITHIN);

    await waybill.stripe.transfers.createReversal(transfer, { refund_application_fee: true });
    await shows(id, {
      status: 'canceled',
      needs_attention: null,
      funds: { platform_net: funds.platform_net - 1000 + 877, connected_net: 0 },
    });
  });

  it('comes from US banks as a lost dispute, and is recovered as one', async () => {
    const { id } = await debited('pm_usBankAccount_dispute', { on_dispute_lost: 'recover' });
    await shows(id, {
      status: 'captured',
      dispute: { status: 'lost', reason: 'debit_not_authorized', recovery: { status: 'recovered' } },
      funds: { connected_net: 0 },
      needs_attention: null,
    });
    const order = (await request(waybill, 'GET', `/v1/orders/${id}`)).body;
    const { body: explained } = await request(waybill, 'GET', `/v1/orders/${id}/balance_transactions`);
    expect(explained.totals.platform).toEqual(order.funds.platform);
  });
});

it('a reversal that the connected account cannot cover refuses the refund; nothing moved, and another refund works', async () => {
  // Less is left on its balance than the transfer brought: the fee went back to the platform.
  const { id, funds } = await sold({ connected_account: 'acct_1WaybillUSXpress' });
  await control(waybill, 'settings', { negative_balances: false });
  const refused = await refund(id, { reverse_transfer: true });
  expect(refused).toMatchObject({
    status: 422,
    body: { code: 'balance_insufficient', stripe_code: 'balance_insufficient' },
  });
  expect((await refund(id)).body).toMatchObject({
    status: 'refunded',
    funds: { platform_net: funds.platform_net - 1000, connected_net: 877 },
    needs_attention: null,
  });
});

it('everything reconciles: each order has what its transactions add up to', () => allReconciles(waybill));
