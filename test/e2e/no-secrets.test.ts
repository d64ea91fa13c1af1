import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { completeAccount, SELLER, secretsIn } from '../support/sellers.ts';
import type { Answer, Waybill } from '../support/waybill.ts';
import {
  EVENTS,
  request,
  SECRET_KEY,
  STATE_SECRET,
  startWaybill,
  WEBHOOK_SECRET,
} from '../support/waybill.ts';
import { control, createOrder } from './support.ts';

const API_KEY = 'dev_ops';
const WRONG_KEY = 'a-key-that-opens-nothing';
const OAUTH_CODE = 'ac_that_connects_an_account';
const PROXY_SECRET = 'what-the-proxy-and-the-api-share';

const folder = mkdtempSync(join(tmpdir(), 'waybill-audit-'));
const log: string[] = [];
const errors: string[] = [];

let waybill: Waybill;
let subscription: string;
let clientSecret: string;
beforeAll(async () => {
  const logger = pino({ level: 'trace' }, { write: (line: string) => log.push(line) });
  const proxyIdentity = {
    secrets: [PROXY_SECRET],
    header: 'X-Forwarded-Email',
    roles: new Map([['@example.com', 'read' as const]]),
  };
  waybill = await startWaybill(
    { retryBudgetMs: 500 },
    {},
    { api: { logger, auditDir: folder, proxyIdentity } },
  );
  const post = (path: string, body: unknown, headers = {}) =>
    request(waybill, 'POST', path, { body, headers });
  await run(post);
});
afterAll(async () => {
  await waybill?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What touches every secret that there is, and goes wrong in many ways. */
async function run(post: (path: string, body: unknown, headers?: object) => Promise<Answer>): Promise<void> {
  const { body: hook } = await post('/v1/event_subscriptions', {
    url: 'http://127.0.0.1:9/events',
    events: ['order.captured'],
  });
  subscription = hook.secret;
  const account = completeAccount('seller-1');
  expect(await post('/v1/accounts', account)).toMatchObject({ status: 201 });
  await post('/v1/accounts', { ...account, id: 'seller-2', individual: { ...SELLER, oops: true } });
  const { body: order } = await createOrder(waybill, { capture_method: 'automatic' });
  await post(`/v1/orders/${order.id}/refunds`, { amount: 100 });
  const secure = { payment_method: 'pm_card_threeDSecure2Required' };
  const { body: waiting } = await createOrder(waybill, secure);
  clientSecret = waiting.next_action.client_secret;
  await control(waybill, 'faults', {
    match: { method: 'POST', path: '/v1/refunds', times: 5 },
    effect: { status: 401, error: { type: 'invalid_request_error', message: 'Invalid API Key provided' } },
  });
  await post(`/v1/orders/${order.id}/refunds`, { amount: 100 }, { prefer: 'wait=2' });
  const wrong = await post('/v1/orders', {}, { authorization: `Bearer ${WRONG_KEY}` });
  const session = await post('/console/session', { key: WRONG_KEY });
  const person = {
    authorization: '',
    'x-waybill-proxy-secret': PROXY_SECRET,
    'x-forwarded-email': 'ada@example.com',
  };
  const proxied = await post('/v1/orders', {}, person);
  const invalid = await post('/v1/accounts', { ...account, type: 'of another kind' });
  const unsigned = await post('/webhooks/stripe', { id: 'evt_1' }, { 'stripe-signature': 't=1,v1=00' });
  expect(unsigned.status).toBe(400);
  const callback = `/v1/oauth/callback?code=${OAUTH_CODE}&state=nobody-signed-it`;
  const consented = await request(waybill, 'GET', callback, { headers: { authorization: '' } });
  expect(consented.status).toBe(400);
  const answers = [wrong, session, proxied, invalid, unsigned, consented];
  errors.push(...answers.map((answer) => JSON.stringify(answer.body)));
}

/** Every text that Temporal stores of every workflow, and its bytes as text. */
async function histories(): Promise<string> {
  const { workflow, workflowService, options } = waybill.env.client;
  const texts: string[] = [];
  for await (const { workflowId, runId } of workflow.list()) {
    const execution = { workflowId, runId };
    texts.push(...textsIn(await workflow.getHandle(workflowId, runId).fetchHistory()));
    texts.push(
      ...textsIn(
        await workflowService.describeWorkflowExecution({ namespace: options.namespace, execution }),
      ),
    );
  }
  return texts.join('\n');
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('latin1')];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

it('no secret, bank number or identity number is in a log, a history, a metric, the audit log or an error', async () => {
  const metrics = await fetch(`${waybill.apiUrl}/metrics`, {
    headers: { authorization: `Bearer ${API_KEY}` },
  });
  const places = {
    log: log.join(''),
    histories: await histories(),
    metrics: await metrics.text(),
    audit: readdirSync(folder)
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .join(''),
    errors: errors.join('\n'),
  };
  // Each of them was really filled by what ran.
  expect(places.log).toContain('/refunds');
  expect(places.histories).toContain('authentication_error');
  expect(places.metrics).toContain('waybill_');
  expect(places.audit).toContain('anonymous');
  expect(places.errors).toContain('unauthenticated');
  const secrets = {
    api_key: `Bearer ${API_KEY}`,
    wrong_key: WRONG_KEY,
    stripe_key: SECRET_KEY,
    state_secret: STATE_SECRET,
    events_key: EVENTS.signingKey,
    subscription,
    client_secret: clientSecret,
    proxy_secret: PROXY_SECRET,
    webhook_secret: WEBHOOK_SECRET,
    oauth_code: OAUTH_CODE,
  };
  for (const [place, text] of Object.entries(places)) expect(secretsIn(text), place).toEqual([]);
  for (const [name, secret] of Object.entries(secrets)) {
    expect(secret?.length, name).toBeGreaterThan(8);
    for (const [place, text] of Object.entries(places)) {
      expect(text.includes(secret), `${name} in ${place}`).toBe(false);
    }
  }
});
