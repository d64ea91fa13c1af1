import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../config.ts';
import type { ServedApp } from '../api/serve-app.ts';
import { serveApp } from '../api/serve-app.ts';

const SECRET = 'what-the-proxy-and-the-api-share';
const SETTINGS = {
  WAYBILL_PROXY_SECRET: SECRET,
  WAYBILL_PROXY_PERSONS: 'ada@example.com:ops,@example.com:read',
};

let app: ServedApp;
let alone: ServedApp;
beforeAll(async () => {
  const { proxyIdentity } = loadConfig(SETTINGS).api;
  [app, alone] = await Promise.all([serveApp({ proxyIdentity }), serveApp()]);
});
afterAll(() => Promise.all([app.stop(), alone.stop()]));

const from = (person: string, secret = SECRET, more = {}) => ({
  as: null,
  headers: { 'X-Waybill-Proxy-Secret': secret, 'X-Forwarded-Email': person, ...more },
});
const session = (at: ServedApp, options: ReturnType<typeof from>) =>
  at.call('GET', '/console/session', options);
/** Nothing of it needs Temporal: whoever may call it gets a 400 for its body. */
const refund = (options: ReturnType<typeof from>) =>
  app.call('POST', '/v1/orders/order-1/refunds', { ...options, body: { amount: -1 }, key: 'k' });

describe('a person whom the proxy has signed in', () => {
  it('is in the console without a key, under that name and its role', async () => {
    expect(await session(app, from('Ada@example.com'))).toMatchObject({
      status: 200,
      body: { name: 'ada@example.com', role: 'ops' },
    });
    expect(await session(app, from('bob@example.com'))).toMatchObject({ body: { role: 'read' } });
  });

  it('acts with the CSRF token of the console only, and within the role', async () => {
    const token = async (person: string) => (await session(app, from(person))).body.csrf_token;
    const ada = await token('ada@example.com');
    expect(await refund(from('ada@example.com'))).toMatchObject({ status: 403 });
    expect(await refund(from('ada@example.com', SECRET, { 'X-CSRF-Token': ada }))).toMatchObject({
      status: 400,
    });
    const bob = await token('bob@example.com');
    expect(await refund(from('ada@example.com', SECRET, { 'X-CSRF-Token': bob }))).toMatchObject({
      status: 403,
    });
    expect(await refund(from('bob@example.com', SECRET, { 'X-CSRF-Token': bob }))).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('needs the role ops') },
    });
  });

  it.each([
    ['without the proxy’s secret', from('ada@example.com', '')],
    ['with another secret', from('ada@example.com', `${SECRET}x`)],
    ['of another domain', from('ada@example.org')],
    ['of a domain that only ends alike', from('ada@evil-example.com')],
    ['with a name that is no address', from('dev_ops')],
    ['with two names', from('ada@example.com, eve@example.com')],
  ])('is nobody %s', async (_, options) => {
    expect(await session(app, options)).toMatchObject({ status: 401 });
  });

  it('is known by either secret while the proxy’s is replaced, and by no other', async () => {
    const next = 'the-secret-that-comes-after-it';
    const { proxyIdentity } = loadConfig({ ...SETTINGS, WAYBILL_PROXY_SECRET: `${SECRET}\n${next}` }).api;
    const both = await serveApp({ proxyIdentity });
    const tried = [
      [SECRET, 200],
      [next, 200],
      [`${SECRET}, ${next}`, 401],
      ['', 401],
    ] as const;
    for (const [secret, status] of tried) {
      expect(await session(both, from('ada@example.com', secret)), secret).toMatchObject({ status });
    }
    await both.stop();
  });

  it('is nobody where no proxy is configured', async () => {
    expect(await session(alone, from('ada@example.com'))).toMatchObject({ status: 401 });
  });
});

describe('the settings of the proxy', () => {
  it.each([
    [{ WAYBILL_PROXY_SECRET: '' }, /^WAYBILL_PROXY_SECRET: is required/],
    [{ WAYBILL_PROXY_SECRET: 'short' }, /^WAYBILL_PROXY_SECRET: .*at least 24/],
    [{ WAYBILL_PROXY_SECRET: `${SECRET},short` }, /^WAYBILL_PROXY_SECRET: entry 2: .*at least 24/],
    [{ WAYBILL_PROXY_PERSONS: '' }, /^WAYBILL_PROXY_PERSONS: is required/],
    [{ WAYBILL_PROXY_PERSONS: 'ada:ops' }, /^WAYBILL_PROXY_PERSONS: entry 1 /],
    [{ WAYBILL_PROXY_PERSONS: 'ada@example.com:root' }, /^WAYBILL_PROXY_PERSONS: entry 1 /],
    [{ WAYBILL_PROXY_IDENTITY_HEADER: 'X User' }, /^WAYBILL_PROXY_IDENTITY_HEADER: must be/],
  ])('%j stops the process and names the variable', (settings, message) => {
    expect(() => loadConfig({ ...SETTINGS, ...settings })).toThrow(message);
  });
});
