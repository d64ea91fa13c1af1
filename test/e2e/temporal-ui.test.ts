import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { freePort } from '../../dev/free-port.ts';
import { projectRoot } from '../../dev/project-root.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import { operator } from '../console/operator.ts';
import { acceptKey, refuseKey } from '../console/world.ts';
import { launchBrowser, noBrowser } from '../support/browser.ts';
import { needs } from '../support/needs.ts';
import { openDetails, openOrder, sendSignal, startTexts, useCodecServer } from '../support/temporal-ui.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { createOrder, WITHIN } from './support.ts';

const runbook = readFileSync(join(projectRoot, 'docs', 'runbook.md'), 'utf8');

/** The payload that the runbook prints for a signal to an order. */
function documented(signal: string): string {
  const row = new RegExp(`^\\| .*order/….* \\| \`${signal}\` \\| \`(.*)\` \\|$`, 'm').exec(runbook);
  if (!row?.[1]) throw new Error(`docs/runbook.md has no payload for ${signal}`);
  return row[1];
}

let browser: Browser;
let page: Page;
let ui: string;
let waybill: Waybill;

async function start(surroundings: Parameters<typeof startWaybill>[2] = {}): Promise<void> {
  const uiPort = await freePort();
  ui = `http://127.0.0.1:${uiPort}`;
  const api = { links: { temporalUi: ui, stripeDashboard: null, docs: null } };
  waybill = await startWaybill({}, {}, { uiPort, api, ...surroundings });
  browser = await launchBrowser();
  page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  page.setDefaultTimeout(WITHIN.timeout);
}

async function stop(): Promise<void> {
  await browser?.close();
  await waybill?.stop();
}

async function linesOf(panel: FrameLocator): Promise<string[]> {
  return (await panel.locator('p').allInnerTexts()).flatMap((text) => text.split('\n'));
}

const orderNow = async (id: string) => (await request(waybill, 'GET', `/v1/orders/${id}`)).body;

