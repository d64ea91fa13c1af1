import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser, noBrowser } from '../support/browser.ts';
import { needs } from '../support/needs.ts';
import { WITHIN } from '../support/within.ts';
import { card, start } from './support.ts';

/** The shop, where the customer comes back to. */
let shop: string;
let server: Server;
let browser: Browser;

needs(noBrowser)('a customer in a browser without JavaScript', () => {
  beforeAll(async () => {
    server = createServer((request, response) => response.end(`You are at ${request.url}`));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    shop = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  it.each([
    { button: 'Complete authentication', result: 'succeeded', status: 'succeeded' },
    { button: 'Fail authentication', result: 'failed', status: 'requires_payment_method' },
  ])('presses “$button” and is back in the shop, the payment $status', async ({ button, result, status }) => {
    const { stripe } = await start();
    const intent = await stripe.paymentIntents.create({
      ...card,
      amount: 1999,
      payment_method: 'pm_card_authenticationRequired',
      return_url: `${shop}/return?order=7`,
    });
    const context = await browser.newContext({ javaScriptEnabled: false });
    try {
      const page = await context.newPage();
      page.setDefaultTimeout(WITHIN.timeout);
      await page.goto(intent.next_action?.redirect_to_url?.url ?? '');
      expect(await page.getByRole('heading').textContent()).toBe('3-D Secure test page');
      expect(await page.getByText('$19.99').isVisible()).toBe(true);
      await page.getByRole('button', { name: button }).click();
      await page.waitForURL(`${shop}/**`);
      const { pathname, searchParams } = new URL(page.url());
      expect(pathname).toBe('/return');
      expect(Object.fromEntries(searchParams)).toMatchObject({
        order: '7',
        payment_intent: intent.id,
        redirect_status: result,
      });
      expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe(status);
    } finally {
      await context.close();
    }
  });
});
