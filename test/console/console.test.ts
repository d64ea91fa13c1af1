import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createOrder, DESTINATION } from '../e2e/support.ts';
import { violations } from '../support/axe.ts';
import { launchBrowser, noBrowser } from '../support/browser.ts';
import { needs } from '../support/needs.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { WITHIN } from '../support/within.ts';
import type { Operator } from './operator.ts';
import { operator } from './operator.ts';
import { acceptKey, fillWorld } from './world.ts';

const LINKS = { temporalUi: 'http://temporal-ui.test', stripeDashboard: null, docs: 'http://docs.test/' };
const TELEPHONE = { width: 390, height: 844 };

needs(noBrowser)('the console', () => {
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

  const order = async (id: string) => (await request(waybill, 'GET', `/v1/orders/${id}`)).body;

  it('leads to the documentation, as the page of the API does', async () => {
    await ops.open('inbox');
    const link = ops.page.getByRole('link', { name: 'Docs' });
    expect(await link.getAttribute('href')).toBe(LINKS.docs);
    const page = await browser.newPage({ colorScheme: 'dark' });
    page.setDefaultTimeout(WITHIN.timeout);
    await page.goto(`${waybill.apiUrl}/docs`);
    await page.getByRole('link', { name: 'Guides and runbook' }).waitFor();
    expect(await page.getByRole('link', { name: 'Guides and runbook' }).getAttribute('href')).toBe(
      LINKS.docs,
    );
    // Dark for a reader who prefers that, and light at the press of a button.
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(await background()).toBe('rgb(28, 32, 34)');
    expect(await violations(page, '.swagger-ui .information-container')).toEqual([]);
    await page.getByRole('button', { name: 'Switch to light mode' }).click();
    expect(await background()).toBe('rgb(250, 250, 250)');
    await page.close();
  });

  it('signs nobody in with a wrong key, and says so', async () => {
    const page = await browser.newPage();
    page.setDefaultTimeout(WITHIN.timeout);
    await page.goto(`${waybill.apiUrl}/console`);
    await page.getByLabel('API key').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('No API key has this secret').waitFor();
    await page.close();
  });

  const PAGES = [
    ['inbox', 'Inbox'],
    ['orders', 'Orders'],
    ['orders/order-1003', 'order-1003'],
    ['orders/order-1006', 'order-1006'],
    ['orders/order-1005', 'order-1005'],
    ['transfers/bonus-1', 'bonus-1'],
    ['accounts', 'Accounts'],
    ['accounts/acct_1WaybillUSNotYet', 'acct_1WaybillUSNotYet'],
    ['payouts', 'Payouts'],
    ['disputes', 'Disputes'],
    ['expiring?days=8', 'Expiring authorizations'],
    ['reconciliation', 'Reconciliation'],
    ['events', 'Events'],
    ['webhooks', 'Webhooks and health'],
  ] as const;

  it.each(PAGES)('at %s passes axe by day and by night, and fits a telephone', async (path, heading) => {
    const { page, open, complaints } = ops;
    await open(path);
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(ops.page), `${path} ${colorScheme}`).toEqual([]);
    }
    const before = page.viewportSize();
    await page.setViewportSize(TELEPHONE);
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(TELEPHONE.width);
    if (before) await page.setViewportSize(before);
    expect(complaints).toEqual([]);
  });

  it('shows what needs somebody, by deadline and by the money at risk, with filters that are links', async () => {
    const { page, open } = ops;
    await open('inbox');
    const rows = page.locator('tbody tr td:first-child');
    await rows.nth(3).waitFor();
    const all = ['order-1007', 'order-1006', 'order-1005', 'seller-9 account'];
    expect(await rows.allTextContents()).toEqual(all);
    await page.getByRole('link', { name: /^authentication_error/ }).click();
    expect(new URL(page.url()).search).toBe('?code=authentication_error');
    await page.reload();
    await rows.nth(2).waitFor();
    expect(await rows.allTextContents()).toEqual(['order-1007', 'order-1006', 'seller-9 account']);
  });

  it('shows in the inbox when Waybill tries next without anybody', async () => {
    const { page, open } = ops;
    await open('inbox');
    for (const [what, path] of [
      ['order-1006', '/v1/orders/order-1006'],
      ['seller-9', '/v1/accounts/seller-9'],
    ] as const) {
      const row = page.getByRole('row').filter({ hasText: what });
      await row.waitFor();
      // An attempt may be made between the two answers.
      await vi.waitFor(async () => {
        const { body } = await request(waybill, 'GET', path);
        const at = body.needs_attention.next_attempt_at.slice(11, 19);
        await open('inbox');
        await row.getByText('It is tried again in').waitFor();
        expect(await row.textContent()).toContain(`at ${at} UTC`);
      }, WITHIN);
    }
    const dispute = page.getByRole('row').filter({ hasText: 'order-1005' });
    expect(await dispute.textContent()).toContain('The bank decides for the customer at the deadline');
  });

  it('previews a refund to the cent before it makes it', async () => {
    const { page, open } = ops;
    await open('orders/order-1001');
    await page.getByRole('button', { name: /^Refund/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Refund' });
    const submit = dialog.getByRole('button', { name: 'Refund', exact: true });
    await dialog.getByLabel('Amount in USD').fill('10.01');
    await dialog.getByText('At most 10.00 USD can still be refunded').waitFor();
    expect(await submit.isDisabled()).toBe(true);
    await dialog.getByLabel('Amount in USD').fill('5.00');
    await dialog.getByLabel("Take the seller's share back").check();
    await dialog.getByLabel('Give our fee back with it').check();
    await dialog.getByText('Gives 5.00 USD back: 4.38 USD from the seller, 0.62 USD from you').waitFor();
    expect(await violations(ops.page)).toEqual([]);
    expect((await order('order-1001')).amount_refunded).toBe(0);
    await submit.click();
    await page.getByText('Refund: done').waitFor(WITHIN);
    await page.locator('.picture').getByText('refund 5.00').waitFor(WITHIN);
    expect(await order('order-1001')).toMatchObject({
      amount_refunded: 500,
      refunds: [{ connected: [{ amount: -438, currency: 'usd' }], platform: [{ amount: -62 }] }],
    });
  });

  it('sends a command again under its key where no answer came, so that a second try moves nothing twice', async () => {
    const { page, open } = ops;
    await createOrder(waybill, { id: 'no-answer-came', capture_method: 'automatic' });
    const keys: (string | undefined)[] = [];
    await page.route('**/v1/orders/no-answer-came/refunds', async (route) => {
      keys.push(route.request().headers()['idempotency-key']);
      const response = await route.fetch();
      if (keys.length === 1) await route.abort();
      else await route.fulfill({ response });
    });
    await open('orders/no-answer-came');
    await page.getByRole('button', { name: /^Refund/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Refund' });
    const submit = dialog.getByRole('button', { name: 'Refund', exact: true });
    await dialog.getByLabel('Amount in USD').fill('3.00');
    await dialog.getByText('Gives 3.00 USD back').waitFor();
    await submit.click();
    await dialog.getByText('Send it again from here').waitFor(WITHIN);
    await submit.click();
    await page.getByText('Refund: done').waitFor(WITHIN);
    expect(keys).toEqual([keys[0], keys[0]]);
    expect(await order('no-answer-came')).toMatchObject({ amount_refunded: 300 });
  });

  it('sends only what its preview is of', async () => {
    const { page, open } = ops;
    await createOrder(waybill, { id: 'typed-on', capture_method: 'automatic' });
    await page.route('**/v1/orders/typed-on/refunds/preview', async (route) => {
      if (!route.request().postData()?.includes('700')) await route.continue();
    });
    await open('orders/typed-on');
    await page.getByRole('button', { name: /^Refund/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Refund' });
    const submit = dialog.getByRole('button', { name: 'Refund', exact: true });
    await dialog.getByLabel('Amount in USD').fill('5.00');
    await dialog.getByText('Gives 5.00 USD back').waitFor();
    await dialog.getByLabel('Amount in USD').fill('7.00');
    await expect.poll(() => submit.isDisabled(), WITHIN).toBe(true);
    await dialog.getByLabel('Amount in USD').fill('5.00');
    await expect.poll(() => submit.isDisabled(), WITHIN).toBe(false);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  it('says where it shows the newest of a list only, since an older one may be more urgent', async () => {
    const { page, open } = ops;
    let pages = 0;
    const need = {
      code: 'rate_limit',
      message: 'x',
      operation: 'capture',
      allowed_actions: [],
      since: '2026-01-01T00:00:00.000Z',
    };
    await page.route('**/v1/orders?needs_attention=true*', (route) => {
      pages += 1;
      const data = Array.from({ length: 100 }, (_, n) => ({ id: `o-${pages}-${n}`, needs_attention: need }));
      return route.fulfill({ json: { object: 'list', has_more: true, data } });
    });
    await open('inbox');
    await page.getByText('Not all are here').waitFor(WITHIN);
    expect(pages).toBe(5);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await open('inbox');
    await page.locator('tbody tr').first().waitFor();
    expect(await page.getByText('Not all are here').count()).toBe(0);
  });

  it('leads to a payout that is older than a page of them', async () => {
    const { page, open } = ops;
    const body = { amount: 90_000_000, currency: 'usd', when_available: true };
    const { body: payout } = await request(waybill, 'POST', `/v1/accounts/${DESTINATION}/payouts`, { body });
    await page.route('**/v1/payouts?*', (route) =>
      route.fulfill({ json: { object: 'list', has_more: true, data: [{ ...payout, id: 'wpo_newer' }] } }),
    );
    await open(`payouts/${DESTINATION}/${payout.id}`);
    await page.locator('.title').getByText(payout.id).waitFor(WITHIN);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await request(waybill, 'POST', `/v1/accounts/${DESTINATION}/payouts/${payout.id}/cancel`);
  });

  it('previews a transfer and a payout of an account before it makes them', async () => {
    const { page, open } = ops;
    await open(`accounts/${DESTINATION}`);
    await page.getByRole('button', { name: /^Transfer/ }).click();
    const transfer = page.getByRole('dialog', { name: 'Transfer' });
    await transfer.getByLabel('Amount in USD').fill('1.50');
    await transfer.getByLabel('Description').fill('Bonus');
    await transfer.getByText(`Transfers 1.50 USD from you to ${DESTINATION}`).waitFor();
    expect(await violations(ops.page)).toEqual([]);
    await page.keyboard.press('Escape');
    await transfer.waitFor({ state: 'detached' });
    await page.keyboard.press('p');
    const payout = page.getByRole('dialog', { name: 'Pay out' });
    await payout.getByLabel('Amount in USD').fill('900000.00');
    await payout.getByText('Stripe would refuse it').waitFor();
    await payout.getByLabel('Wait until the balance covers it').check();
    await payout.getByText('it waits until the rest is').waitFor();
    await payout.getByRole('button', { name: 'Pay out', exact: true }).click();
    await page.getByText('Pay out: done').waitFor(WITHIN);
    await open(`payouts?account=${DESTINATION}`);
    await page.getByRole('button', { name: 'Cancel' }).click();
    const cancel = page.getByRole('dialog', { name: 'Cancel' });
    await cancel.getByText('Calls the payout off. Nothing of it is at Stripe.').waitFor();
    await cancel.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.getByText('Cancel: done').waitFor(WITHIN);
  });

  it('finds an order by what an operator has of it', async () => {
    const { page, open } = ops;
    const { payment_intent: payment, latest_charge: charge } = await order('order-1003');
    for (const text of [payment, charge]) {
      await open('orders');
      await page.getByRole('searchbox').fill(text);
      await page.keyboard.press('Enter');
      await page.getByText(`Searched for ${text}`).waitFor();
      const rows = page.locator('tbody tr td:first-child');
      await expect.poll(() => rows.allTextContents(), WITHIN).toEqual(['order-1003']);
    }
    // The pair of a known order leads to all that have it.
    await open('orders/order-1001');
    await page.getByRole('link', { name: '17', exact: true }).click();
    await page.getByText('Searched for cart=17').waitFor();
    const rows = page.locator('tbody tr td:first-child');
    await expect.poll(() => rows.allTextContents(), WITHIN).toEqual(['order-1001']);
    await page.getByRole('searchbox').fill('nobody@example.com');
    await page.keyboard.press('Enter');
    await page.getByText('No order is like that').waitFor();
  });

  it('can be used with nothing but the keyboard', async () => {
    const { page, open } = ops;
    await open('inbox');
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    await page.getByRole('heading', { name: 'Orders' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('order-1002');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'order-1002' }).waitFor();
    await page.getByRole('button', { name: /^Capture/ }).waitFor();
    await page.keyboard.press('c');
    const dialog = page.getByRole('dialog', { name: 'Capture' });
    await dialog.getByText('Captures 42.50 USD').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect((await order('order-1002')).status).toBe('authorized');
    await page.keyboard.press('c');
    await dialog.getByText('Captures 42.50 USD').waitFor();
    await page.keyboard.type('40.00');
    await dialog.getByText('The other 2.50 USD is released').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Capture: done').waitFor(WITHIN);
    expect(await order('order-1002')).toMatchObject({ status: 'captured', amount_captured: 4_000 });
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await page.locator('a[data-row]').first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'order-1006' }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await page.keyboard.press('Escape');
  });

  it('shows a change without being asked', async () => {
    const { page, open } = ops;
    const { body } = await createOrder(waybill, { id: 'order-live' });
    await open(`orders/${body.id}`);
    await page.getByRole('button', { name: /^Capture/ }).waitFor();
    await request(waybill, 'POST', '/v1/orders/order-live/capture');
    await page.locator('.title').getByText('captured').waitFor(WITHIN);
  });

  it('shows and does nothing to a key of the role read that it may not', async () => {
    const reader = await operator(browser, waybill, 'dev_read');
    await reader.open('orders/order-1006');
    await reader.page.getByText('authentication_error').first().waitFor();
    expect(await reader.page.getByRole('button').allTextContents()).toEqual(['Sign out']);
    await reader.page.getByRole('button', { name: 'Sign out' }).click();
    await reader.page.getByLabel('API key').waitFor();
    await reader.page.context().close();
  });

  it('stages evidence in a dispute and submits nothing, as its preview says', async () => {
    const { page, open } = ops;
    await open('orders/order-1005');
    await page.getByRole('button', { name: /^Evidence/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Evidence' });
    await dialog.getByText('evidence is required unless submit is true').waitFor();
    await dialog.getByLabel('Text').fill('Delivered and signed for.');
    await dialog.getByText('Keeps uncategorized_text ready at Stripe').waitFor();
    await dialog.getByRole('button', { name: 'Evidence', exact: true }).click();
    await page.getByText('Evidence: done').waitFor(WITHIN);
    const { dispute } = await order('order-1005');
    expect(dispute).toMatchObject({ has_evidence: true, submission_count: 0 });
  });

  it('shows where an order is in Temporal UI, and delivers an event once more', async () => {
    const { page, open } = ops;
    await open('events?order=order-1003');
    await page.getByText('There are no such events').waitFor();
    const subscription = { url: 'http://127.0.0.1:9/nobody-listens', events: ['*'] };
    await request(waybill, 'POST', '/v1/event_subscriptions', { body: subscription });
    await createOrder(waybill, { id: 'order-told' });
    await expect
      .poll(async () => {
        await open('events?order=order-told');
        return page.getByRole('button', { name: 'Replay' }).count();
      }, WITHIN)
      .toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Replay' }).first().click();
    await page.getByText('is delivered once more').waitFor(WITHIN);
    await page.goto(`${waybill.apiUrl}/console/orders/order-told`);
    const link = page.getByRole('link', { name: 'Temporal UI' });
    const { namespace } = waybill.env.client.options;
    expect(await link.getAttribute('href')).toBe(
      `http://temporal-ui.test/namespaces/${namespace}/workflows/order%2Forder-told`,
    );
  });

  it('frees what one cause has stopped, all at once', async () => {
    const { page, open } = ops;
    await acceptKey(waybill);
    await open('inbox?code=authentication_error');
    await page.getByRole('button', { name: /^Retry all 3/ }).click();
    await page.getByLabel('Reason, for the timelines').fill('The key was replaced');
    await page.getByRole('button', { name: 'Retry 3' }).click();
    await page.getByText('Retried 3, 0 still stuck').waitFor(WITHIN);
    await page.getByText('Nothing needs anybody').waitFor(WITHIN);
    for (const id of ['order-1006', 'order-1007']) {
      expect(await order(id)).toMatchObject({ needs_attention: null, status: 'captured' });
    }
    const { body: timeline } = await request(waybill, 'GET', '/v1/orders/order-1006/timeline');
    const resolved = { actor: 'dev_ops', name: 'retry', detail: 'The key was replaced' };
    expect(timeline.data).toContainEqual(expect.objectContaining(resolved));
  });
});
