import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { OrderResource } from '../../api/orders/order-schema.ts';
import { SEEDED_ACCOUNTS } from '../../sandbox/index.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { control, createOrder, unbalanced, WITHIN } from './support.ts';

const { deCustom } = SEEDED_ACCOUNTS;

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({}, { webhooks: true });
});
afterEach(async () => expect(await unbalanced(waybill)).toEqual([]));
afterAll(() => waybill?.stop());

async function order(id: string): Promise<OrderResource> {
  return (await request(waybill, 'GET', `/v1/orders/${id}`)).body;
}

/** A sale of 10.00, captured at once, whose lost disputes are recovered; refunded in parts before. */
async function sold(body: object, refunds: readonly object[] = []): Promise<OrderResource> {
  const terms = { capture_method: 'automatic', on_dispute_lost: 'recover', ...body };
  const { body: sale } = await createOrder(waybill, terms);
  for (const refund of refunds) {
    const made = await request(waybill, 'POST', `/v1/orders/${sale.id}/refunds`, { body: refund });
    expect(made, JSON.stringify(made.body)).toMatchObject({ status: 200 });
  }
  return sale;
}

/** The order once so many disputes are known. */
async function disputed(id: string, count: number): Promise<OrderResource> {
  return vi.waitFor(async () => {
    const now = await order(id);
    expect(now.disputes).toHaveLength(count);
    return now;
  }, WITHIN);
}

/** The order once every dispute is recovered and nothing is outstanding. */
async function recovered(id: string): Promise<OrderResource> {
  return vi.waitFor(async () => {
    const now = await order(id);
    for (const { recovery } of now.disputes) expect(recovery?.status).toBe('recovered');
    expect(now.complete).toBe(true);
    return now;
  }, WITHIN);
}

/** What Stripe's own balance transactions come to, for both sides. */
async function explained(id: string): Promise<Pick<OrderResource['funds'], 'platform' | 'connected'>> {
  const { body } = await request(waybill, 'GET', `/v1/orders/${id}/balance_transactions`);
  return body.totals;
}

const FEE = { application_fee_amount: 123 };
const TRANSFER = { transfer_amount: 877 };
const SHARED = { amount: 333, reverse_transfer: true, refund_application_fee: true };
const BORNE = { amount: 333 };
const usd = (amount: number) => ({ amount, currency: 'usd' });
const eur = (amount: number) => ({ amount, currency: 'eur' });

describe('the share that a lost dispute takes back', () => {
  it.each([
    ['after a refund that the account shared: the rest', FEE, [SHARED], undefined, usd(667), []],
    ['of a part, after such a refund', FEE, [SHARED], 400, usd(400), [usd(234)]],
    ['after a refund that the platform bore', FEE, [BORNE], undefined, usd(667), [usd(292)]],
    ['of a transfer_amount', TRANSFER, [], 400, usd(351), [usd(526)]],
    ['of a transfer_amount, after a shared refund', TRANSFER, [SHARED], undefined, usd(585), []],
    [
      'in another currency than the account’s',
      { ...FEE, connected_account: deCustom },
      [SHARED],
      400,
      usd(400),
      [eur(216)],
    ],
    [
      'in another currency than the sale’s',
      { ...FEE, connected_account: deCustom, currency: 'eur' },
      [SHARED],
      400,
      usd(435),
      [eur(234)],
    ],
    [
      'where the account is the settlement merchant',
      { ...FEE, connected_account: deCustom, on_behalf_of: true },
      [SHARED],
      undefined,
      eur(614),
      [],
    ],
  ] as const)('is explained to the cent %s', async (_, terms, refunds, part, reversal, left) => {
    const { id, latest_charge: charge } = await sold(terms, refunds);
    await control(waybill, `charges/${charge}/dispute`, { amount: part });
    const { dispute } = await disputed(id, 1);
    await control(waybill, `disputes/${dispute?.id}/decide`, { verdict: 'lost' });
    const { disputes, funds } = await recovered(id);
    expect(disputes).toMatchObject([{ recovery: { transfer_reversal: reversal } }]);
    expect(funds.connected).toEqual(left);
    expect(await explained(id)).toMatchObject({ platform: funds.platform, connected: funds.connected });
  });

  it.each([
    ['of a sale', FEE, usd(600), [usd(351)]],
    ['in another currency than the account’s', { ...FEE, connected_account: deCustom }, usd(600), [eur(323)]],
  ] as const)('is of what the dispute cost, if a part comes back, %s', async (_, terms, reversal, left) => {
    const { id, latest_charge: charge } = await sold(terms);
    await control(waybill, `charges/${charge}/dispute`);
    const { dispute } = await disputed(id, 1);
    await control(waybill, `disputes/${dispute?.id}/decide`, { verdict: 'lost', returned: 400 });
    const { disputes, funds } = await recovered(id);
    expect(disputes).toMatchObject([{ status: 'lost', recovery: { transfer_reversal: reversal } }]);
    expect(funds.connected).toEqual(left);
    expect(await explained(id)).toMatchObject({ platform: funds.platform, connected: funds.connected });
  });

  it('is shown in the application fee’s currency, whatever the account’s is', async () => {
    const { id, latest_charge: charge } = await sold({ ...FEE, connected_account: deCustom }, [SHARED]);
    await control(waybill, `charges/${charge}/dispute`);
    const { dispute } = await disputed(id, 1);
    await control(waybill, `disputes/${dispute?.id}/decide`, { verdict: 'lost' });
    const { refunds, adjustments } = await recovered(id);
    expect(refunds).toMatchObject([{ application_fee_refunded: 41 }]);
    expect(adjustments).toMatchObject([{ object: 'transfer_reversal' }, { amount: 82, currency: 'usd' }]);
  });

  it('is shown though the fee was refunded in more parts than Stripe shows at once', async () => {
    const parts = Array.from({ length: 11 }, () => ({ ...SHARED, amount: 50 }));
    const { id, latest_charge: charge } = await sold(FEE, parts);
    await control(waybill, `charges/${charge}/dispute`);
    const { dispute } = await disputed(id, 1);
    await control(waybill, `disputes/${dispute?.id}/decide`, { verdict: 'lost' });
    const { funds } = await recovered(id);
    expect(await explained(id)).toMatchObject({ platform: funds.platform, connected: funds.connected });
  });

  it('of several disputes is taken for each, and never more than the account got', async () => {
    const { id, latest_charge: charge } = await sold(TRANSFER);
    for (const amount of [333, 333, 334]) {
      await control(waybill, `charges/${charge}/dispute`, { amount, inquiry: true });
    }
    // The bank was only asking, and takes the money after all.
    for (const { id: inquiry } of (await disputed(id, 3)).disputes) {
      const evidence = { uncategorized_text: 'escalate_inquiry_evidence' };
      const body = { dispute: inquiry, evidence, submit: true };
      const sent = await request(waybill, 'POST', `/v1/orders/${id}/dispute/evidence`, { body });
      expect(sent.status).toBe(200);
    }
    await control(waybill, 'clock/advance', { seconds: 60 });
    for (const { id: chargeback } of (await order(id)).disputes) {
      await control(waybill, `disputes/${chargeback}/decide`, { verdict: 'lost' });
    }
    const { disputes, funds } = await recovered(id);
    expect(disputes.map(({ recovery }) => recovery?.transfer_reversal?.amount)).toEqual([292, 292, 293]);
    expect(funds).toMatchObject({ platform_net: 1000 - 59 - 1000 - 3 * 1500, connected_net: 0 });
    expect(await explained(id)).toMatchObject({ platform: funds.platform, connected: funds.connected });
  });
});
