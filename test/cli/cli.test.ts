import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { stripeEventSignal } from '../../contract/stripe-events.ts';
import { startReceiver } from '../../dev/event-receiver.ts';
import { projectRoot } from '../../dev/project-root.ts';
import { withLock } from '../../dev/run/file-lock.mjs';
import { orderWorkflowId } from '../../domain/ids.ts';
import { ensureReconciling } from '../../worker/schedules.ts';
import { control, createOrder, DESTINATION, sandboxRequests } from '../e2e/support.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { WITHIN } from '../support/within.ts';

const DAY_MS = 86_400_000;
const YESTERDAY = new Date(Date.now() - DAY_MS).toISOString().slice(0, 10);

const BIN = join(projectRoot, 'cli', 'bin', 'waybill.mjs');

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({ retryBudgetMs: 1_500 });
  await cli('--help');
});
afterAll(() => waybill?.stop());

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(file: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const settings = { PATH: process.env.PATH ?? '', WAYBILL_URL: waybill.apiUrl, NO_COLOR: '1', ...env };
  return new Promise((resolve) => {
    const child = execFile(file, args, { env: settings }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
    child.stdin?.end();
  });
}

const cli = (...args: readonly string[]) => run(process.execPath, [BIN, ...args]);
const json = async (...args: readonly string[]) => JSON.parse((await cli(...args, '--json')).out);
const orderIn = async (id: string) => (await request(waybill, 'GET', `/v1/orders/${id}`)).body;

it('waits for no lock where nothing is to be built: commands run side by side', async () => {
  await withLock(join(projectRoot, 'dist', '.building-packages'), async () => {
    expect(await cli('--help')).toMatchObject({ code: 0, err: '' });
  });
});

describe('waybill orders', () => {
  const sale = [
    ...['--amount', '1000', '--currency', 'usd'],
    ...['--account', DESTINATION, '--application-fee', '123'],
  ];

  it('creates, captures and refunds, and shows each order as it is then', async () => {
    const created = await cli(
      'orders',
      'create',
      '--id',
      'cli-1',
      ...sale,
      '--payment-method',
      'pm_card_visa',
      '-y',
    );
    expect(created).toMatchObject({ code: 0, err: '' });
    expect(created.out).toMatch(/^status +authorized$/m);
    expect((await cli('orders', 'capture', 'cli-1', '--yes')).out).toMatch(/^status +captured$/m);
    const refund = ['orders', 'refund', 'cli-1', '--amount', '300', '--yes', '--idempotency-key', 'return-1'];
    expect(await json(...refund)).toMatchObject({ amount_refunded: 300 });
    expect(await json(...refund)).toMatchObject({ amount_refunded: 300 });
    expect((await cli('orders', 'timeline', 'cli-1')).out).toMatch(/command +refund +dev_ops/);
    expect((await cli('orders', 'payouts', 'cli-1')).out).toMatch(/^none yet +available 20\S+ +8\.77 USD/m);
  });

  it('takes a whole body as JSON', async () => {
    const body = {
      amount: 500,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      connected_account: DESTINATION,
    };
    const data = JSON.stringify({ ...body, metadata: { cart: '7' } });
    expect(await json('orders', 'create', '--data', data, '--amount', '700', '-y')).toMatchObject({
      amount: 700,
      metadata: { cart: '7' },
    });
  });

  it('previews a new order with --dry-run, and makes none', async () => {
    const create = ['orders', 'create', '--id', 'cli-dry', ...sale, '--payment-method', 'pm_card_visa'];
    const { code, out } = await cli(...create, '--dry-run');
    expect(code).toBe(0);
    expect(out).toContain('8.77 USD for the seller, 1.23 USD for you');
    expect((await cli('orders', 'get', 'cli-dry')).code).toBe(3);
    expect((await cli(...create, '--amount', '1', '--dry-run')).code).toBe(3);
  });

  it('previews with --dry-run, and changes nothing', async () => {
    const { body: order } = await createOrder(waybill, { application_fee_amount: 123 });
    const { code, out } = await cli('orders', 'capture', order.id, '--dry-run');
    expect(code).toBe(0);
    expect(out).toContain('10.00 USD');
    expect(await json('orders', 'cancel', order.id, '--dry-run')).toMatchObject({ object: 'preview' });
    expect((await orderIn(order.id)).status).toBe('authorized');
  });

  it('previews transfers and payouts, new ones too', async () => {
    const dry = (...args: readonly string[]) => json(...args, '--dry-run');
    const sum = ['--amount', '100', '--currency', 'usd'];
    const to = ['--destination', DESTINATION, '--description', 'bonus'];
    const before = (await json('transfers', 'list')).data.length;
    expect(await dry('transfers', 'create', ...sum, ...to)).toMatchObject({
      object: 'preview',
      summary: expect.stringMatching(`^Transfers 1\\.00 USD from you to ${DESTINATION}`),
    });
    expect((await json('transfers', 'list')).data).toHaveLength(before);
    expect(await dry('payouts', 'create', DESTINATION, ...sum, '--when-available')).toMatchObject({
      movements: [{ type: 'payout', from: DESTINATION, to: 'bank', amount: 100 }],
    });
    const path = `/v1/accounts/${DESTINATION}/payouts`;
    const body = { amount: 90_000_000, currency: 'usd', when_available: true };
    const { body: waiting } = await request(waybill, 'POST', path, { body });
    const command = ['payouts', 'cancel', DESTINATION, waiting.id];
    expect(await dry(...command)).toMatchObject({
      summary: 'Calls the payout off. Nothing of it is at Stripe.',
    });
    expect(await json(...command, '--yes')).toMatchObject({ status: 'canceled' });
  });

  it('lists by filters: as a table, as JSON, page by page', async () => {
    const customer = (await request(waybill, 'POST', '/v1/customers', { body: { name: 'Jenny' } })).body.id;
    const method = { customer, payment_method: 'pm_card_visa' };
    for (const _ of [1, 2, 3]) await createOrder(waybill, method);
    const list = ['orders', 'list', '--customer', customer];
    await expect.poll(async () => (await json(...list)).data.length, WITHIN).toBe(3);
    const { out, err } = await cli(...list, '--limit', '2');
    expect(out.split('\n')[0]).toMatch(/^ORDER +STATUS +AMOUNT/);
    expect(out.match(/authorized +10\.00 USD/g)).toHaveLength(2);
    expect(err).toContain('There are more');
  });
});

describe('an order is found', () => {
  it('by what somebody has of it, and by the metadata that it has now', async () => {
    const { body: order } = await createOrder(waybill, { metadata: { cart: '4711' } });
    const idsOf = async (...args: readonly string[]) =>
      (await json(...args)).data.map(({ id }: { id: string }) => id);
    for (const text of [order.id, order.payment_intent, order.latest_charge]) {
      expect(await idsOf('find', text), text).toEqual([order.id]);
    }
    await expect.poll(() => idsOf('find', 'cart=4711'), WITHIN).toEqual([order.id]);
    const changed = ['--metadata', 'cart=', '--metadata', 'shop=a=b', '--yes'];
    expect(await json('orders', 'update', order.id, ...changed)).toMatchObject({ metadata: { shop: 'a=b' } });
    const list = ['orders', 'list', '--metadata', 'shop=a=b', '--status', 'authorized'];
    await expect.poll(() => idsOf(...list), WITHIN).toEqual([order.id]);
    expect(await idsOf('find', 'cart=4711')).toEqual([]);
    expect((await cli('find', 'nowhere')).code).toBe(3);
    expect((await cli('orders', 'list', '--metadata', '=4711')).code).toBe(2);
  });

  it('in a table for spreadsheets, filtered like the list', async () => {
    const { body: order } = await createOrder(waybill, { metadata: { table: 'yes' } });
    const [from, until] = [-3_600_000, 3_600_000].map((ms) => new Date(Date.now() + ms).toISOString());
    const period = ['--created-after', from ?? '', '--created-before', until ?? ''];
    const csv = async () => (await cli('orders', 'list', '--csv', '--metadata', 'table=yes', ...period)).out;
    await expect.poll(csv, WITHIN).toMatch(new RegExp(`^"?id"?,[^\\n]*\\n"?${order.id}"?,[^\\n]*\\n$`));
  });
});

describe('a question before money moves', () => {
  const onTerminal = (answer: string, ...args: readonly string[]) =>
    run('/bin/sh', [
      '-c',
      `(sleep 3; echo ${answer}) | script -qec '${process.execPath} ${BIN} ${args.join(' ')}' /dev/null`,
    ]);

  it('is asked on a terminal, with what the command would do', async () => {
    const { body: order } = await createOrder(waybill);
    const no = await onTerminal('n', 'orders', 'capture', order.id);
    expect(no.out).toContain(`Capture ${order.id}?`);
    expect(no.out).toContain('10.00 USD');
    expect(no.code).toBe(7);
    expect((await orderIn(order.id)).status).toBe('authorized');
    expect((await onTerminal('y', 'orders', 'capture', order.id)).code).toBe(0);
    expect((await orderIn(order.id)).status).toBe('captured');
  });

  it('is a wrong usage where there is no terminal, and nothing moves', async () => {
    const { body: order } = await createOrder(waybill);
    expect(await cli('orders', 'capture', order.id)).toMatchObject({
      code: 2,
      err: expect.stringContaining('--yes'),
    });
    expect((await orderIn(order.id)).status).toBe('authorized');
  });
});

describe('a reason', () => {
  const WHY = 'as ticket 4711 says';
  const why = ['--reason', WHY, '--yes'];
  /** Which commands of the timeline have it. */
  const reasonedIn = async (...args: readonly string[]) =>
    (await json(...args)).data
      .filter(({ detail }: { detail: string | null }) => detail === WHY)
      .map(({ name, actor }: { name: string; actor: string }) => `${name} of ${actor}`);

  /** Of the requests to Stripe that contain a text. */
  const pathsWith = async (text: string) =>
    (await sandboxRequests(waybill))
      .filter(({ params }) => JSON.stringify(params).includes(text))
      .map(({ path }) => path);

  it('goes with a capture, transfers and payouts into their timelines, and not to Stripe', async () => {
    const { body: order } = await createOrder(waybill);
    expect(await json('orders', 'capture', order.id, ...why)).toMatchObject({ status: 'captured' });
    expect(await reasonedIn('orders', 'timeline', order.id)).toEqual(['capture of dev_ops']);

    const funds = { payment_method: 'pm_card_bypassPending', transfer_amount: 1, amount: 5_000 };
    await createOrder(waybill, { ...funds, capture_method: 'automatic' });
    const sum = ['--amount', '300', '--currency', 'usd'];
    const to = ['--destination', DESTINATION, '--description', 'bonus'];
    const bonus = await json('transfers', 'create', ...sum, ...to, ...why);
    expect(bonus).toMatchObject({ status: 'paid' });
    const reverse = ['transfers', 'reverse', bonus.id, '--amount', '100', ...why];
    expect(await json(...reverse)).toMatchObject({ status: 'partially_reversed' });
    const reasoned = ['pay of dev_ops', 'reverse_transfer of dev_ops'];
    expect(await reasonedIn('transfers', 'timeline', bonus.id)).toEqual(reasoned);

    const much = ['--amount', '90000000', '--currency', 'usd', '--when-available'];
    const payout = await json('payouts', 'create', DESTINATION, ...much, ...why);
    expect(payout).toMatchObject({ status: 'waiting_for_funds' });
    expect(await json('payouts', 'cancel', DESTINATION, payout.id, ...why)).toMatchObject({
      status: 'canceled',
    });
    const both = ['pay_out of dev_ops', 'cancel of dev_ops'];
    expect(await reasonedIn('payouts', 'timeline', DESTINATION, payout.id)).toEqual(both);

    expect(await pathsWith('bonus')).toEqual(['/v1/transfers']);
    // Stripe keeps that of a reversal as its description.
    expect(await pathsWith(WHY)).toEqual([`/v1/transfers/${bonus.stripe_transfer}/reversals`]);
  });

  it('goes with evidence and with the acceptance of a dispute into the timeline, and not to Stripe', async () => {
    const bought = { capture_method: 'automatic', payment_method: 'pm_card_createDispute' };
    const { body: order } = await createOrder(waybill, bought);
    const handle = waybill.env.client.workflow.getHandle(orderWorkflowId(order.id));
    await handle.signal(stripeEventSignal, { eventId: 'evt_why', eventType: 'charge.dispute.created' });
    await expect.poll(async () => (await orderIn(order.id)).dispute?.status, WITHIN).toBe('needs_response');
    const evidence = ['--evidence', '{"product_description":"Rollerskates"}'];
    expect(await json('disputes', 'evidence', order.id, ...evidence, ...why)).toMatchObject({
      dispute: { has_evidence: true, submission_count: 0 },
    });
    expect(await json('disputes', 'accept', order.id, ...why)).toMatchObject({ dispute: { status: 'lost' } });
    const both = ['submit_evidence of dev_ops', 'accept_dispute of dev_ops'];
    expect(await reasonedIn('orders', 'timeline', order.id)).toEqual(both);
    const disputed = expect.stringContaining('/v1/disputes/');
    expect(await pathsWith('Rollerskates')).toEqual([disputed]);
    expect(await pathsWith(WHY)).not.toContainEqual(disputed);
  });
});

describe('exit codes', () => {
  it('say whether it was refused, got no answer, or was called wrongly', async () => {
    const refused = await cli('orders', 'capture', 'nowhere', '--yes');
    expect(refused).toMatchObject({ code: 3, err: expect.stringContaining('not_found') });
    expect(JSON.parse((await cli('orders', 'get', 'nowhere', '--json')).out)).toMatchObject({
      code: 'not_found',
    });
    const away = await cli(
      '--url',
      'http://127.0.0.1:9',
      'orders',
      'capture',
      'x',
      '-y',
      '--idempotency-key',
      'k-1',
    );
    expect(away).toMatchObject({ code: 4, err: expect.stringContaining('--idempotency-key k-1') });
    const wrongUsages = [
      ['bogus'],
      ['orders', 'get'],
      ['orders', 'capture', 'x', '--amount', '10.00'],
      ['orders', 'create', '--data', '{"amount":', '-y'],
      ['orders', 'create', '--data', '"amount"', '-y'],
      ['disputes', 'evidence', 'x', '--evidence', '{product: 1}', '-y'],
    ];
    for (const wrong of wrongUsages) {
      expect((await cli(...wrong)).code, wrong.join(' ')).toBe(2);
    }
    const elsewhere = await cli('--url', 'https://waybill.example.com', 'orders', 'list');
    expect(elsewhere).toMatchObject({ code: 2, err: expect.stringContaining('WAYBILL_API_KEY') });
  });
});

it('ends quietly where nobody reads its output any more', async () => {
  const list = `${process.execPath} ${BIN} orders list --json`;
  const ran = await run('/bin/sh', ['-c', `{ ${list}; echo "code $?" >&2; } | true`]);
  expect(ran.err).toBe('code 0\n');
});

describe('a command whose outcome nobody knows', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.close();
    server?.closeAllConnections();
  });

  /** An API that gives every command this answer, or none; and the keys that it was asked under. */
  async function api(answer: { status: number; code: string } | null) {
    const keys: (string | undefined)[] = [];
    const more = { type: 'x', title: 'x', detail: 'x', retryable: true, request_id: 'req_1' };
    server = createServer((request, response) => {
      keys.push(request.headers['idempotency-key']?.toString());
      if (answer === null) return;
      // A longer wait than the client waits for.
      response.writeHead(answer.status, {
        'Content-Type': 'application/problem+json',
        'Retry-After': '3600',
      });
      response.end(JSON.stringify({ ...answer, ...more }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return { keys, args: ['--url', `http://127.0.0.1:${port}`, 'orders', 'refund', 'order-1', '--yes'] };
  }

  it.each([
    [503, 'unavailable', 4],
    [500, 'internal', 4],
    [409, 'idempotency_key_in_use', 5],
  ])('since the answer was %s %s names the key to repeat it under', async (status, code, exitCode) => {
    const { keys, args } = await api({ status, code });
    const ran = await cli(...args);
    expect(ran.code).toBe(exitCode);
    expect(keys).toEqual([expect.stringMatching(/./)]);
    expect(ran.err).toContain(`--idempotency-key ${keys[0]}`);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'since somebody stopped it (%s) names the key too',
    async (signal) => {
      const { keys, args } = await api(null);
      const child = spawn(process.execPath, [BIN, ...args], {
        env: { PATH: process.env.PATH, NO_COLOR: '1' },
      });
      const said = text(child.stderr);
      await expect.poll(() => keys.length, WITHIN).toBe(1);
      child.kill(signal);
      expect(await once(child, 'exit')).toEqual([4, null]);
      expect(await said).toContain(`--idempotency-key ${keys[0]}`);
    },
  );

  it('names none where nothing was to be done', async () => {
    const { args } = await api({ status: 503, code: 'unavailable' });
    const looked = await cli(...args, '--dry-run');
    expect(looked).toMatchObject({ code: 4, err: expect.not.stringContaining('--idempotency-key') });
  });
});

describe('waybill attention', () => {
  /** An API whose lists are empty, with those metrics. */
  async function metricsServer(lines: readonly string[]) {
    const empty = JSON.stringify({ object: 'list', has_more: false, data: [] });
    const server = createServer(({ url }, response) => {
      const isMetrics = url === '/v1/metrics';
      response.setHeader('Content-Type', isMetrics ? 'text/plain' : 'application/json');
      response.end(isMetrics ? lines.join('\n') : empty);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
  }

  it('shows what is stuck, which resolve then frees', async () => {
    const { body: order } = await createOrder(waybill);
    const path = `/v1/payment_intents/${order.payment_intent}/capture`;
    const match = { method: 'POST', path, times: 1_000 };
    await control(waybill, 'faults', { match, effect: { error: 'lock_timeout' } });
    expect(await cli('orders', 'capture', order.id, '--yes')).toMatchObject({ code: 6 });
    await fetch(`${waybill.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' });
    const stuck = async () => (await json('attention')).data;
    await expect.poll(stuck, WITHIN).toMatchObject([{ object: 'order', id: order.id, operation: 'capture' }]);
    expect((await cli('attention')).out).toContain(order.id);
    expect((await cli('doctor')).out).toMatch(/! Attention +1 orders/);
    const resolve = [
      'orders',
      'resolve',
      order.id,
      '--action',
      'retry',
      '--reason',
      'Stripe is back',
      '--yes',
    ];
    expect(await json(...resolve)).toMatchObject({ status: 'captured', needs_attention: null });
  });

  it('shows what concerns the whole installation, or says that it cannot be read', async () => {
    const metrics = [
      'waybill_attention{code="subscriber_disabled"} 1',
      'waybill_state_up{part="attention"} 1',
    ];
    const [known, unknown] = [await metricsServer(metrics), await metricsServer([])];
    const shown = await cli('attention', '--url', known.url, '--api-key', 'k');
    expect(shown).toMatchObject({ code: 0, err: '' });
    expect(shown.out).toMatch(/^installation +subscriber_disabled +subscriber_disabled/m);
    expect(await cli('attention', '--url', unknown.url, '--api-key', 'k')).toMatchObject({
      code: 0,
      err: expect.stringContaining('cannot be read now'),
    });
    for (const { close } of [known, unknown]) close();
  });

  it('shows an account that is stuck, which doctor counts too', async () => {
    const match = { method: 'POST', path: '/v1/accounts', times: 1_000 };
    await control(waybill, 'faults', { match, effect: { error: 'lock_timeout' } });
    const body = { id: 'seller-9', type: 'express', country: 'US' };
    await request(waybill, 'POST', '/v1/accounts', { body });
    await fetch(`${waybill.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' });
    const stuck = async () => (await json('attention')).data;
    await expect.poll(stuck, WITHIN).toMatchObject([{ object: 'account', id: 'seller-9' }]);
    expect((await cli('doctor')).out).toMatch(/! Attention +.*\b1 accounts/);
    const resolve = ['accounts', 'resolve', 'seller-9', '--action', 'retry', '--reason', 'Stripe is back'];
    expect(await json(...resolve, '--yes')).toMatchObject({ reference: 'seller-9', needs_attention: null });
  });
});

describe('waybill doctor', () => {
  it('finds a service that works, with what is not set up', async () => {
    const { out } = await cli('doctor');
    for (const check of [
      'API',
      'Temporal',
      'Workers',
      'Stripe',
      'Clock',
      'API key',
      'Stripe key',
      'Events',
      'Search attributes',
      'Events key',
      'Stripe permissions',
    ]) {
      expect(out).toMatch(new RegExp(`✓ ${check} +\\S`));
    }
  });

  it('has Stripe send an event to each webhook endpoint, if it is asked to', async () => {
    const { out } = await cli('doctor', '--webhooks', '--account', DESTINATION);
    expect(out).toMatch(/! Platform webhooks +no endpoint at Stripe/);
    expect(out).toMatch(/! Connect webhooks +no endpoint at Stripe/);
    expect((await cli('doctor')).out).not.toContain('Platform webhooks');
  });

  it('says when its key may not act, and when nothing answers', async () => {
    expect((await cli('--api-key', 'dev_read', 'doctor')).out).toMatch(/! API key +its role is below ops/);
    const away = await cli('--url', 'http://127.0.0.1:9', 'doctor');
    expect(away).toMatchObject({ code: 1, out: expect.stringMatching(/^✗ API +.*127\.0\.0\.1:9/) });
  });
});

describe('waybill links', () => {
  it('makes queries that Temporal takes, and that find what they say', async () => {
    const { body: order } = await createOrder(waybill);
    const bought = { capture_method: 'automatic', payment_method: 'pm_card_createDispute' };
    const { body: disputed } = await createOrder(waybill, bought);
    const handle = waybill.env.client.workflow.getHandle(orderWorkflowId(disputed.id));
    await handle.signal(stripeEventSignal, { eventId: 'evt_dispute', eventType: 'charge.dispute.created' });
    const { body: stuck } = await createOrder(waybill);
    const path = `/v1/payment_intents/${stuck.payment_intent}/capture`;
    const match = { method: 'POST', path, times: 1_000 };
    await control(waybill, 'faults', { match, effect: { error: 'lock_timeout' } });
    await cli('orders', 'capture', stuck.id, '--yes');
    await fetch(`${waybill.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' });
    const { body: large } = await createOrder(waybill, { amount: 7_500 });
    const asked = ['--account', DESTINATION, '--expiring', '480', '--large', 'usd:7500'];
    const { data } = await json('links', ...asked);
    expect(data).toHaveLength(6);
    expect((await cli('links', '--large', '75.00')).code).toBe(2);
    const { workflow } = waybill.env.client;
    const found = async (query: string) => {
      const ids: string[] = [];
      for await (const { workflowId } of workflow.list({ query })) ids.push(workflowId);
      return ids;
    };
    for (const { query, url } of data) {
      await found(query);
      expect(new URL(url).searchParams.get('query')).toBe(query);
    }
    const [needsAttention, , expiring, inDispute, ofAccount, ofMuch] = data;
    for (const [{ query }, { id }] of [
      [needsAttention, stuck],
      [expiring, order],
      [inDispute, disputed],
      [ofAccount, order],
      [ofMuch, large],
    ]) {
      await expect.poll(() => found(query), WITHIN).toContain(orderWorkflowId(id));
    }
  });
});

describe('what moves money without an order, or after it', () => {
  it('transfers, and takes some of it back', async () => {
    // What it leaves with the platform is available at once.
    const earned = {
      capture_method: 'automatic',
      payment_method: 'pm_card_bypassPending',
      transfer_amount: 100,
    };
    await createOrder(waybill, earned);
    const sum = ['--amount', '100', '--currency', 'usd', '--destination', DESTINATION];
    const made = await json('transfers', 'create', '--id', 'cli-t', ...sum, '--description', 'bonus', '-y');
    expect(made).toMatchObject({ id: 'cli-t', status: 'paid', amount: 100 });
    const back = ['transfers', 'reverse', 'cli-t', '--amount', '40', '--reason', 'too much', '--yes'];
    expect((await cli(...back)).code).toBe(0);
    expect(await json('transfers', 'get', 'cli-t')).toMatchObject({ amount_reversed: 40 });
    expect((await cli('transfers', 'timeline', 'cli-t')).out).toMatch(/command +reverse_?transfer +dev_ops/i);
  });

  it('keeps evidence for a dispute, submits it, and accepts another dispute', async () => {
    const disputed = async () => {
      const bought = { capture_method: 'automatic', payment_method: 'pm_card_createDispute' };
      const { id } = (await createOrder(waybill, bought)).body;
      const handle = waybill.env.client.workflow.getHandle(orderWorkflowId(id));
      await handle.signal(stripeEventSignal, { eventId: 'evt_d', eventType: 'charge.dispute.created' });
      await expect.poll(async () => (await orderIn(id)).dispute?.status, WITHIN).toBe('needs_response');
      return { id, dispute: (await orderIn(id)).dispute.id };
    };
    const ours = await disputed();
    const skates = { product_description: 'Rollerskates' };
    const keep = ['disputes', 'evidence', ours.id, '--evidence', JSON.stringify(skates)];
    expect((await cli(...keep, '--dry-run')).code).toBe(0);
    expect((await waybill.stripe.disputes.retrieve(ours.dispute)).evidence.product_description).toBeNull();
    expect((await cli(...keep, '--yes')).code).toBe(0);
    expect((await waybill.stripe.disputes.retrieve(ours.dispute)).evidence).toMatchObject(skates);
    expect((await orderIn(ours.id)).dispute.status).toBe('needs_response');
    const submit = ['disputes', 'evidence', ours.id, '--submit', '--dispute'];
    expect(await cli(...submit, 'dp_another', '--yes')).toMatchObject({ code: 3 });
    const submitted = await json(...submit, ours.dispute, '--yes');
    expect(submitted.dispute.status).toBe('under_review');
    const theirs = await disputed();
    const accepted = await json('disputes', 'accept', theirs.id, '--dispute', theirs.dispute, '--yes');
    expect(accepted.dispute.status).toBe('lost');
  });

  it('delivers an event once more', async () => {
    const receiver = await startReceiver();
    const subscription = { url: receiver.url, events: ['order.captured'] };
    await request(waybill, 'POST', '/v1/event_subscriptions', { body: subscription });
    const { body: order } = await createOrder(waybill, { capture_method: 'automatic' });
    const events = async () => (await json('events', 'list', '--order', order.id)).data;
    await expect.poll(events, WITHIN).toHaveLength(1);
    await expect.poll(() => receiver.received.length, WITHIN).toBe(1);
    const [{ id }] = await events();
    expect(await json('events', 'replay', id)).toMatchObject({ id });
    await expect.poll(() => receiver.received.length, WITHIN).toBe(2);
    await receiver.stop();
  });

  it('reconciles, and says by its exit code whether every cent is explained', async () => {
    const schedule = { taskQueue: 'waybill', everyMs: DAY_MS, lookBackMs: DAY_MS, pendingMs: DAY_MS };
    await ensureReconciling(waybill.env.client, schedule);
    await createOrder(waybill, { capture_method: 'automatic' });
    expect((await cli('recon', 'show')).code).toBe(3);
    expect((await cli('recon', 'run')).out).toContain('waybill recon show');
    await expect.poll(async () => (await cli('recon', 'show')).code, WITHIN).toBe(0);
    const { out } = await cli('recon', 'show');
    expect(out).toMatch(/^Every cent is explained, 20/);
    expect(out).toMatch(/platform +usd +-?[\d.]+ USD \(\d+\)/i);
    // A charge that no order has is due at once.
    await waybill.stripe.paymentIntents.create({
      amount: 777,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      confirm: true,
      transfer_data: { destination: DESTINATION },
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    });
    await ensureReconciling(waybill.env.client, { ...schedule, pendingMs: 0 });
    // In the second in which it was made only the account's balance shows it.
    const found = async () => {
      await cli('recon', 'run');
      return cli('recon', 'show');
    };
    const both = /^2 differences, 20[\s\S]*"code":"foreign_payment"/;
    await expect.poll(found, WITHIN).toMatchObject({ code: 1, out: expect.stringMatching(both) });
  });
});

describe('the other lists', () => {
  it.each([
    [['accounts', 'list'], 'ACCOUNT'],
    [['transfers', 'list'], ''],
    [['payouts', 'list'], ''],
    [['disputes', 'list'], ''],
    [['events', 'list'], ''],
    [['recon', 'statement', YESTERDAY], 'date,connected_account,currency,record,order,'],
  ])('%s answers', async (args, head) => {
    const { code, out } = await cli(...args);
    expect(code).toBe(0);
    expect(out).toContain(head);
  });

  it('completes commands, and has help for each of them', async () => {
    expect((await cli('complete', '--', 'orders', 'ca')).out).toMatch(/capture\t[\s\S]*cancel\t/);
    expect((await cli('complete', 'zsh')).out).toContain('#compdef waybill');
    expect((await cli('orders', 'refund', '--help')).out).toContain('--reverse-transfer');
  });
});
