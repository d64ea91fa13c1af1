import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { freePort } from '../../dev/free-port.ts';
import { projectRoot } from '../../dev/project-root.ts';
import { DESTINATION, WITHIN } from '../e2e/support.ts';
import { violations } from '../support/axe.ts';
import { launchBrowser, noBrowser } from '../support/browser.ts';
import { needs } from '../support/needs.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';

const ASKS = 'Visa 3220, which asks for 3-D Secure';
const DECLINED = 'Visa 0002, which is declined';

needs(noBrowser)('the checkout page', () => {
  let waybill: Waybill;
  let browser: Browser;
  let backend: ChildProcess;
  let shop: string;
  beforeAll(async () => {
    // No webhooks: the page shows what it asked for itself.
    waybill = await startWaybill();
    browser = await launchBrowser();
    const port = await freePort();
    shop = `http://127.0.0.1:${port}`;
    backend = spawn(process.execPath, [join(projectRoot, 'dev', 'run.mjs'), 'checkout'], {
      env: {
        ...process.env,
        WAYBILL_URL: waybill.apiUrl,
        STRIPE_API_BASE: waybill.sandboxUrl,
        CHECKOUT_PORT: `${port}`,
      },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    await vi.waitFor(() => fetch(shop), { timeout: 100_000, interval: 200 });
  });
  afterAll(async () => {
    if (backend?.kill()) await once(backend, 'exit');
    await browser?.close();
    await waybill?.stop();
  });

  async function visit(): Promise<Page> {
    const page = await browser.newPage();
    page.setDefaultTimeout(WITHIN.timeout);
    await page.goto(shop);
    return page;
  }

  async function pay(page: Page, card: string): Promise<void> {
    await page.getByLabel('Pay with').selectOption(card);
    await page.getByRole('button', { name: 'Pay' }).click();
  }

  async function answerBank(page: Page, button: string): Promise<void> {
    await page.getByRole('button', { name: button }).click();
    await page.waitForURL(`${shop}/?cart=*`);
  }

  /** By `npm run screenshots` for the documentation; otherwise it is only made. */
  async function keep(page: Page, name: string): Promise<void> {
    const path = join(projectRoot, 'docs', 'images', `${name}.png`);
    const picture = await page.screenshot(inject('keepScreenshots') === true ? { path } : {});
    expect(picture.length).toBeGreaterThan(5_000);
  }

  const says = (page: Page, text: string) => page.getByRole('status').getByText(text).waitFor();
  const orderOn = async (page: Page) => {
    const cart = new URL(page.url()).searchParams.get('cart');
    return (await request(waybill, 'GET', `/v1/orders/${cart}`)).body;
  };
  const amount = (page: Page, id: string) => page.locator(`#${id}`).textContent();
  const sellersBalance = async () => {
    const { pending } = await waybill.stripe.balance.retrieve({}, { stripeAccount: DESTINATION });
    return pending.find(({ currency }) => currency === 'usd')?.amount ?? 0;
  };

  it('takes a card that asks for 3-D Secure: the buyer authenticates and the seller sees the money', async () => {
    const before = await sellersBalance();
    const page = await visit();
    await pay(page, ASKS);
    await page.getByRole('heading', { name: '3-D Secure test page' }).waitFor();
    await answerBank(page, 'Complete authentication');
    await says(page, 'Paid. Thank you!');
    expect([
      await amount(page, 'seller'),
      await amount(page, 'marketplace'),
      await amount(page, 'stripe'),
    ]).toEqual(['$36.00', '$2.54', '$1.46']);
    expect(await sellersBalance()).toBe(before + 3600);
    expect(await amount(page, 'balance')).toBe(`$${((before + 3600) / 100).toFixed(2)}`);
    expect(await orderOn(page)).toMatchObject({ status: 'captured', complete: true, amount_captured: 4000 });
    // Whoever has the client secret can pay: it is not left in the address.
    expect([...new URL(page.url()).searchParams.keys()]).toEqual(['cart']);
  });

  it('makes its PaymentMethod at Stripe with the publishable key, which pays for nothing else', async () => {
    const page = await visit();
    const made = page.waitForResponse((response) => response.url().endsWith('/v1/payment_methods'));
    await pay(page, 'Visa 4242');
    const response = await made;
    expect(new URL(response.url()).origin).toBe(new URL(waybill.sandboxUrl).origin);
    const { authorization = '' } = await response.request().allHeaders();
    expect(authorization).toBe('Bearer pk_test_waybill');
    await says(page, 'Paid. Thank you!');
    const { payment_intent: intent } = await orderOn(page);
    const read = await fetch(`${waybill.sandboxUrl}/v1/payment_intents/${intent}`, {
      headers: { authorization },
    });
    expect(read.status).toBe(403);
  });

  it('passes axe before and after the payment, and fits a telephone', async () => {
    const page = await visit();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByLabel('Pay with').waitFor();
    expect(await violations(page)).toEqual([]);
    await keep(page, 'checkout');
    await pay(page, 'Visa 4242');
    await says(page, 'Paid. Thank you!');
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await keep(page, 'checkout-paid');
  });

  it('asks for another card after a failed authentication', async () => {
    const page = await visit();
    await pay(page, ASKS);
    await answerBank(page, 'Fail authentication');
    await says(page, 'authenticate');
    await pay(page, 'Visa 4242');
    await says(page, 'Paid. Thank you!');
  });

  it('asks for another card after a decline, and that one may ask for 3-D Secure', async () => {
    const page = await visit();
    await pay(page, DECLINED);
    await says(page, 'Your card was declined.');
    await pay(page, ASKS);
    await answerBank(page, 'Complete authentication');
    await says(page, 'Paid. Thank you!');
  });

  it('lets a buyer who left their bank’s page pay with another card', async () => {
    const page = await visit();
    const cart = page.url();
    await pay(page, ASKS);
    await page.getByRole('button', { name: 'Complete authentication' }).waitFor();
    await page.goto(cart);
    await says(page, 'Your bank has not heard from you.');
    await pay(page, 'Visa 4242');
    await says(page, 'Paid. Thank you!');
  });

  it('charges a cart once, even if its form is sent again', async () => {
    const page = await visit();
    await pay(page, 'Visa 4242');
    await says(page, 'Paid. Thank you!');
    const cart = new URL(page.url()).searchParams.get('cart') ?? '';
    const form = { cart, payment_method: 'pm_card_visa' };
    const before = await sellersBalance();
    const again = await fetch(`${shop}/pay`, { method: 'POST', body: new URLSearchParams(form) });
    expect(again).toMatchObject({ status: 200, url: page.url() });
    expect(await sellersBalance()).toBe(before);
  });

  it('takes another card for a cart whose first one Stripe did not know', async () => {
    const send = (payment_method: string) =>
      fetch(`${shop}/pay`, {
        method: 'POST',
        body: new URLSearchParams({ cart: 'cart-refused', payment_method }),
      });
    const shown = async () => (await fetch(`${shop}/carts/cart-refused`)).json();
    expect((await send('pm_unknown')).status).toBe(502);
    expect(await shown()).toMatchObject({ status: 'unpaid' });
    expect((await send('pm_card_visa')).status).toBe(200);
    expect(await shown()).toMatchObject({ status: 'captured' });
  });
});
