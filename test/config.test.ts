import { resolve } from 'node:path';
import type { Connection } from '@temporalio/client';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { type Env, loadConfig, loadSandboxConfig, loadWorkerConfig } from '../config.ts';

/** As long as a secret must be. */
const SECRET = 'r4nd0m-r4nd0m-r4nd0m-r4nd';
const API_KEYS = `shop:service:${SECRET}`;

describe('with nothing set', () => {
  const config = loadConfig({});

  it('everything is embedded, on loopback, at the documented ports', () => {
    expect(config.temporal).toMatchObject({
      embedded: true,
      address: '127.0.0.1:7233',
      namespace: 'default',
    });
    expect(config.stripe).toMatchObject({
      mode: 'sandbox',
      apiBase: 'http://127.0.0.1:12111',
      secretKey: 'sk_test_waybill',
    });
    expect(config.sandbox).toEqual({
      embedded: true,
      host: '127.0.0.1',
      port: 12_111,
      publicUrl: null,
      dataDir: resolve('.waybill/sandbox'),
      webhooks: null,
    });
    expect(config.api).toMatchObject({ host: '127.0.0.1', port: 3000 });
  });

  it('the three dev keys work', () => {
    expect(config.api.keys.map((key) => `${key.secret}=${key.role}`)).toEqual([
      'dev_read=read',
      'dev_service=service',
      'dev_ops=ops',
    ]);
  });
});

describe('outgoing events', () => {
  const stripe = {
    STRIPE_SECRET_KEY: 'sk_test_x',
    WAYBILL_API_KEYS: API_KEYS,
    WAYBILL_STATE_SECRET: 'x'.repeat(32),
  };

  it('can be subscribed to in the sandbox, and go to this very machine there', () => {
    expect(loadConfig({}).events).toMatchObject({ signingKey: expect.any(String), allowLoopback: true });
  });

  it('need a key of their own with Stripe, and never go to this machine', () => {
    expect(loadConfig(stripe).events).toMatchObject({ signingKey: null, allowLoopback: false });
    const key = 'k'.repeat(32);
    const given = { ...stripe, WAYBILL_EVENTS_KEY: key, WAYBILL_EVENTS_GIVE_UP_HOURS: '1' };
    expect(loadWorkerConfig(given).events).toMatchObject({ signingKey: key, giveUpAfterMs: 3_600_000 });
    expect(() => loadConfig({ ...stripe, WAYBILL_EVENTS_KEY: 'short' })).toThrow('WAYBILL_EVENTS_KEY');
  });
});

describe('with Stripe', () => {
  const stripe = {
    STRIPE_SECRET_KEY: 'sk_test_x',
    WAYBILL_API_KEYS: API_KEYS,
    WAYBILL_STATE_SECRET: 'x'.repeat(32),
  };

  it('the key decides the mode, and the base is Stripe’s', () => {
    expect(loadConfig(stripe).stripe).toMatchObject({ mode: 'test', apiBase: 'https://api.stripe.com' });
    expect(loadConfig({ ...stripe, STRIPE_SECRET_KEY: 'rk_live_x' }).stripe.mode).toBe('live');
  });

  it('all workers together stay below Stripe’s limits, of one endpoint too, unless they are told', () => {
    const callsOf = (more: Env) => loadConfig({ ...stripe, ...more }).stripe.callsPerSecond;
    expect(callsOf({})).toEqual({ inAll: 20, perEndpoint: 20 });
    expect(callsOf({ STRIPE_SECRET_KEY: 'sk_live_x' })).toEqual({ inAll: 80, perEndpoint: 20 });
    const raised = { WAYBILL_STRIPE_CALLS_PER_SECOND: '400', WAYBILL_STRIPE_CALLS_PER_ENDPOINT: '100' };
    expect(callsOf(raised)).toEqual({ inAll: 400, perEndpoint: 100 });
    expect(loadWorkerConfig({ STRIPE_SECRET_KEY: 'rk_live_x' }).stripe.callsPerSecond.inAll).toBe(80);
  });

  it('no dev key works', () => {
    expect(loadConfig(stripe).api.keys).toEqual([{ name: 'shop', role: 'service', secret: SECRET }]);
  });

  it('Standard accounts are connected at Stripe, once the platform’s client is known', () => {
    expect(loadConfig(stripe).stripe).toMatchObject({
      clientId: null,
      connectBase: 'https://connect.stripe.com',
      publishableKey: null,
    });
    const known = { ...stripe, STRIPE_CLIENT_ID: 'ca_1', STRIPE_PUBLISHABLE_KEY: 'pk_live_1' };
    expect(loadConfig(known).stripe).toMatchObject({ clientId: 'ca_1', publishableKey: 'pk_live_1' });
  });

  it('a worker starts without API keys, and gets none', () => {
    expect(loadWorkerConfig({ STRIPE_SECRET_KEY: 'sk_test_x' })).not.toHaveProperty('api');
  });

  it('the sandbox alone starts whatever Stripe key is set', () => {
    expect(loadSandboxConfig({ STRIPE_SECRET_KEY: 'sk_live_x' }).port).toBe(12_111);
  });
});

