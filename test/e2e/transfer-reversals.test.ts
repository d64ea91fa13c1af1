import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { transferResource } from '../../api/transfers/transfer-schema.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { control, createOrder, DESTINATION, WITHIN } from './support.ts';

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill();
  // A transfer with no order comes out of the available balance.
  await createOrder(waybill, {
    amount: 50_000,
    payment_method: 'pm_card_bypassPending',
    capture_method: 'automatic',
    transfer_amount: 1,
  });
});
afterAll(() => waybill?.stop());

const bonus = (id: string) => ({
  id,
  amount: 500,
  currency: 'usd',
  destination: DESTINATION,
  description: 'bonus',
});
const pay = (id: string) => request(waybill, 'POST', '/v1/transfers', { body: bonus(id), key: id });
const read = async (id: string) => (await request(waybill, 'GET', `/v1/transfers/${id}`)).body;

describe('a transfer without an order that is reversed in the Dashboard', () => {
  it('is read, listed and answered to a repeat as Stripe shows it', async () => {
    const { body: paid } = await pay('taken-back');
    expect(paid).toMatchObject({ status: 'paid', amount: 500, amount_reversed: 0, reversals: [] });
    const first = await waybill.stripe.transfers.createReversal(paid.stripe_transfer, { amount: 200 });
    const inPart = await read('taken-back');
    expect(inPart).toMatchObject({
      status: 'partially_reversed',
      amount: 500,
      amount_reversed: 200,
      reversals: [{ id: first.id, object: 'transfer_reversal', amount: 200, currency: 'usd' }],
    });
    expect(transferResource.safeParse(inPart).error).toBeUndefined();

    const rest = await waybill.stripe.transfers.createReversal(paid.stripe_transfer);
    const reversed = {
      status: 'reversed',
      amount_reversed: 500,
      reversals: [
        { id: rest.id, amount: 300 },
        { id: first.id, amount: 200 },
      ],
    };
    expect(await read('taken-back')).toMatchObject(reversed);
    const again = await pay('taken-back');
    expect(again).toMatchObject({ status: 201, body: reversed });
    expect(again.headers.get('Idempotent-Replayed')).toBe('true');
    await vi.waitFor(async () => {
      const { body } = await request(waybill, 'GET', '/v1/transfers');
      expect(body.data).toContainEqual(expect.objectContaining({ id: 'taken-back', status: 'reversed' }));
    }, WITHIN);
  });

  it('shows every reversal, beyond those that Stripe puts into the transfer', async () => {
    const { body: paid } = await pay('piecemeal');
    for (let at = 0; at < 12; at++) {
      await waybill.stripe.transfers.createReversal(paid.stripe_transfer, { amount: 10 });
    }
    const { reversals, amount_reversed: reversed } = await read('piecemeal');
    expect([reversals.length, reversed]).toEqual([12, 120]);
  });

  it('says that reversals are unknown while Stripe does not answer', async () => {
    const { body: paid } = await pay('unreachable');
    await waybill.stripe.transfers.createReversal(paid.stripe_transfer);
    await control(waybill, 'faults', {
      match: { method: 'GET', path: `/v1/transfers/${paid.stripe_transfer}`, times: 2 },
      effect: { status: 500 },
    });
    expect(await read('unreachable')).toMatchObject({
      status: 'paid',
      amount_reversed: null,
      reversals: null,
    });
    expect(await read('unreachable')).toMatchObject({ status: 'reversed', amount_reversed: 500 });
  });
});
