import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderWorkflowId } from '../../domain/ids.ts';
import { ensureReconciling } from '../../worker/schedules.ts';
import { days, earn, payOut, seller } from '../e2e/sellers.ts';
import { control, createOrder, DESTINATION, sandboxRequests, WITHIN } from '../e2e/support.ts';
import { violations } from '../support/axe.ts';
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
  /** What the picture of an order's money says to who cannot see it. */
  async function spoken(): Promise<string> {
    const picture = ops.page.getByRole('img', { name: /^The money: / });
    await picture.waitFor();
    return (await picture.getAttribute('aria-label'))?.replaceAll('\u202f', '') ?? '';
  }
  const inTimeline = (text: string) => ops.page.locator('.timeline li').filter({ hasText: text });
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

  it('show whether webhooks come in, and who subscribes to ours, also behind a proxy that closes /metrics', async () => {
    await ops.page.route('**/metrics', (route) =>
      new URL(route.request().url()).pathname === '/metrics'
        ? route.fulfill({ status: 404 })
        : route.continue(),
    );
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

  it('say in the inbox what concerns the whole installation, and lead to it', async () => {
    const { page, open } = ops;
    const samples = ['waybill_attention{code="unreconciled"} 1', 'waybill_attention{code="no_answer"} 2'];
    const body = [...samples, 'waybill_state_up{part="attention"} 1', ''].join('\n');
    await page.route('**/v1/metrics', (route) => route.fulfill({ body }));
    await open('inbox');
    await page.getByRole('link', { name: 'unreconciled' }).click();
    await page.getByRole('heading', { name: 'Reconciliation' }).waitFor();
    await page.unroute('**/v1/metrics');
  });

  it('draw the money of an order, each movement with its cents, a dispute too', async () => {
    await ops.open('orders/order-1003');
    const refunded = await spoken();
    for (const part of [
      'charge 129.00 USD, Customer to You',
      'our fee 12.90 USD, Seller to You',
      'refund 30.00 USD, You to Customer',
      'transfer 5.00 USD, You to Seller',
    ]) {
      expect(refunded).toContain(part);
    }
    expect(refunded).toMatch(/reversal \d+\.\d\d USD, Seller to You/);
    expect(refunded).toMatch(/for payouts \d+\.\d\d USD, Seller to Bank/);
    await ops.open('orders/order-1005');
    expect(await spoken()).toContain('dispute 88.00 USD, You to Customer');
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

  it('transfer more of an order with a reason, and show in its timeline what caused what', async () => {
    const { page, open } = ops;
    const share = { amount: 5_000, transfer_amount: 1_000, capture_method: 'automatic' };
    await createOrder(waybill, { id: 'fast', ...share });
    await open('orders/fast');
    await page.getByRole('button', { name: /^Transfer/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Transfer' });
    await dialog.getByLabel('Amount in USD').fill('0.50');
    await dialog.getByLabel('Description').fill('Bonus');
    await dialog.getByLabel('Reason, for the timeline').fill('She was fast');
    await dialog.getByText('Transfers 0.50 USD').waitFor();
    await click('Transfer');
    const { transfers } = await get('/v1/orders/fast');
    expect(transfers).toMatchObject([{ amount: 50, description: 'Bonus' }]);
    expect(await inTimeline('She was fast').textContent()).toContain('transfer command · dev_ops');
    const made = inTimeline(transfers[0].id);
    expect(await made.textContent()).toContain('transfer stripe call, by transfer · dev_ops');
    expect(await inTimeline('captured state').textContent()).toContain(', by authorize · dev_ops');
  });

  it('show in a timeline what came by a signal, and what by a webhook', async () => {
    const { payment_intent: payment } = (await createOrder(waybill, { id: 'signalled' })).body;
    const handle = waybill.env.client.workflow.getHandle(orderWorkflowId('signalled'));
    await handle.signal('capture', { request_id: 'ticket-1', actor: 'ada' });
    const status = async () => (await get('/v1/orders/signalled')).status;
    await expect.poll(status, WITHIN).toBe('captured');
    // In Stripe's Dashboard.
    const { id: refund } = await waybill.stripe.refunds.create({ payment_intent: payment });
    await ops.open('orders/signalled');
    const came = inTimeline('refund.created event · stripe');
    await came.waitFor(WITHIN);
    expect(await came.textContent()).toContain(`evt_`);
    await inTimeline('refunded state').waitFor(WITHIN);
    expect((await get('/v1/orders/signalled')).refunds).toMatchObject([{ id: refund }]);
    await inTimeline('capture command · ada (via temporal)').waitFor();
    await inTimeline('capture stripe call, by capture · ada (via temporal)').waitFor();
  });

  it('say that a command is on its way while Stripe does not answer, and not that it is done', async () => {
    const { page, open } = ops;
    const { payment_intent: payment } = (await createOrder(waybill, { id: 'no-answer' })).body;
    const match = { method: 'POST', path: `/v1/payment_intents/${payment}/capture`, times: 'always' };
    await control(waybill, 'faults', { match, effect: { drop: true } });
    const impatient = { prefer: 'wait=1' };
    await page.route('**/v1/orders/no-answer/capture', (route) =>
      route.continue({ headers: { ...route.request().headers(), ...impatient } }),
    );
    await open('orders/no-answer');
    await page.getByRole('button', { name: /^Capture/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Capture' });
    await dialog.getByText('Captures 10.00 USD').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Capture: on its way, Stripe has not answered yet').waitFor(WITHIN);
    await page.getByText('is on its way since').waitFor(WITHIN);
    await acceptKey(waybill);
    await page.locator('.title').getByText('captured').waitFor(WITHIN);
  });

  it('accept a dispute, with a reason', async () => {
    const { page, open } = ops;
    await open('orders/order-1005');
    await page.getByRole('button', { name: /^Accept dispute/ }).click();
    await page.getByLabel('Reason, for the timeline').fill('It arrived broken');
    await page.getByText('it is lost at once and finally').waitFor();
    await click('Accept dispute');
    expect((await get('/v1/orders/order-1005')).dispute).toMatchObject({ status: 'lost' });
    expect(await inTimeline('It arrived broken').textContent()).toContain('accept dispute command · dev_ops');
  });

  it('show a difference that the reconciliation found, and lead to it at Stripe', async () => {
    const { page, open } = ops;
    const day = 86_400_000;
    const everyDay = { taskQueue: 'waybill', everyMs: day, lookBackMs: day, pendingMs: 0 };
    await ensureReconciling(waybill.env.client, everyDay);
    // Made by somebody else, for one of the platform's sellers.
    await waybill.stripe.paymentIntents.create({
      amount: 7_700,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      confirm: true,
      transfer_data: { destination: DESTINATION },
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    });
    await open('reconciliation');
    const report = () => get('/v1/reports/reconciliation?limit=100');
    interface Difference {
      readonly amount: number;
      readonly balance_transaction: string;
    }
    const transactionIn = ({ differences }: { differences?: { data: Difference[] } }) =>
      differences?.data.find(({ amount }) => amount === -7_700)?.balance_transaction;
    // A run leaves the second in which it begins to the next.
    const runNow = async () => {
      await page.getByRole('button', { name: /^Run now/ }).click();
      await page.getByText('A reconciliation has begun').first().waitFor(WITHIN);
      return transactionIn(await report());
    };
    // Other tests leave differences too, and may be found in an earlier run.
    await expect.poll(runNow, { ...WITHIN, interval: 500 }).toBeDefined();
    const found = await report();
    const transaction = transactionIn(found) ?? 'none';
    const { difference_count: count } = found;
    await open('reconciliation');
    await page.getByText(`${count} difference`).waitFor();
    const difference = rowOf(transaction);
    expect(await difference.textContent()).toContain('platformforeign_transfer−77.00 USD');
    const link = difference.getByRole('link', { name: transaction });
    expect(await link.getAttribute('href')).toBe(`${DASHBOARD}/search?query=${transaction}`);
  });

  describe('about a seller', () => {
    let account: string;
    beforeAll(async () => {
      await acceptKey(waybill);
      account = await seller(waybill, { schedule: 'daily' });
    });

    it('say by when it owes Stripe something', async () => {
      const asked = { fields: ['individual.verification.document'], deadline_seconds: 30 * 86_400 };
      await control(waybill, `accounts/${account}/require`, asked);
      const deadline = async () => (await get(`/v1/accounts/${account}`)).requirements.current_deadline;
      await expect.poll(deadline, WITHIN).toMatch(/^\d{4}-/);
      const by = await deadline();
      await expect
        .poll(async () => {
          await ops.open('accounts?owing=true');
          return (await rowOf(account).count()) === 1 && timeIn(rowOf(account));
        }, WITHIN)
        .toBe(by);
      await ops.open(`accounts/${account}`);
      const line = ops.page.getByRole('paragraph').filter({ hasText: 'By: in ' });
      expect(await line.locator('time').getAttribute('datetime')).toBe(by);
    });

    it('follow an order’s share to the bank as soon as somebody asks', async () => {
      const { page, open } = ops;
      const lookedUp = async () =>
        (await sandboxRequests(waybill)).filter(
          ({ path, stripe_account: of }) => path === '/v1/payouts' && of === account,
        ).length;
      const terms = { amount: 2_000, application_fee_amount: 123, capture_method: 'automatic' };
      await createOrder(waybill, { id: 'followed', connected_account: account, ...terms });
      await open('orders/followed');
      expect(await spoken()).toContain('for payouts 18.77 USD, Seller to Bank');
      await page.getByText('not followed to the bank yet').waitFor();
      await page.getByRole('button', { name: /^Follow it to the bank/ }).click();
      await page.getByText('on the balance, available in').waitFor();
      expect(await spoken()).not.toContain('Seller to Bank');

      await days(waybill, 5);
      await open('orders/followed');
      await spoken();
      expect(await lookedUp()).toBe(0);
      await page.keyboard.press('b');
      await expect.poll(spoken, WITHIN).toMatch(/(payout|on its way) 18\.77 USD, Seller to Bank/);
      const [{ payout }] = (await get('/v1/orders/followed/payouts')).data;
      const link = page.getByRole('link', { name: payout.id });
      expect(await link.getAttribute('href')).toBe(
        `${DASHBOARD}/connect/accounts/${account}/payouts/${payout.id}`,
      );
      await page.getByText(`at the bank on ${payout.arrival_date.slice(0, 10)}`).waitFor();
      expect(await violations(page)).toEqual([]);
      expect(await lookedUp()).toBeGreaterThan(0);
    });

    it('show a payout with its id at Stripe and what happened to it, and cancel it', async () => {
      const { page, open } = ops;
      await earn(waybill, account, 1_000);
      const { body: payout } = await payOut(waybill, account);
      await open(`payouts?account=${account}`);
      await page.getByRole('link', { name: payout.id }).click();
      const link = page.getByRole('link', { name: payout.stripe_payout });
      expect(await link.getAttribute('href')).toContain(`/${account}/payouts/${payout.stripe_payout}`);
      await inTimeline('command · dev_ops').first().waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: /^Cancel/ }).click();
      await click('Cancel');
      await page.locator('.title').getByText('canceled').waitFor();
    });
  });
});
