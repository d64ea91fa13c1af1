import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { stripeEventSignal } from '../../contract/stripe-events.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { createOrder, DESTINATION, unbalanced, WITHIN } from './support.ts';

/** One more than Stripe lists on a page. */
const REFUNDS = 101;
/** One more than Stripe shows of a list inside an object. */
const BANK_ACCOUNTS = 11;

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill();
});
afterAll(() => waybill?.stop());

const get = async (path: string) => (await request(waybill, 'GET', path)).body;

it('the balance transactions of an order are all pages of them', async () => {
  const sale = { amount: 50_000, application_fee_amount: 5_000, capture_method: 'automatic' };
  const { id, payment_intent } = (await createOrder(waybill, sale)).body;
  for (let n = 0; n < REFUNDS; n++) {
    const flags = { reverse_transfer: true, refund_application_fee: true };
    await waybill.stripe.refunds.create({ payment_intent, amount: 100, ...flags });
  }
  const order = waybill.env.client.workflow.getHandle(orderWorkflowId(id));
  await order.signal(stripeEventSignal, { eventId: 'evt_1', eventType: 'charge.refunded' });
  await vi.waitFor(async () => {
    expect((await get(`/v1/orders/${id}`)).refunds).toHaveLength(REFUNDS);
  }, WITHIN);

  const { funds } = await get(`/v1/orders/${id}`);
  const { data, totals } = await get(`/v1/orders/${id}/balance_transactions`);
  expect(totals).toMatchObject({ platform: funds.platform, connected: funds.connected });
  const because = (wanted: string) => data.filter(({ reason }: { reason: string }) => reason === wanted);
  expect(because('refund')).toHaveLength(REFUNDS);
  // On the platform and on the connected account.
  expect(because('transfer_reversal')).toHaveLength(2 * REFUNDS);
  expect(because('application_fee_refund')).toHaveLength(2 * REFUNDS);
  expect(await unbalanced(waybill)).toEqual([]);
});

it('the external accounts of an account are more than the ten that it brings along', async () => {
  for (let n = 0; n < BANK_ACCOUNTS; n++) {
    await waybill.stripe.accounts.createExternalAccount(DESTINATION, {
      external_account: {
        object: 'bank_account',
        country: 'US',
        currency: 'usd',
        routing_number: '110000000',
        account_number: '000123456789',
      },
    });
  }
  const shown = (await get(`/v1/accounts/${DESTINATION}`)).external_accounts;
  const listed = (await get('/v1/accounts?limit=100')).data.find(
    ({ id }: { id: string }) => id === DESTINATION,
  );
  expect(shown.length).toBeGreaterThanOrEqual(BANK_ACCOUNTS);
  expect(listed.external_accounts).toEqual(shown);
});