it('the sandbox sends its events to the API, signed with the secrets that the API knows', () => {
  const env = { STRIPE_WEBHOOK_SECRETS: 'whsec_a, whsec_b', API_PORT: '4000' };
  const url = 'http://127.0.0.1:4000/webhooks/stripe';
  expect(loadSandboxConfig(env).webhooks).toMatchObject({ url, secret: 'whsec_a', connectSecret: 'whsec_b' });
  const { webhooks } = loadSandboxConfig({ ...env, STRIPE_WEBHOOK_SECRETS: 'whsec_a' });
  expect(webhooks).toMatchObject({ url, secret: 'whsec_a' });
  expect(webhooks).not.toHaveProperty('connectSecret');
  expect(loadConfig(env).stripe.webhookSecrets).toEqual(['whsec_a', 'whsec_b']);
});

it('the sandbox can be reached, and send its events, from one machine to another', () => {
  const { host, publicUrl, webhooks } = loadSandboxConfig({
    SANDBOX_HOST: '0.0.0.0',
    SANDBOX_PUBLIC_URL: 'http://localhost:12111',
    SANDBOX_WEBHOOK_URL: 'http://proxy:3000/webhooks/stripe',
    STRIPE_WEBHOOK_SECRETS: 'whsec_a',
  });
  expect({ host, publicUrl }).toEqual({ host: '0.0.0.0', publicUrl: 'http://localhost:12111' });
  expect(webhooks).toMatchObject({ url: 'http://proxy:3000/webhooks/stripe', secret: 'whsec_a' });
});

it('a sandbox elsewhere takes the sandbox’s key, but no dev key', () => {
  const env = { STRIPE_API_BASE: 'http://sandbox:12111' };
  expect(loadWorkerConfig(env).stripe).toMatchObject({ mode: 'sandbox', secretKey: 'sk_test_waybill' });
  expect(() => loadConfig(env)).toThrow(/^WAYBILL_API_KEYS/);
});

it('an API key’s secret may contain colons', () => {
  expect(loadConfig({ WAYBILL_API_KEYS: 'a:ops:x:y' }).api.keys[0]?.secret).toBe('x:y');
});

it('an empty variable is an unset one', () => {
  expect(loadConfig({ API_PORT: '', STRIPE_SECRET_KEY: '', TEMPORAL_ADDRESS: '' })).toEqual(loadConfig({}));
});

