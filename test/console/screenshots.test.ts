import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { freePort } from '../../dev/free-port.ts';
import { projectRoot } from '../../dev/project-root.ts';
import { launchBrowser, noBrowser } from '../support/browser.ts';
import { needs } from '../support/needs.ts';
import { fillSignal, openDetails, openOrder } from '../support/temporal-ui.ts';
import type { Waybill } from '../support/waybill.ts';
import { startWaybill } from '../support/waybill.ts';
import { WITHIN } from '../support/within.ts';
import { operator } from './operator.ts';
import { fillWorld } from './world.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Whether the pictures become those of the documentation: `npm run screenshots`. */
    keepScreenshots?: boolean;
  }
}

const DESK: BrowserContextOptions = { viewport: { width: 1200, height: 760 }, colorScheme: 'light' };
const NIGHT: BrowserContextOptions = { ...DESK, colorScheme: 'dark' };
const TELEPHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  colorScheme: 'dark',
  deviceScaleFactor: 2,
};

/** A refund of 5.00, previewed. */
async function previewRefund(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Refund/ }).click();
  await page.getByLabel('Amount in USD').fill('5.00');
  await page.getByLabel("Take the seller's share back").check();
  await page.getByLabel('Give our fee back with it').check();
  await page.getByText('4.38 USD from the seller').waitFor();
}

const PICTURES = [
  { name: 'inbox', path: 'inbox', shows: 'dispute_needs_response', as: DESK },
  { name: 'order', path: 'orders/order-1003', shows: 'our fee back', as: DESK },
  { name: 'refund', path: 'orders/order-1001', shows: 'our fee', as: DESK, act: previewRefund },
  { name: 'stuck-night', path: 'orders/order-1006', shows: 'Expired API Key', as: NIGHT },
  { name: 'inbox-telephone', path: 'inbox', shows: 'dispute_needs_response', as: TELEPHONE },
  { name: 'order-telephone', path: 'orders/order-1003', shows: 'our fee back', as: TELEPHONE },
];

/** Pictures of Temporal's UI, and how to come there. */
const OF_TEMPORAL = [
  {
    name: 'attention',
    go: async (page: Page, ui: string) => {
      await page.goto(
        `${ui}/namespaces/default/workflows?query=${encodeURIComponent('NeedsAttention = true')}`,
      );
      await page.getByText('order/order-1006').waitFor();
    },
  },
  {
    name: 'stuck',
    go: async (page: Page, ui: string) => {
      await openOrder(page, ui, 'order-1006');
      const panel = await openDetails(page);
      await panel.getByText('Expired API Key').waitFor();
    },
  },
  {
    name: 'signal',
    go: async (page: Page, ui: string) => {
      await openOrder(page, ui, 'order-1003');
      const refund = { request_id: 'ticket-4711', actor: 'ada', amount: 500, reverse_transfer: true };
      await fillSignal(page, 'refund', JSON.stringify(refund));
    },
  },
];

needs(noBrowser)('the pictures in the documentation', () => {
  const isKept = inject('keepScreenshots') === true;
  let waybill: Waybill;
  let browser: Browser;
  let uiPort: number;
  beforeAll(async () => {
    uiPort = await freePort();
    [waybill, browser] = await Promise.all([
      startWaybill({}, { webhooks: true }, { uiPort }),
      launchBrowser(),
    ]);
    await fillWorld(waybill);
  });
  afterAll(async () => {
    await browser?.close();
    await waybill?.stop();
  });

  it.each(PICTURES)('can be made: $name', async ({ name, path, shows, as, act }) => {
    const { page, open, complaints } = await operator(browser, waybill, 'dev_ops', as);
    await open(path);
    await page.getByText(shows).first().waitFor();
    await act?.(page);
    const file = join(projectRoot, 'docs', 'images', `console-${name}.png`);
    const picture = await page.screenshot(isKept ? { path: file } : {});
    expect(picture.length).toBeGreaterThan(10_000);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it.each(OF_TEMPORAL)("can be made of Temporal's UI: $name", async ({ name, go }) => {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.setDefaultTimeout(WITHIN.timeout);
    await go(page, `http://127.0.0.1:${uiPort}`);
    const file = join(projectRoot, 'docs', 'images', `temporal-${name}.png`);
    const picture = await page.screenshot(isKept ? { path: file } : {});
    expect(picture.length).toBeGreaterThan(10_000);
    await page.close();
  });
});
