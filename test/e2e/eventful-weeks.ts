import { expect } from 'vitest';
import type { Waybill } from '../support/waybill.ts';
import { request } from '../support/waybill.ts';
import { days, earn, payOut, seller } from './sellers.ts';
import { control, createOrder } from './support.ts';

/** An account after sales, refunds and reversals of every kind, a dispute, transfers, a reserve and payouts. */
export async function eventfulWeeks(waybill: Waybill): Promise<string> {
  const id = await seller(waybill, { schedule: 'manual' });
  const sale = async (body: Record<string, unknown>) => {
    const terms = { amount: 2_000, connected_account: id, capture_method: 'automatic', ...body };
    const { status, body: order } = await createOrder(waybill, terms);
    expect(status, JSON.stringify(order)).toBe(201);
    return order.id as string;
  };
  const act = async (order: string, what: string, body: Record<string, unknown>) => {
    const answer = await request(waybill, 'POST', `/v1/orders/${order}/${what}`, { body });
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(202);
  };
  await earn(waybill, id, 5_000);
  const refunded = await sale({ application_fee_amount: 123 });
  await act(refunded, 'refunds', { reverse_transfer: true, refund_application_fee: true });
  await sale({ application_fee_amount: 200 });
  const part = await sale({ transfer_amount: 1_500 });
  await act(part, 'refunds', { amount: 700, reverse_transfer: true });
  await act(part, 'refunds', { amount: 300 });
  await sale({ payment_method: 'pm_card_createDispute', transfer_amount: 1_900 });
  await act(await sale({ transfer_amount: 400 }), 'transfers', { amount: 60, description: 'goodwill' });
  await payOut(waybill, id, { amount: 600 });
  await days(waybill, 4);
  await control(waybill, `accounts/${id}/reserve`, { amount: 250 });
  await waybill.stripe.accounts.update(id, {
    settings: { payouts: { schedule: { interval: 'daily', delay_days: 'minimum' } } },
  });
  await days(waybill, 4);
  return id;
}