describe('Temporal', () => {
  it('a cluster is reached as the SDK’s environment configuration says', () => {
    const { temporal } = loadConfig({
      TEMPORAL_ADDRESS: 'prod.example:7233',
      TEMPORAL_NAMESPACE: 'pay',
      TEMPORAL_API_KEY: 'k',
    });
    expect(temporal).toMatchObject({ embedded: false, address: 'prod.example:7233', namespace: 'pay' });
    expect(temporal.connection).toMatchObject({ address: 'prod.example:7233', apiKey: 'k', tls: true });
    // Temporal Cloud's address of a region serves many namespaces, and the SDK names it in calls of one service only.
    expect(temporal.connection.metadata).toEqual({ 'temporal-namespace': 'pay' });
  });

  it('gets compressed what a worker sends, unless it is near: embedded, or by the setting', () => {
    const compressionOf = (env: Record<string, string>) =>
      loadConfig(env).temporal.connection.grpcCompression;
    const far = { TEMPORAL_ADDRESS: 'prod.example:7233' };
    expect(compressionOf(far)).toBeUndefined();
    expect(compressionOf({ ...far, WAYBILL_TEMPORAL_GZIP: 'false' })).toEqual({ codec: 'none' });
    expect(compressionOf({})).toEqual({ codec: 'none' });
  });

  it('its connection serves client and worker', () => {
    expectTypeOf(loadConfig({}).temporal.connection).toExtend<Parameters<typeof Connection.connect>[0]>();
  });
});

describe('what is wrong is named', () => {
  const cases: [string, Env, RegExp][] = [
    ['a port that is no number', { API_PORT: 'http' }, /^API_PORT: /],
    ['a port out of range', { SANDBOX_PORT: '70000' }, /^SANDBOX_PORT: /],
    ['port 0', { TEMPORAL_UI_PORT: '0' }, /^TEMPORAL_UI_PORT: /],
    ['a log level unknown', { LOG_LEVEL: 'loud' }, /^LOG_LEVEL: /],
    ['no time to retry', { WAYBILL_RETRY_BUDGET_SECONDS: '0' }, /^WAYBILL_RETRY_BUDGET_SECONDS: /],
    ['half a day', { WAYBILL_ORDER_OPEN_DAYS: '0.5' }, /^WAYBILL_ORDER_OPEN_DAYS: /],
    ['a publishable key', { STRIPE_SECRET_KEY: 'pk_test_x' }, /^STRIPE_SECRET_KEY: /],
    [
      'Stripe without a key',
      { STRIPE_API_BASE: 'https://api.stripe.com' },
      /^STRIPE_SECRET_KEY: is required/,
    ],
    [
      'a live key for a sandbox',
      { STRIPE_SECRET_KEY: 'sk_live_x', STRIPE_API_BASE: 'http://127.0.0.1:12111' },
      /^STRIPE_SECRET_KEY: is a live key/,
    ],
    ['a base that is no URL', { STRIPE_API_BASE: 'stripe' }, /^STRIPE_API_BASE: /],
    ['a base of another protocol', { STRIPE_API_BASE: 'ftp://stripe' }, /^STRIPE_API_BASE: /],
    ['Stripe without API keys', { STRIPE_SECRET_KEY: 'sk_test_x' }, /^WAYBILL_API_KEYS_FILE: is required/],
    [
      'Stripe without a secret to sign with',
      { STRIPE_SECRET_KEY: 'sk_test_x', WAYBILL_API_KEYS: API_KEYS },
      /^WAYBILL_STATE_SECRET: is required/,
    ],
    ['a secret that can be guessed', { WAYBILL_STATE_SECRET: 'short' }, /^WAYBILL_STATE_SECRET: .*32/],
    ['a client that is none', { STRIPE_CLIENT_ID: 'client' }, /^STRIPE_CLIENT_ID: /],
    ['an API key without a role', { WAYBILL_API_KEYS: 'shop:secret' }, /^WAYBILL_API_KEYS: entry 1/],
    ['an API key of another role', { WAYBILL_API_KEYS: 'a:ops:x,shop:root:y' }, /^WAYBILL_API_KEYS: entry 2/],
    ['an API key without a secret', { WAYBILL_API_KEYS: 'shop:ops:' }, /^WAYBILL_API_KEYS: entry 1/],
    [
      'one name with two roles',
      { WAYBILL_API_KEYS: 'a:ops:x,a:read:y' },
      /^WAYBILL_API_KEYS: has the same name with two roles/,
    ],
    [
      'one person with two roles',
      {
        WAYBILL_PROXY_SECRET: 'a-secret-of-more-than-24-characters',
        WAYBILL_PROXY_PERSONS: 'ada@example.com:read,Ada@example.com:ops',
      },
      /^WAYBILL_PROXY_PERSONS: has the same address or domain with two roles/,
    ],
    [
      'one currency with two limits',
      { WAYBILL_APPROVAL_ABOVE: 'usd:50000,usd:500' },
      /^WAYBILL_APPROVAL_ABOVE: must name each currency once/,
    ],
    [
      'one currency with two limits a day',
      { WAYBILL_ACCOUNT_REFUNDS_PER_DAY: 'usd:50000,count:2,usd:500' },
      /^WAYBILL_ACCOUNT_REFUNDS_PER_DAY: must name each currency once/,
    ],
    ['one secret twice', { WAYBILL_API_KEYS: 'a:ops:x,b:read:x' }, /^WAYBILL_API_KEYS: has the same secret/],
    [
      'a proxy that is none',
      { WAYBILL_TRUSTED_PROXIES: 'loopback,proxy' },
      /^WAYBILL_TRUSTED_PROXIES: proxy/,
    ],
    ['a proxy for all the world', { WAYBILL_TRUSTED_PROXIES: 'true' }, /^WAYBILL_TRUSTED_PROXIES: true/],
    ['no requests at all', { WAYBILL_REQUESTS_PER_MINUTE: '0' }, /^WAYBILL_REQUESTS_PER_MINUTE: /],
    ['a profile that is not there', { TEMPORAL_PROFILE: 'nowhere' }, /^TEMPORAL_\*: .*nowhere/],
    [
      'a certificate that is not there',
      {
        TEMPORAL_ADDRESS: 'x:1',
        TEMPORAL_TLS_CLIENT_CERT_PATH: '/none',
        TEMPORAL_TLS_CLIENT_KEY_PATH: '/none',
      },
      /^TEMPORAL_\*: .*\/none/,
    ],
  ];
  it.each(cases)('%s', (_, env, message) => {
    expect(() => loadConfig(env)).toThrow(message);
  });

  it('a secret is never repeated', () => {
    const message = (env: Env) => {
      try {
        loadConfig(env);
      } catch (error) {
        return String(error);
      }
      return '';
    };
    expect(message({ WAYBILL_API_KEYS: 'shop:hunter2' })).not.toContain('hunter2');
    expect(message({ STRIPE_SECRET_KEY: 'hunter2' })).not.toContain('hunter2');
  });
});

