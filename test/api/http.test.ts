import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RequestBudget } from '../../api/http/request-budget.ts';
import { WITHIN } from '../support/within.ts';
import { CREATE_BODY } from './fixtures.ts';
import type { CallOptions, ServedApp } from './serve-app.ts';
import { LIMITS, serveApp } from './serve-app.ts';

let app: ServedApp;
let log = '';
beforeAll(async () => {
  const sink = new Writable({
    write(chunk, _encoding, done) {
      log += chunk;
      done();
    },
  });
  app = await serveApp({ logger: pino({ level: 'trace' }, sink) });
});
afterAll(() => app.stop());

const CREATE: CallOptions = { key: 'k1', body: CREATE_BODY };

describe('a request that the API refuses on its own', () => {
  it('names every invalid field at once, and the first as param', async () => {
    const answer = await app.call('POST', '/v1/orders', {
      key: 'k1',
      body: { ...CREATE_BODY, amount: -1, currency: 'USD', colour: 'red', size: 'L' },
    });
    const { errors, param, detail } = answer.body as {
      errors: { param: string; detail: string }[];
      param: string;
      detail: string;
    };
    expect(answer.status).toBe(400);
    expect(errors.map((error) => error.param).sort()).toEqual(['amount', 'colour', 'currency', 'size']);
    expect(errors[0]).toEqual({ param, detail });
    expect(errors).toContainEqual({ param: 'colour', detail: 'Unknown field: colour.' });
  });

  it.each<[string, string, string, CallOptions, number, object]>([
    ['has no key', 'GET', '/v1/orders', { as: null }, 401, { code: 'unauthenticated' }],
    [
      'has an unknown key',
      'GET',
      '/v1/orders',
      { as: null, headers: { Authorization: 'Bearer nope' } },
      401,
      { code: 'unauthenticated' },
    ],
    [
      'starts an order as a reader',
      'POST',
      '/v1/orders',
      { ...CREATE, as: 'read' },
      403,
      { code: 'forbidden' },
    ],
    [
      'refunds as a service',
      'POST',
      '/v1/orders/o1/refunds',
      { key: 'k', body: {} },
      403,
      { code: 'forbidden' },
    ],
    [
      'resolves as a service',
      'POST',
      '/v1/orders/o1/resolve',
      { key: 'k', body: {} },
      403,
      { code: 'forbidden' },
    ],
    [
      'asks for a consent link as a reader',
      'GET',
      '/v1/oauth/authorize',
      { as: 'read' },
      403,
      { code: 'forbidden' },
    ],
    ['goes nowhere', 'GET', '/v1/nothing', {}, 404, { code: 'not_found' }],
    [
      'has a slash and no id after it, which is no list',
      'GET',
      '/v1/orders/',
      {},
      404,
      { code: 'not_found', detail: expect.stringMatching(/^There is no \/v1\/orders\/\. .*empty/) },
    ],
    ['writes a path in another way', 'GET', '/v1/Orders', {}, 404, { code: 'not_found' }],
    ['deletes an order', 'DELETE', '/v1/orders/o1', {}, 405, { code: 'method_not_allowed' }],
    ['gets a command', 'GET', '/v1/orders/o1/capture', {}, 405, { code: 'method_not_allowed' }],
    [
      'gets a preview, which no payout’s id is like',
      'GET',
      '/v1/accounts/acct_1/payouts/preview',
      {},
      405,
      { code: 'method_not_allowed', detail: expect.stringMatching(/Allowed: POST\.$/) },
    ],
    [
      'deletes what may be a preview or a transfer of that id',
      'DELETE',
      '/v1/transfers/preview',
      {},
      405,
      { code: 'method_not_allowed', detail: expect.stringMatching(/Allowed: POST\.$/) },
    ],
    ['has a broken path', 'GET', '/v1/orders/%E0%A4%A', {}, 400, { code: 'invalid_request' }],
    ['has an id that cannot be one', 'GET', '/v1/orders/a%20b', {}, 400, { param: 'id' }],
    [
      'has broken JSON',
      'POST',
      '/v1/orders',
      { key: 'k', body: '{"amount":' },
      400,
      { code: 'invalid_request' },
    ],
    [
      'reaches for a prototype',
      'POST',
      '/v1/orders',
      { key: 'k', body: JSON.stringify(CREATE_BODY).replace('{', '{"metadata":{"__proto__":"x"},') },
      400,
      { code: 'invalid_request' },
    ],
    [
      'is a form',
      'POST',
      '/v1/orders',
      { key: 'k', body: 'a=1', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
      415,
      { code: 'unsupported_media_type' },
    ],
    [
      'is over the limit',
      'POST',
      '/v1/orders',
      { key: 'k', body: { ...CREATE_BODY, description: 'x'.repeat(2_200_000) } },
      413,
      { code: 'payload_too_large' },
    ],
    [
      'has no Idempotency-Key',
      'POST',
      '/v1/orders',
      { body: CREATE_BODY },
      400,
      { param: 'Idempotency-Key' },
    ],
    [
      'has a long Idempotency-Key',
      'POST',
      '/v1/orders',
      { ...CREATE, key: 'k'.repeat(256) },
      400,
      { param: 'Idempotency-Key', detail: 'Idempotency-Key must have at most 255 characters.' },
    ],
    [
      'has no Idempotency-Key to capture',
      'POST',
      '/v1/orders/o1/capture',
      {},
      400,
      { param: 'Idempotency-Key' },
    ],
    [
      'captures zero',
      'POST',
      '/v1/orders/o1/capture',
      { key: 'k', body: { amount: 0 } },
      400,
      { code: 'invalid_request', param: 'amount' },
    ],
    [
      'refunds the fee without the transfer',
      'POST',
      '/v1/orders/o1/refunds',
      { as: 'ops', key: 'k', body: { refund_application_fee: true } },
      422,
      { code: 'money_rule', param: 'refund_application_fee' },
    ],
    [
      'takes a fee above the amount',
      'POST',
      '/v1/orders',
      { ...CREATE, body: { ...CREATE_BODY, application_fee_amount: 1001 } },
      422,
      { code: 'money_rule', param: 'application_fee_amount' },
    ],
    [
      'pays a part of a forint out',
      'POST',
      '/v1/accounts/acct_1/payouts',
      { as: 'ops', key: 'k', body: { amount: 1045, currency: 'huf' } },
      422,
      { code: 'money_rule', param: 'amount' },
    ],
    [
      'makes a transfer without saying why',
      'POST',
      '/v1/orders/o1/transfers',
      { as: 'ops', key: 'k', body: { amount: 5 } },
      400,
      { param: 'description' },
    ],
    [
      'resolves without a reason',
      'POST',
      '/v1/orders/o1/resolve',
      { as: 'ops', key: 'k', body: { action: 'retry' } },
      400,
      { param: 'reason' },
    ],
    ['asks for 0 orders', 'GET', '/v1/orders?limit=0', {}, 400, { param: 'limit' }],
    ['asks for 101 orders', 'GET', '/v1/orders?limit=101', {}, 400, { param: 'limit' }],
    ['gives a limit twice', 'GET', '/v1/orders?limit=1&limit=2', {}, 400, { param: 'limit' }],
    ['filters by an unknown field', 'GET', '/v1/orders?colour=red', {}, 400, { param: 'colour' }],
    ['filters by a prototype', 'GET', '/v1/orders?__proto__=1', {}, 400, { param: '__proto__' }],
    [
      'filters by a prototype of metadata',
      'GET',
      '/v1/orders?metadata[__proto__]=1&metadata[cart]=1',
      {},
      400,
      { param: 'metadata[__proto__]' },
    ],
    ['filters by an unknown status', 'GET', '/v1/orders?status=lost', {}, 400, { param: 'status' }],
    [
      'filters by a time that is none',
      'GET',
      '/v1/orders?created[gte]=yesterday',
      {},
      400,
      { param: 'created[gte]' },
    ],
    [
      'tries to break out of a filter',
      'GET',
      "/v1/orders?customer=cus_1'%20OR%20WorkflowType!='",
      {},
      400,
      { param: 'customer' },
    ],
    [
      'sends a field to what takes none',
      'POST',
      '/v1/reconciliation/runs',
      { as: 'ops', body: { from: 'yesterday' } },
      400,
      { param: 'from' },
    ],
    [
      'subscribes to events with no URL',
      'POST',
      '/v1/event_subscriptions',
      { as: 'ops', key: 'k', body: {} },
      400,
      { param: 'url', detail: 'url is required.' },
    ],
    [
      'keeps a secret for half a second',
      'POST',
      '/v1/event_subscriptions/wes_0123456789abcdef01234567/rotate_secret',
      { as: 'ops', key: 'k', body: { overlap_seconds: 0.5 } },
      400,
      { detail: 'overlap_seconds must be an integer, not a fraction.' },
    ],
    [
      'has half an emoji in a text',
      'POST',
      '/v1/orders',
      { key: 'k', body: JSON.stringify({ ...CREATE_BODY, description: '?' }).replace('?', '\\ud83c') },
      400,
      { param: 'description', detail: expect.stringMatching(/well-formed Unicode/) },
    ],
    [
      'has half an emoji in the name of a field',
      'POST',
      '/v1/orders',
      { key: 'k', body: JSON.stringify({ ...CREATE_BODY, metadata: { '?': '1' } }).replace('?', '\\udf89') },
      400,
      { param: 'metadata', detail: expect.stringMatching(/field whose name/) },
    ],
    [
      'has NUL in a customer’s name',
      'POST',
      '/v1/customers',
      { key: 'k', body: { name: 'a\0b' } },
      400,
      { param: 'name', detail: expect.stringMatching(/control characters/) },
    ],
    [
      'has a query that is not UTF-8',
      'GET',
      '/v1/balance_transactions?type=%ff',
      {},
      400,
      { param: 'type', detail: expect.stringMatching(/well-formed Unicode/) },
    ],
    [
      'has a header that is not UTF-8',
      'POST',
      '/v1/orders',
      { ...CREATE, key: 'caf\u00e9' },
      400,
      { param: 'Idempotency-Key', detail: expect.stringMatching(/well-formed Unicode/) },
    ],
    [
      'has a body that is not UTF-8',
      'POST',
      '/v1/orders',
      { key: 'k', body: Buffer.from('{"description":"caf\u00e9"}', 'latin1') },
      400,
      { detail: 'The body is not UTF-8.' },
    ],
    [
      'is nested without end',
      'POST',
      '/v1/orders',
      { key: 'k', body: `{"metadata":${'['.repeat(1000)}${']'.repeat(1000)}}` },
      400,
      { param: 'metadata', detail: expect.stringMatching(/nested/) },
    ],
    [
      'asks for more money than there are numbers',
      'POST',
      '/v1/orders',
      {
        key: 'k',
        body: JSON.stringify({ ...CREATE_BODY, amount: 0 }).replace('"amount":0', '"amount":1e400'),
      },
      400,
      { param: 'amount', detail: 'amount must be a number, not one that large.' },
    ],
    [
      'describes itself with a card number',
      'POST',
      '/v1/orders',
      { key: 'k', body: { ...CREATE_BODY, description: 'by 4242-4242 4242 4242' } },
      400,
      { param: 'description', detail: expect.stringMatching(/^(?!.*4242).*card number/) },
    ],
    [
      'keeps a card number in its metadata',
      'POST',
      '/v1/orders',
      { key: 'k', body: { ...CREATE_BODY, metadata: { account_number: '4242424242424242' } } },
      400,
      { param: 'metadata[account_number]', detail: expect.stringMatching(/card number/) },
    ],
    [
      'names a field after a card number',
      'POST',
      '/v1/orders',
      { key: 'k', body: { ...CREATE_BODY, metadata: { '4242424242424242': 'x' } } },
      400,
      { param: 'metadata', detail: expect.stringMatching(/^(?!.*4242).*card number/) },
    ],
    ['adds a query where there is none', 'GET', '/v1/orders/o1?x=1', {}, 400, { param: 'x' }],
  ])('%s', async (_sentence, method, path, options, status, body) => {
    const answer = await app.call(method, path, options);
    expect(answer.body).toMatchObject({ status, retryable: false, ...body });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('Content-Type')).toMatch('application/problem+json');
    expect(answer.headers.get('Request-Id')).toBe(answer.body.request_id);
  });

  it('says what is allowed, and how to authenticate', async () => {
    const wrong = await app.call('DELETE', '/v1/orders');
    expect(wrong.headers.get('Allow')).toBe('POST, GET, HEAD');
    const anonymous = await app.call('GET', '/v1/orders', { as: null });
    expect(anonymous.headers.get('WWW-Authenticate')).toMatch(/^Bearer/);
  });

  it('has a Request-Id of its own each time', async () => {
    const ids = await Promise.all([1, 2].map(() => app.call('GET', '/healthz')));
    expect(new Set(ids.map(({ headers }) => headers.get('Request-Id'))).size).toBe(2);
  });
});

