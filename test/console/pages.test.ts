import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOrder, WITHIN } from '../e2e/support.ts';
import { launchBrowser, noBrowser } from '../support/browser.ts';
import { needs } from '../support/needs.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import type { Operator } from './operator.ts';
import { operator } from './operator.ts';
import { acceptKey, fillWorld } from './world.ts';

const DASHBOARD = 'https://dashboard.stripe.test/test';
const LINKS = { temporalUi: null, stripeDashboard: DASHBOARD, docs: null };
const OWING = 'acct_1WaybillUSNotYet';

needs(noBrowser)('the pages of the console', () => {
  let waybill: Waybill;
  let browser: Browser;
  let ops: Operator;
  beforeAll(async () => {
    [waybill, browser] = await Promise.all([
      startWaybill({}, { webhooks: true }, { api: { links: LINKS } }),
      launchBrowser(),
    ]);
    await fillWorld(waybill);
    ops = await operator(browser, waybill, 'dev_ops');
  });
  afterAll(async () => {
    await browser?.close();
    await waybill?.stop();
  });

  const get = async (path: string) => (await request(waybill, 'GET', path)).body;
  const rowOf = (text: string): Locator => ops.page.getByRole('row').filter({ hasText: text });
  const timeIn = (row: Locator) => row.locator('time').first().getAttribute('datetime');
  async function click(dialog: string): Promise<void> {
    const button = ops.page.getByRole('dialog').getByRole('button', { name: dialog, exact: true });
    await button.click();
    await ops.page.getByText(`${dialog}: done`).waitFor(WITHIN);
  }

  it('say what each account owes Stripe, and lead to those that owe something', async () => {
    const { requirements } = await get(`/v1/accounts/${OWING}`);
    const owed: string[] = [...requirements.past_due, ...requirements.currently_due];
    expect(owed.length).toBeGreaterThan(0);
    await ops.open('accounts?owing=true');
    await rowOf(OWING)
      .getByText(owed[0] ?? '')
      .waitFor();
    expect(await rowOf('acct_1WaybillUSCustom').count()).toBe(0);
    await ops.open(`accounts/${OWING}`);
    for (const field of owed)
      await ops.page.getByRole('listitem').filter({ hasText: field }).first().waitFor();
  });

  it('show disputes and authorizations with their deadlines', async () => {
    await expect
      .poll(async () => {
        await ops.open('disputes');
        return rowOf('order-1005').count();
      }, WITHIN)
      .toBe(1);
    const { dispute } = await get('/v1/orders/order-1005');
    expect(await timeIn(rowOf('order-1005'))).toBe(dispute.evidence_due_by);
    await ops.open('expiring?days=8');
    await rowOf('order-1002').waitFor();
    expect(await timeIn(rowOf('order-1002'))).toBe((await get('/v1/orders/order-1002')).capture_before);
    await ops.open('expiring?days=1');
    await ops.page.getByText('No authorization ends that soon').waitFor();
  });

  it('show whether webhooks come in, and who subscribes to ours', async () => {
    const url = 'http://127.0.0.1:9/nobody-listens';
    await request(waybill, 'POST', '/v1/event_subscriptions', { body: { url, events: ['order.refunded'] } });
    await ops.open('webhooks');
    await rowOf('charge.dispute.created').first().waitFor();
    await rowOf(url).getByText('order.refunded').waitFor();
    for (const part of ['temporal', 'workers', 'stripe']) {
      await ops.page
        .getByRole('term')
        .filter({ hasText: new RegExp(`^${part}$`) })
        .waitFor();
    }
  });

  it('draw the money of an order, each movement with its cents, a dispute too', async () => {
    const spoken = async (id: string) => {
      await ops.open(`orders/${id}`);
      const picture = ops.page.getByRole('img', { name: /^The money: / });
      await picture.waitFor();
      return (await picture.getAttribute('aria-label'))?.replaceAll('\u202f', '');
    };
    const refunded = await spoken('order-1003');
    for (const part of [
      'charge 129.00 USD, Customer to You',
      'our fee 12.90 USD, Seller to You',
      'refund 30.00 USD, You to Customer',
      'transfer 5.00 USD, You to Seller',
    ]) {
      expect(refunded).toContain(part);
    }
    expect(refunded).toMatch(/reversal \d+\.\d\d USD, Seller to You/);
    expect(refunded).toMatch(/by payout \d+\.\d\d USD, Seller to Bank/);
    expect(await spoken('order-1005')).toContain('dispute 88.00 USD, You to Customer');
  });

  it('lead to Stripe’s Dashboard', async () => {
    const { payment_intent: payment } = await get('/v1/orders/order-1003');
    await ops.open('orders/order-1003');
    const link = ops.page.getByRole('link', { name: payment });
    expect(await link.getAttribute('href')).toBe(`${DASHBOARD}/payments/${payment}`);
  });

  it('find an order by its customer and by their e-mail address', async () => {
    const { id: customer } = await waybill.stripe.customers.create({ email: 'jenny@example.com' });
    const { id: method } = await waybill.stripe.paymentMethods.attach('pm_card_visa', { customer });
    await createOrder(waybill, { id: 'jennys', customer, payment_method: method });
    for (const text of [customer, 'jenny@example.com']) {
      await expect
        .poll(async () => {
          await ops.open(`orders?q=${encodeURIComponent(text)}`);
          return ops.page.locator('tbody tr td:first-child').allTextContents();
        }, WITHIN)
        .toEqual(['jennys']);
    }
  });

  it('cancel an order, reverse a transfer and resolve what is stuck, each after its preview', async () => {
    const { page, open } = ops;
    await createOrder(waybill, { id: 'unwanted' });
    await open('orders/unwanted');
    await page.getByRole('button', { name: /^Cancel/ }).click();
    await page.getByLabel('Reason, for Stripe').selectOption('requested_by_customer');
    await page.getByText('Releases 10.00 USD').waitFor();
    await click('Cancel');
    expect(await get('/v1/orders/unwanted')).toMatchObject({ status: 'canceled' });

    await open('orders/order-1003');
    await page.getByRole('button', { name: 'Reverse' }).first().click();
    await page.getByLabel('Amount in USD').fill('2.00');
    await page.getByLabel('Reason, for the timeline').fill('Paid twice');
    await page.getByRole('status', { name: 'Preview' }).getByText('2.00 USD').first().waitFor();
    await click('Reverse');
    const { transfers } = await get('/v1/orders/order-1003');
    expect(transfers).toMatchObject([{ amount_reversed: 200 }]);

    await acceptKey(waybill);
    await open('orders/order-1006');
    await page.getByRole('button', { name: /^Resolve/ }).click();
    await page.getByLabel('Action').selectOption('retry');
    await page.getByLabel('Reason, for the timeline').fill('The key was replaced');
    await page.getByRole('status', { name: 'Preview' }).getByText('it cannot happen twice').waitFor();
    await click('Resolve');
    expect(await get('/v1/orders/order-1006')).toMatchObject({ status: 'captured', needs_attention: null });
  });
});