describe.each([
  ['a live key', { STRIPE_SECRET_KEY: 'sk_live_x' }],
  ['a test key', { STRIPE_SECRET_KEY: 'sk_test_x' }],
  ['a sandbox elsewhere', { STRIPE_API_BASE: 'http://sandbox:12111' }],
] as [string, Env][])('with %s', (_, stripe) => {
  const good = {
    ...stripe,
    WAYBILL_API_KEYS: API_KEYS,
    WAYBILL_STATE_SECRET: 'x'.repeat(32),
    WAYBILL_EVENTS_KEY: 'y'.repeat(32),
    STRIPE_WEBHOOK_SECRETS: `whsec_${'z'.repeat(32)}`,
  };
  const published = 'known-to-everyone-and-good-for-the-sandbox-only';

  it('secrets that nobody knows are taken', () => {
    expect(loadConfig(good).api.keys).toHaveLength(1);
  });

  it.each([
    ['WAYBILL_API_KEYS', 'dev_ops:ops:dev_ops', /^WAYBILL_API_KEYS: entry 1: .*published/],
    ['WAYBILL_API_KEYS', `${API_KEYS},a:ops:${published}`, /^WAYBILL_API_KEYS: entry 2: .*published/],
    ['WAYBILL_API_KEYS', 'a:ops:x', /^WAYBILL_API_KEYS: entry 1: .*at least 24/],
    ['WAYBILL_STATE_SECRET', published, /^WAYBILL_STATE_SECRET: .*published/],
    ['WAYBILL_EVENTS_KEY', published, /^WAYBILL_EVENTS_KEY: .*published/],
    ['STRIPE_WEBHOOK_SECRETS', 'whsec_a', /^STRIPE_WEBHOOK_SECRETS: entry 1: .*at least 24/],
  ])('%s=%s is refused', (variable, value, message) => {
    expect(() => loadConfig({ ...good, [variable]: value })).toThrow(message);
  });
});