describe('without Temporal', () => {
  it('says 503, retryable, and never that a payment failed', async () => {
    const answer = await app.call('POST', '/v1/orders', { ...CREATE, headers: { Prefer: 'wait=1' } });
    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({ code: 'unavailable', retryable: true });
    expect(answer.headers.get('Retry-After')).toBeTruthy();
  });

  it('is alive but not ready', async () => {
    expect((await app.call('GET', '/healthz', { as: null })).status).toBe(200);
    const ready = await app.call('GET', '/readyz', { as: null });
    expect(ready.status).toBe(503);
    expect(ready.body).toEqual({
      status: 'not_ready',
      temporal: 'unreachable',
      workers: 'unknown',
      stripe: 'unreachable',
    });
  });

  it('says 503 when Stripe cannot be read', async () => {
    const answer = await app.call('GET', '/v1/accounts');
    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable', retryable: true } });
  });
});

describe('the service endpoints', () => {
  it('counts requests by route, not by id', async () => {
    await app.call('GET', '/v1/orders/some-id?x=1');
    const { body } = await app.call('GET', '/metrics', { as: null });
    expect(body).toMatch(
      /waybill_http_requests_total\{method="GET",route="\/v1\/orders\/\{id\}",status="400"\}/,
    );
    expect(body).not.toContain('some-id');
  });

  it('shows the document for people', async () => {
    expect((await app.call('GET', '/docs/', { as: null })).body).toContain('swagger-ui');
  });

  it('logs no key, no token and no body', async () => {
    await app.call('POST', '/v1/orders?token=tok_visa', {
      key: 'k-secret',
      body: { ...CREATE_BODY, description: 'do-not-log' },
    });
    expect(log).toContain('"path":"/v1/orders"');
    const card = '4242424242424242';
    for (const path of [`/v1/orders/${card}`, `/v1/nowhere/${card}`]) {
      const refused = await app.call('GET', `${path}?card=${card}`);
      expect(JSON.stringify(refused.body)).not.toContain(card);
    }
    await expect.poll(() => log, WITHIN).toContain('"path":"/v1/nowhere/');
    for (const secret of ['secret-service', 'k-secret', 'tok_visa', 'do-not-log', card]) {
      expect(log).not.toContain(secret);
    }
  });
});

