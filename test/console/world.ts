import { control, createOrder, DESTINATION } from '../e2e/support.ts';
import type { Waybill } from '../support/waybill.ts';
import { request } from '../support/waybill.ts';

const AT_ONCE = { capture_method: 'automatic', application_fee_amount: 123 };

/** What an operator finds in the morning: orders in every state, and some that need somebody. */
export async function fillWorld(waybill: Waybill): Promise<void> {
  const order = (id: string, body: object) => createOrder(waybill, { id, ...body });
  const post = (path: string, body: object) => request(waybill, 'POST', `/v1/${path}`, { body });
  await order('order-1001', { ...AT_ONCE, metadata: { cart: '17' } });
  await order('order-1002', { amount: 4_250, application_fee_amount: 425 });
  await order('order-1003', { ...AT_ONCE, amount: 12_900, application_fee_amount: 1_290 });
  await post('orders/order-1003/refunds', {
    amount: 3_000,
    reverse_transfer: true,
    refund_application_fee: true,
    reason: 'requested_by_customer',
  });
  await post('orders/order-1003/transfers', { amount: 500, description: 'Express delivery' });
  await order('order-1004', { payment_method: 'pm_card_chargeDeclined' });
  await order('order-1005', { ...AT_ONCE, amount: 8_800, payment_method: 'pm_card_createDispute' });
  for (const [id, amount] of Object.entries({ 'order-1007': 15_000, 'order-1006': 2_400 })) {
    const { body } = await order(id, { amount, application_fee_amount: 123 });
    await refuseKey(waybill, `/v1/payment_intents/${body.payment_intent}/capture`);
    await post(`orders/${id}/capture`, {});
  }
  await refuseKey(waybill, '/v1/accounts');
  await post('accounts', { id: 'seller-9', type: 'custom', country: 'US' });
  const bonus = { amount: 90_000, currency: 'usd', destination: DESTINATION, description: 'Bonus' };
  await post('transfers', { id: 'bonus-1', ...bonus });
}

/** As if the platform's key had been revoked, for one path, until `acceptKey`. */
export async function refuseKey(waybill: Waybill, path: string): Promise<void> {
  await control(waybill, 'faults', {
    match: { method: 'POST', path, times: 'always' },
    effect: {
      status: 401,
      error: { type: 'invalid_request_error', message: 'Expired API Key provided: sk_test_***ill' },
    },
  });
}

export async function acceptKey({ sandboxUrl }: Waybill): Promise<void> {
  await fetch(`${sandboxUrl}/_sandbox/faults`, { method: 'DELETE' });
}