describe('Stripe is reached over https, at its own hosts', () => {
  const live = {
    STRIPE_SECRET_KEY: 'sk_live_x',
    WAYBILL_API_KEYS: API_KEYS,
    WAYBILL_STATE_SECRET: 'x'.repeat(32),
  };

  it.each<[string, Env]>([
    ['STRIPE_API_BASE', { STRIPE_API_BASE: 'http://api.stripe.com' }],
    ['STRIPE_API_BASE', { STRIPE_API_BASE: 'https://api.stripe.com:8443' }],
    ['STRIPE_SECRET_KEY', { STRIPE_API_BASE: 'https://api.stripe.com@evil.example' }],
    ['STRIPE_SECRET_KEY', { STRIPE_API_BASE: 'https://api.stripe.com.evil.example' }],
    ['STRIPE_CONNECT_BASE', { STRIPE_CONNECT_BASE: 'https://connect.evil.example' }],
    ['STRIPE_CONNECT_BASE', { STRIPE_CONNECT_BASE: 'http://connect.stripe.com' }],
  ])('%s is named: %o', (variable, env) => {
    expect(() => loadConfig({ ...live, ...env })).toThrow(new RegExp(`^${variable}: `));
  });

  it('with a test key too', () => {
    const test = { ...live, STRIPE_SECRET_KEY: 'sk_test_x' };
    for (const env of [
      { STRIPE_API_BASE: 'http://api.stripe.com' },
      { STRIPE_CONNECT_BASE: 'http://localhost:1' },
    ]) {
      expect(() => loadConfig({ ...test, ...env })).toThrow(/^STRIPE_(API|CONNECT)_BASE: /);
    }
  });
});

it.each(['ada (via temporal)', 'temporal', 'stripe', 'waybill', 'anonymous', 'a b', '-', 'x'.repeat(65)])(
  'no API key is called %s: timelines would show it as somebody else',
  (name) => {
    expect(() => loadConfig({ WAYBILL_API_KEYS: `${name}:ops:x` })).toThrow(
      /^WAYBILL_API_KEYS: entry 1: the name/,
    );
  },
);

it('a key that is being rotated has several secrets', () => {
  const { keys } = loadConfig({
    WAYBILL_API_KEYS: `shop:service:first-${SECRET},shop:service:second-${SECRET}`,
    WAYBILL_STATE_SECRET: 'x'.repeat(32),
    STRIPE_SECRET_KEY: 'sk_test_x',
  }).api;
  expect(keys.map(({ name, role }) => `${name}:${role}`)).toEqual(['shop:service', 'shop:service']);
});

describe('the version of a worker', () => {
  it('is none, unless it is named', () => {
    expect(loadWorkerConfig({}).worker.version).toBeNull();
    const env = { TEMPORAL_DEPLOYMENT_NAME: 'waybill', TEMPORAL_WORKER_BUILD_ID: '0.1.0' };
    expect(loadWorkerConfig(env).worker.version).toEqual({ deploymentName: 'waybill', buildId: '0.1.0' });
  });

  it('has a deployment', () => {
    expect(() => loadWorkerConfig({ TEMPORAL_WORKER_BUILD_ID: '0.1.0' })).toThrow(
      'TEMPORAL_DEPLOYMENT_NAME: must be set together with TEMPORAL_WORKER_BUILD_ID',
    );
  });
});