needs(noBrowser)("signals from Temporal's UI", () => {
  beforeAll(() => start());
  afterAll(stop);

  it.each([
    ['capture', {}, { status: 'captured', amount_captured: 1000 }],
    ['cancel', {}, { status: 'canceled' }],
    ['refund', { capture_method: 'automatic' }, { amount_refunded: 500 }],
    ['transfer', { capture_method: 'automatic', transfer_amount: 500 }, { transfers: [{ amount: 100 }] }],
  ])('%s takes effect with the payload that the runbook prints', async (signal, terms, expected) => {
    const { id } = (await createOrder(waybill, { id: `by-signal-${signal}`, ...terms })).body;
    await openOrder(page, ui, id);
    await sendSignal(page, signal, documented(signal));
    await expect.poll(() => orderNow(id), WITHIN).toMatchObject(expected);
    const { data } = (await request(waybill, 'GET', `/v1/orders/${id}/timeline`)).body;
    expect(data).toContainEqual(expect.objectContaining({ name: signal, actor: 'ada (via temporal)' }));
  });

  it('a stuck order says first what to send, with every line in view; resolve takes effect', async () => {
    const { id, payment_intent } = (await createOrder(waybill, { id: 'stuck' })).body;
    await refuseKey(waybill, `/v1/payment_intents/${payment_intent}/capture`);
    await request(waybill, 'POST', `/v1/orders/${id}/capture`);
    await openOrder(page, ui, id);
    const panel = await openDetails(page);
    await panel.getByText('Needs attention: capture').waitFor();
    expect((await linesOf(panel)).slice(0, -1)).toEqual([
      expect.stringMatching(
        /^resolve \{"request_id":"r\d+","actor":"you","action":"retry","reason":"why"\}$/,
      ),
      expect.stringMatching(/^Needs attention: capture authentication_error · req_\w+$/),
      'Expired API Key provided: sk_test_***ill',
      'Runbook: docs/runbook.md#authentication_error · or retry_with_new_key, mark_done, abandon',
      'authorized · 10.00 USD → acct_1WaybillUSCustom',
      'Authorized 10.00 USD, captured 0.00 USD',
    ]);
    const last = await panel.locator('p').evaluate((paragraph) => {
      const line = paragraph.ownerDocument.createRange();
      line.selectNodeContents(paragraph);
      const lines = [...line.getClientRects()].filter(({ width }) => width > 10);
      return {
        bottom: Math.max(...lines.map(({ bottom }) => bottom)),
        height: paragraph.ownerDocument.defaultView.innerHeight,
      };
    });
    expect(last.bottom).toBeLessThanOrEqual(last.height);

    await acceptKey(waybill);
    await openOrder(page, ui, id);
    await sendSignal(page, 'resolve', documented('resolve'));
    await expect
      .poll(() => orderNow(id), WITHIN)
      .toMatchObject({ status: 'captured', needs_attention: null });
  });

  it('an order says what it was started for; captured, also what was refunded and is left with the seller', async () => {
    const sale = { id: 'where-the-money-is', application_fee_amount: 123, capture_method: 'automatic' };
    const { id } = (await createOrder(waybill, sale)).body;
    const refund = { amount: 300, reverse_transfer: true, refund_application_fee: true };
    await request(waybill, 'POST', `/v1/orders/${id}/refunds`, { body: refund });
    const { funds } = await orderNow(id);
    expect(funds.connected_net).toBe(614);
    await openOrder(page, ui, id);
    const panel = await openDetails(page);
    await panel.getByText('Captured 10.00 USD').waitFor();
    expect(await startTexts(page)).toEqual([
      '10.00 USD → acct_1WaybillUSCustom',
      'automatic capture, application fee 1.23 USD',
    ]);
    expect(await linesOf(panel)).toContain('Captured 10.00 USD · refunded 3.00 USD · connected net 6.14 USD');
  });

  it("a refused signal changes nothing, and the workflow's page says why", async () => {
    const { id } = (await createOrder(waybill, { id: 'refused-signal' })).body;
    await openOrder(page, ui, id);
    await sendSignal(page, 'capture', '{"request_id": "r", "actor": "ada", "amount": 1001}');
    const timeline = async () => (await request(waybill, 'GET', `/v1/orders/${id}/timeline`)).body.data;
    await expect.poll(timeline, WITHIN).toContainEqual(expect.objectContaining({ name: 'capture refused' }));
    await openOrder(page, ui, id);
    const panel = await openDetails(page);
    await panel.getByText('capture refused').waitFor();
    expect(await linesOf(panel)).toEqual(
      expect.arrayContaining(['capture refused · ada (via temporal)', expect.stringContaining('10.00')]),
    );
    expect(await orderNow(id)).toMatchObject({ status: 'authorized', amount_captured: 0 });
  });

  it('every message has a description, and those of Waybill itself are recognisable', async () => {
    const { id } = (await createOrder(waybill)).body;
    await openOrder(page, ui, id);
    await page.getByRole('button', { name: 'More Actions' }).click();
    await page.getByRole('menuitem', { name: 'Send a Signal' }).click();
    const form = page.getByRole('dialog');
    await form.getByTestId('signal-select-button').click();
    // The form asks the workflow for its signals while it is open.
    await vi.waitFor(async () => {
      const texts = await form.getByRole('option').allInnerTexts();
      const shown = texts.map((text) => text.trim().split(/\s*\n\s*/));
      const own = shown.filter(([, about]) => about?.startsWith('Internal: '));
      expect(own.map(([name]) => name).sort()).toEqual(['accountNotice', 'announce', 'stripeAnswers']);
      expect(shown.filter(([, about]) => !about)).toEqual([]);
    }, WITHIN);
    const { definition } = await waybill.env.client.workflow
      .getHandle(orderWorkflowId(id))
      .query<{ definition: Record<string, { name: string; description?: string }[]> }>(
        '__temporal_workflow_metadata',
      );
    const named = ['queryDefinitions', 'signalDefinitions', 'updateDefinitions'].flatMap((kind) =>
      (definition[kind] ?? []).filter(({ name }) => !name.startsWith('__')),
    );
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter(({ description }) => !description)).toEqual([]);
  });

  it('the views of the runbook are queries that the UI takes', async () => {
    const { id } = (await createOrder(waybill, { id: 'large', amount: 250_000 })).body;
    const views = [...runbook.matchAll(/\]\(http:\/\/127\.0\.0\.1:8233(\/namespaces\/\S+?)\) \|$/gm)];
    expect(views.length).toBeGreaterThanOrEqual(6);
    for (const [, path] of views) {
      await page.goto(`${ui}${path}`);
      await page
        .getByText(/\d+ Workflows?|No Workflows/)
        .first()
        .waitFor();
      expect(await page.getByText(/invalid query/i).count()).toBe(0);
    }
    // The last is that of large orders.
    await expect
      .poll(async () => {
        await page.reload();
        await page
          .getByText(/\d+ Workflows?|No Workflows/)
          .first()
          .waitFor();
        return page.getByRole('link', { name: orderWorkflowId(id) }).count();
      }, WITHIN)
      .toBe(1);
    expect(await page.getByRole('link', { name: /^order\// }).count()).toBe(1);
  });
});

needs(noBrowser)("Temporal's UI with encrypted payloads", () => {
  beforeAll(() => start({ payloadKeys: [{ id: 'k1', key: Buffer.alloc(32, 7) }] }));
  afterAll(stop);

  it('shows them and sends signals through the codec server, to whoever is signed in to the console', async () => {
    const { id } = (await createOrder(waybill, { id: 'secret', description: 'eleven roses' })).body;
    const { page: theirs } = await operator(browser, waybill, 'dev_ops');
    await openOrder(theirs, ui, id);
    expect(await theirs.getByText('eleven roses').count()).toBe(0);
    await useCodecServer(theirs, `${waybill.apiUrl}/codec`);
    await openOrder(theirs, ui, id);
    await theirs.getByText('eleven roses').first().waitFor();
    await sendSignal(theirs, 'capture', documented('capture'));
    await expect.poll(() => orderNow(id), WITHIN).toMatchObject({ status: 'captured' });
    const panel = await openDetails(theirs);
    await panel.getByText('10.00 USD').first().waitFor();

    // Another browser has no session.
    await openOrder(page, ui, id);
    await useCodecServer(page, `${waybill.apiUrl}/codec`);
    const asked = page.waitForResponse(
      (response) => response.url().includes('/codec/') && response.request().method() === 'POST',
    );
    await openOrder(page, ui, id);
    expect((await asked).status()).toBe(401);
    expect(await page.getByText('eleven roses').count()).toBe(0);
  });
});
