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
      amount: 1000,
      currency: 'usd',
      payment_method: 'pm_card_visa',
    };
    const connected_account = 'acct_1WaybillUSCustom';
    await request(waybill, 'POST', '/v1/orders', { body: { ...body, connected_account }, ...asAda });
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
    await bob.open('orders/order-1');
    await bob.page
      .getByRole('button', { name: /^Resolve/ })
      .first()
      .click();
    await bob.page.getByLabel('Action').selectOption('approve');
    await bob.page.getByLabel('Reason, for the timeline').fill('The customer is right');
    await bob.page.getByRole('dialog').getByRole('button', { name: 'Resolve', exact: true }).click();
    await bob.page.getByText('Resolve: done').waitFor(WITHIN);
    expect(await order('order-1')).toMatchObject({ amount_refunded: 600, approvals: [] });
  });

  it('decide on the command line, which refuses the one who asked', async () => {
    await captured('order-2');
    const body = { amount: 600 };
    await request(waybill, 'POST', '/v1/orders/order-2/refunds', { body, ...asAda });
    const approve = (key: string) =>
      new Promise<number>((resolve) => {
        const bin = join(projectRoot, 'cli', 'bin', 'waybill.mjs');
        const args = ['orders', 'resolve', 'order-2', '--action', 'approve', '--reason', 'fine', '--yes'];
        const env = { PATH: process.env.PATH ?? '', WAYBILL_URL: waybill.apiUrl, WAYBILL_API_KEY: key };
        execFile(process.execPath, [bin, ...args], { env }, (error) =>
          resolve(error ? Number(error.code) : 0),
        );
      });
    expect(await approve('secret-of-ada')).toBe(3);
    expect(await approve('secret-of-bob')).toBe(0);
    expect(await order('order-2')).toMatchObject({ amount_refunded: 600 });
  });
});
