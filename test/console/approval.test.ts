import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectRoot } from '../../dev/project-root.ts';
import { launchBrowser, noBrowser } from '../support/browser.ts';
import { needs } from '../support/needs.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { WITHIN } from '../support/within.ts';
import { operator } from './operator.ts';

const ACCOUNT = 'acct_1WaybillUSCustom';
const KEYS = ['ada', 'bob'].map((name) => ({ name, role: 'ops' as const, secret: `secret-of-${name}` }));

needs(noBrowser)('two persons', () => {
  let waybill: Waybill;
  let browser: Browser;
  beforeAll(async () => {
    const approval = { above: { usd: 500 }, withinMs: 3_600_000 };
    [waybill, browser] = await Promise.all([
      startWaybill({ approval }, {}, { api: { keys: KEYS } }),
      launchBrowser(),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await waybill?.stop();
  });

  const asAda = { headers: { authorization: 'Bearer secret-of-ada' } };
  const order = async (id: string) => (await request(waybill, 'GET', `/v1/orders/${id}`, asAda)).body;
  async function captured(id: string): Promise<void> {
    const body = {
      id,
      capture_method: 'automatic',
      amount: 2000,
      currency: 'usd',
      payment_method: 'pm_card_visa',
    };
    await request(waybill, 'POST', '/v1/orders', { body: { ...body, connected_account: ACCOUNT }, ...asAda });
  }
  const payout = async (id: string) =>
    (await request(waybill, 'GET', `/v1/accounts/${ACCOUNT}/payouts/${id}`, asAda)).body;
  function cli(key: string, ...args: readonly string[]): Promise<{ code: number; out: string }> {
    const bin = join(projectRoot, 'cli', 'bin', 'waybill.mjs');
    const env = { PATH: process.env.PATH ?? '', WAYBILL_URL: waybill.apiUrl, WAYBILL_API_KEY: key };
    return new Promise((resolve) => {
      execFile(process.execPath, [bin, ...args], { env }, (error, out) =>
        resolve({ code: error ? Number(error.code) : 0, out }),
      );
    });
  }

  it('refund together in the console: one asks, the other finds it in the inbox and approves', async () => {
    await captured('order-1');
    const ada = await operator(browser, waybill, 'secret-of-ada');
    await ada.open('orders/order-1');
    await ada.page.getByRole('button', { name: /^Refund/ }).click();
    await ada.page.getByLabel('Amount in USD').fill('6.00');
    await ada.page.getByRole('dialog').getByRole('button', { name: 'Refund', exact: true }).click();
    await ada.page.getByText("Refund: waits for another person's approval").waitFor(WITHIN);

    const bob = await operator(browser, waybill, 'secret-of-bob');
    await expect
      .poll(async () => {
        await bob.open('inbox');
        return bob.page.getByText('ada asks for a refund of 6.00 USD').count();
      }, WITHIN)
      .toBeGreaterThan(0);
    await request(waybill, 'POST', '/v1/orders/order-1/refunds', { body: { amount: 501 }, ...asAda });
    await bob.open('orders/order-1');
    for (const amount of ['5.01', '6.00']) {
      const notice = bob.page.getByRole('article').filter({ hasText: `a refund of ${amount} USD` });
      await notice.waitFor(WITHIN);
    }
    const approvals: { id: string; amount: number }[] = (await order('order-1')).approvals;
    const idOf = (amount: number) => approvals.find((one) => one.amount === amount)?.id ?? '';
    await bob.page
      .getByRole('button', { name: /^Resolve/ })
      .first()
      .click();
    await bob.page.getByLabel('Action').selectOption('approve');
    await bob.page.getByLabel('Reason, for the timeline').fill('The customer is right');
    await bob.page.getByText('Which approval is missing.').waitFor(WITHIN);
    await bob.page.getByLabel('Which approval').selectOption(idOf(600));
    const decline = { action: 'decline', stripe_id: idOf(501), reason: 'Once is enough' };
    const headers = { authorization: 'Bearer secret-of-bob' };
    await request(waybill, 'POST', '/v1/orders/order-1/resolve', { body: decline, headers });
    await bob.page.getByRole('dialog').getByRole('button', { name: 'Resolve', exact: true }).click();
    await bob.page.getByText('Resolve: done').waitFor(WITHIN);
    expect(await order('order-1')).toMatchObject({ amount_refunded: 600, approvals: [] });
  });

  it('decide on the command line, which refuses the one who asked', async () => {
    await captured('order-2');
    const body = { amount: 600 };
    await request(waybill, 'POST', '/v1/orders/order-2/refunds', { body, ...asAda });
    const approve = ['orders', 'resolve', 'order-2', '--action', 'approve', '--reason', 'fine', '--yes'];
    expect(await cli('secret-of-ada', ...approve)).toMatchObject({ code: 3 });
    expect(await cli('secret-of-bob', ...approve)).toMatchObject({ code: 0 });
    expect(await order('order-2')).toMatchObject({ amount_refunded: 600 });
  });

  it('refund on the command line: what waits is not done, and what else is done meanwhile is', async () => {
    await captured('order-3');
    const refund = (amount: string) =>
      cli('secret-of-ada', 'orders', 'refund', 'order-3', '--amount', amount, '--yes');
    expect(await refund('600')).toMatchObject({ code: 6 });
    expect(await refund('100')).toMatchObject({ code: 0 });
    expect(await order('order-3')).toMatchObject({ amount_refunded: 100, approvals: [{ amount: 600 }] });
  });

  it('pay out together on the command line: it waits for the other, who sees it and approves', async () => {
    const payOut = ['payouts', 'create', ACCOUNT, '--amount', '600', '--currency', 'usd', '--when-available'];
    const asked = await cli('secret-of-ada', ...payOut, '--yes', '--wait', '5', '--json');
    const { id } = JSON.parse(asked.out);
    expect(asked).toMatchObject({ code: 6, out: expect.stringContaining('approval_needed') });
    await expect
      .poll(async () => (await cli('secret-of-bob', 'attention')).out, WITHIN)
      .toContain('ada asks for a payout of 6.00 USD');
    const resolve = ['payouts', 'resolve', ACCOUNT, id, '--action', 'approve', '--reason', 'fine'];
    const seen = await cli('secret-of-bob', ...resolve, '--dry-run');
    expect(seen.out).toContain('Approves what another person asked for');
    expect(await cli('secret-of-ada', ...resolve, '--yes')).toMatchObject({ code: 3 });
    expect(await cli('secret-of-bob', ...resolve, '--yes')).toMatchObject({ code: 0 });
    expect(await payout(id)).toMatchObject({ approvals: [], needs_attention: null });
  });

  it('pay out together in the console, where a payout that is declined is called off', async () => {
    const path = `/v1/accounts/${ACCOUNT}/payouts`;
    const body = { amount: 700, currency: 'usd', when_available: true };
    const { body: asked } = await request(waybill, 'POST', path, { body, ...asAda });
    const bob = await operator(browser, waybill, 'secret-of-bob');
    await expect
      .poll(async () => {
        await bob.open(`payouts?account=${ACCOUNT}`);
        return bob.page.getByText('ada asks for a payout of 7.00 USD').count();
      }, WITHIN)
      .toBeGreaterThan(0);
    await bob.page.getByRole('button', { name: 'Resolve' }).first().click();
    const dialog = bob.page.getByRole('dialog', { name: 'Resolve' });
    await dialog.getByLabel('Action').selectOption('decline');
    await dialog.getByLabel('Reason, for the timeline').fill('Not this week');
    await dialog.getByText('Declines what another person asked for').waitFor();
    await dialog.getByRole('button', { name: 'Resolve', exact: true }).click();
    await bob.page.getByText('Resolve: done').waitFor(WITHIN);
    expect(await payout(asked.id)).toMatchObject({ amount: 700, status: 'canceled', approvals: [] });
  });
});
