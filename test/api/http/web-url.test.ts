import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newOAuthState, signState } from '../../../api/accounts/oauth-state.ts';
import { brokenRuleOfUrl } from '../../../api/http/web-url.ts';
import { CREATE_BODY } from '../fixtures.ts';
import type { ServedApp } from '../serve-app.ts';
import { serveApp } from '../serve-app.ts';

const STATE_SECRET = 'a secret of the tests, and long enough';
const EVENTS = { signingKey: null, giveUpAfterMs: 1 };
const CALLBACK = 'https://pay.example/v1/oauth/callback';
const LOCAL = 'http://localhost:3000/back';

const FOREIGN = [
  'http://localhost:1@evil.example/',
  'http://127.0.0.1:80@evil.example/',
  'http://localhost@evil.example/',
  'https://shop.example@evil.example/',
  'https://user:secret@shop.example/',
  'http://localhost.evil.example/',
  'http://127.0.0.1.evil.example/',
  'http:localhost:1@evil.example',
  'http://shop.example/',
  'ftp://localhost/',
  'javascript:alert(1)//localhost',
  '//localhost/',
  'localhost',
];

describe('the rule for URLs', () => {
  it.each(FOREIGN)('refuses %s', (url) => {
    expect(brokenRuleOfUrl(url, false)).not.toBeNull();
    expect(brokenRuleOfUrl(url, true)).not.toBeNull();
  });

  it.each(['http://localhost/', LOCAL, 'http://127.0.0.1:1/', 'http://127.9.9.9/', 'http://[::1]:8080/a'])(
    'takes %s with the sandbox, and nowhere else',
    (url) => {
      expect(brokenRuleOfUrl(url, true)).toBeNull();
      expect(brokenRuleOfUrl(url, false)).toBe('must be an https URL');
    },
  );

  it('takes https with a path, a query and a fragment', () => {
    expect(brokenRuleOfUrl('https://shop.example/a?b=c@d#/e', false)).toBeNull();
  });
});

describe.each([
  ['the sandbox', true],
  ['Stripe', false],
])('with %s', (_, allowLoopback) => {
  let app: ServedApp;
  beforeAll(async () => {
    app = await serveApp({ stateSecret: STATE_SECRET, events: { ...EVENTS, allowLoopback } });
  });
  afterAll(() => app.stop());

  const places: [string, (url: string) => Promise<{ status: number; body: { param?: string } }>][] = [
    [
      'return_url',
      (url) =>
        app.call(
          'GET',
          `/v1/oauth/authorize?${new URLSearchParams({ redirect_uri: CALLBACK, return_url: url })}`,
        ),
    ],
    [
      'redirect_uri',
      (url) => app.call('GET', `/v1/oauth/authorize?${new URLSearchParams({ redirect_uri: url })}`),
    ],
    [
      'return_url',
      (url) =>
        app.call('POST', '/v1/orders', {
          key: 'k',
          body: { ...CREATE_BODY, return_url: url },
          headers: { Prefer: 'wait=1' },
        }),
    ],
    [
      'refresh_url',
      (url) =>
        app.call('POST', '/v1/accounts/acct_1/onboarding_link', {
          body: { return_url: 'https://shop.example/', refresh_url: url },
        }),
    ],
    [
      'state',
      (url) => {
        const state = newOAuthState({ caller: 'shop', reference: 'r', returnUrl: url }, Date.now());
        const query = new URLSearchParams({ state: signState(state, STATE_SECRET), error: 'access_denied' });
        return app.call('GET', `/v1/oauth/callback?${query}`, { as: null });
      },
    ],
  ];

  it.each(places)('%s leads to no foreign host', async (param, ask) => {
    for (const url of [
      'http://localhost:1@evil.example/',
      'https://a@evil.example/',
      'http://evil.example/',
    ]) {
      expect(await ask(url), url).toMatchObject({ status: 400, body: { param } });
    }
  });

  it.each(places)('%s leads to this machine only in the sandbox', async (param, ask) => {
    const { status, body } = await ask(LOCAL);
    if (allowLoopback) expect(body.param).toBeUndefined();
    else expect({ status, param: body.param }).toEqual({ status: 400, param });
  });
});