describe('too many requests', () => {
  it('are refused per key, with the time to wait', async () => {
    const limited = await serveApp({ limits: { ...LIMITS, perKey: 2 } });
    const get = () => limited.call('GET', '/v1/orders?limit=0');
    expect([(await get()).status, (await get()).status]).toEqual([400, 400]);
    const refused = await get();
    expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_requests', retryable: true } });
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect((await limited.call('GET', '/v1/orders?limit=0', { as: 'ops' })).status).toBe(400);
    await limited.stop();
  });

  it('without a key are refused per address, which only a trusted proxy may name', async () => {
    const behind = async (trustedProxies: string[]) => {
      const app = await serveApp({ limits: { ...LIMITS, perAddress: 1 }, trustedProxies });
      const statuses = [];
      for (const client of ['192.0.2.1', '192.0.2.1', '192.0.2.2']) {
        const headers = { 'X-Forwarded-For': client };
        statuses.push((await app.call('GET', '/v1/oauth/callback', { as: null, headers })).status);
      }
      await app.stop();
      return statuses;
    };
    expect(await behind(['loopback'])).toEqual([400, 429, 400]);
    expect(await behind([])).toEqual([400, 429, 429]);
  });

  it('to the webhook from one address leave Stripe its own', async () => {
    const limited = await serveApp({ limits: { ...LIMITS, perKey: 2 }, trustedProxies: ['loopback'] });
    const statuses = [];
    for (const client of ['192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.2']) {
      const headers = { 'X-Forwarded-For': client };
      statuses.push((await limited.call('POST', '/webhooks/stripe', { as: null, headers, body: {} })).status);
    }
    expect(statuses).toEqual([400, 400, 429, 400]);
    await limited.stop();
  });

  it('are refused to /readyz too, by a count of its own', async () => {
    const limited = await serveApp({ limits: { ...LIMITS, perAddress: 1 } });
    const anonymous = { as: null };
    await limited.call('GET', '/v1/orders', anonymous);
    expect((await limited.call('GET', '/v1/orders', anonymous)).status).toBe(429);
    const answers = await Promise.all(
      Array.from({ length: 301 }, () => limited.call('GET', '/readyz', anonymous)),
    );
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(1);
    expect((await limited.call('GET', '/healthz', anonymous)).status).toBe(200);
    await limited.stop();
  });
});

describe('reads that Stripe is asked for', () => {
  it('have a budget per key, however many other reads it has', async () => {
    const limited = await serveApp({ limits: { ...LIMITS, stripeReadsPerKey: 1 } });
    const read = () => limited.call('GET', '/v1/balance?colour=red', { as: 'ops' });
    expect((await read()).status).toBe(400);
    expect(await read()).toMatchObject({ status: 429, body: { code: 'too_many_requests', retryable: true } });
    expect(Number((await read()).headers.get('Retry-After'))).toBeGreaterThan(0);
    expect((await limited.call('GET', '/v1/orders?limit=0', { as: 'ops' })).status).toBe(400);
    expect((await limited.call('GET', '/v1/accounts?limit=0', { as: 'service' })).status).toBe(400);
    await limited.stop();
  });

  it('are counted anew each minute', () => {
    const budget = new RequestBudget(1, 'reads');
    budget.spend('shop', 60_000);
    expect(() => budget.spend('shop', 119_999)).toThrow('try again in 1 s');
    expect(() => budget.spend('shop', 120_000)).not.toThrow();
  });
});
