import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAssets } from '../../api/console/assets.ts';
import { LIVE_PAGES_PER_KEY } from '../../api/console/live.ts';
import { KeyRing } from '../../api/http/key-ring.ts';
import { SESSION_VALID_MS, Sessions } from '../../api/http/sessions.ts';
import type { ServedApp } from '../api/serve-app.ts';
import { KEYS, serveApp } from '../api/serve-app.ts';
import { WITHIN } from '../support/within.ts';

const SCRIPT_MAX_BYTES = 150 * 1024;

let app: ServedApp;
let other: ServedApp;
beforeAll(async () => {
  [app, other] = await Promise.all([serveApp(), serveApp()]);
});
afterAll(() => Promise.all([app.stop(), other.stop()]));

interface SignedIn {
  readonly cookie: string;
  readonly setCookie: string;
  readonly csrf: string;
}

async function signIn(at: ServedApp = app, key = 'secret-ops'): Promise<SignedIn> {
  const { status, headers, body } = await at.call('POST', '/console/session', { as: null, body: { key } });
  expect(status).toBe(201);
  const setCookie = headers.get('Set-Cookie') ?? '';
  return { setCookie, cookie: setCookie.split(';')[0] ?? '', csrf: body.csrf_token };
}

const asSession = ({ cookie }: SignedIn, headers: Record<string, string> = {}) => ({
  as: null,
  headers: { Cookie: cookie, ...headers },
});
/** Nothing of it needs Temporal: whoever may call it gets a 400 for its body. */
const refund = (at: ServedApp, headers: Record<string, string>) =>
  at.call('POST', '/v1/orders/order-1/refunds', {
    as: null,
    body: { amount: -1 },
    headers: { 'Idempotency-Key': 'k', ...headers },
  });

describe('a session of the console', () => {
  it('is opened with an API key, and shows whose it is', async () => {
    const session = await signIn();
    const { status, body } = await app.call('GET', '/console/session', asSession(session));
    expect([status, body]).toMatchObject([200, { name: 'olga', role: 'ops', livemode: false }]);
    expect(JSON.stringify(body)).not.toContain('secret-ops');
  });

  it('is kept from scripts and from other sites, and contains no secret', async () => {
    const { setCookie, cookie } = await signIn();
    expect(setCookie).toMatch(/; Path=\/; .*HttpOnly; SameSite=Strict$/);
    const [, value = ''] = cookie.split('=');
    const [payload = ''] = value.split('.');
    expect(Buffer.from(payload, 'base64url').toString()).not.toContain('secret-ops');
  });

  it('is marked Secure where the browser came by HTTPS', async () => {
    const behindProxy = await serveApp({ trustedProxies: ['loopback'] });
    const { headers } = await behindProxy.call('POST', '/console/session', {
      as: null,
      body: { key: 'secret-ops' },
      headers: { 'X-Forwarded-Proto': 'https' },
    });
    expect(headers.get('Set-Cookie')).toContain('; Secure');
    await behindProxy.stop();
  });

  it('counts in every API process', async () => {
    const session = await signIn(app);
    expect(await other.call('GET', '/console/session', asSession(session))).toMatchObject({ status: 200 });
    expect(await refund(other, { Cookie: session.cookie, 'X-CSRF-Token': session.csrf })).toMatchObject({
      status: 400,
      body: { param: 'amount' },
    });
  });

  it('ends when its key is removed, and when the secret of its key is replaced', async () => {
    const session = await signIn();
    const olga = { name: 'olga', role: 'ops', secret: 'another-secret' } as const;
    for (const keys of [KEYS.filter(({ name }) => name !== 'olga'), [olga]]) {
      const later = await serveApp({ keys });
      expect(await later.call('GET', '/console/session', asSession(session))).toMatchObject({ status: 401 });
      expect(await later.call('GET', '/v1/orders/order-1', asSession(session))).toMatchObject({
        status: 401,
      });
      await later.stop();
    }
  });

  it('goes on while the secret of its key is rotated', async () => {
    const session = await signIn();
    const both = [...KEYS, { name: 'olga', role: 'ops', secret: 'another-secret' } as const];
    const later = await serveApp({ keys: both });
    expect(await later.call('GET', '/console/session', asSession(session))).toMatchObject({ status: 200 });
    await later.stop();
  });

  it('ends after twelve hours', () => {
    const ring = new KeyRing({ keys: KEYS, keyFile: null, logger: pino({ level: 'silent' }) }, () => {});
    const sessions = new Sessions(ring, 'a secret', null);
    const opened = sessions.open('secret-ops', 0);
    const request = { headers: { cookie: `waybill_session=${opened?.cookie}` } };
    expect(sessions.of(request, SESSION_VALID_MS - 1)).toMatchObject({ name: 'olga' });
    expect(sessions.of(request, SESSION_VALID_MS)).toBeNull();
    expect(SESSION_VALID_MS).toBe(12 * 3_600_000);
  });

  it('ends when its owner signs out, which another site cannot do', async () => {
    const session = await signIn();
    const signOut = (headers: Record<string, string>) =>
      app.call('DELETE', '/console/session', asSession(session, headers));
    expect(await signOut({})).toMatchObject({ status: 403 });
    const { status, headers } = await signOut({ 'X-CSRF-Token': session.csrf });
    expect(status).toBe(204);
    expect(headers.get('Set-Cookie')).toMatch(/^waybill_session=; .*Expires=Thu, 01 Jan 1970/);
  });

  it.each([
    ['nobody', 'waybill_session=eyJ9.e30'],
    ['something else', `waybill_session=${'a'.repeat(40)}`],
  ])('counts for nothing if %s signed it', async (_, cookie) => {
    const answer = await app.call('GET', '/console/session', { as: null, headers: { Cookie: cookie } });
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });
});

describe('signing in', () => {
  it('is refused with a key that nobody has, and without one', async () => {
    for (const body of [{ key: 'secret-nobody' }, { key: 7 }, {}]) {
      const refused = await app.call('POST', '/console/session', { as: null, body });
      expect(refused).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
      expect(refused.headers.get('Set-Cookie')).toBeNull();
    }
  });

  it('is refused from another site, and as a form', async () => {
    const crossSite = await app.call('POST', '/console/session', {
      as: null,
      body: { key: 'secret-ops' },
      headers: { 'Sec-Fetch-Site': 'cross-site' },
    });
    expect(crossSite).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    const form = await app.call('POST', '/console/session', {
      as: null,
      body: 'key=secret-ops',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    });
    expect(form).toMatchObject({ status: 415 });
  });

  it('takes a key and no more: a longer body is not read', async () => {
    const at = await serveApp();
    const answerTo = (key: string) =>
      at.call('POST', '/console/session', { as: null, body: { key } }).then(({ status }) => status);
    expect(await answerTo('k'.repeat(8_000))).toBe(401);
    expect(await answerTo('k'.repeat(20_000))).toBe(413);
    await at.stop();
  });

  it('is limited: whoever guesses has to wait, and so is a right guess', async () => {
    const guessed = await serveApp();
    const guess = (key: string) => guessed.call('POST', '/console/session', { as: null, body: { key } });
    for (let n = 0; n < 10; n += 1) expect(await guess(`guess-${n}`)).toMatchObject({ status: 401 });
    const refused = await guess('secret-ops');
    expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_requests' } });
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
    await guessed.stop();
  });
});

describe("the API's roles hold for a session as for its key", () => {
  it('no command without the CSRF token of the session', async () => {
    const [session, another] = [await signIn(), await signIn()];
    for (const token of ['', 'wrong', another.csrf]) {
      expect(await refund(app, { Cookie: session.cookie, 'X-CSRF-Token': token })).toMatchObject({
        status: 403,
        body: { code: 'forbidden', detail: expect.stringContaining('X-CSRF-Token') },
      });
    }
    expect(await refund(app, { Cookie: session.cookie, 'X-CSRF-Token': session.csrf })).toMatchObject({
      status: 400,
    });
  });

  it('a key of the role read sees, and does nothing', async () => {
    const session = await signIn(app, 'secret-read');
    expect(await refund(app, { Cookie: session.cookie, 'X-CSRF-Token': session.csrf })).toMatchObject({
      status: 403,
      body: { code: 'forbidden', detail: expect.stringContaining('reader has read') },
    });
  });

  it('a key in the header counts, whatever session comes with it', async () => {
    const session = await signIn();
    expect(await refund(app, { Cookie: session.cookie, Authorization: 'Bearer secret-read' })).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('reader has read') },
    });
    expect(await refund(app, { Cookie: session.cookie, Authorization: 'Bearer nobody' })).toMatchObject({
      status: 401,
    });
  });

  it('no live updates without a session', async () => {
    expect(await app.call('GET', '/console/live', { as: null })).toMatchObject({ status: 401 });
  });
});

describe('live pages', () => {
  it('are so many of one key and no more, which leaves those of others; one that is closed gives its place back', async () => {
    const [olga, reader] = [await signIn(), await signIn(app, 'secret-read')];
    const open = async ({ cookie }: SignedIn) => {
      const closing = new AbortController();
      const { signal } = closing;
      const { status } = await fetch(`${app.url}/console/live`, { headers: { Cookie: cookie }, signal });
      return { status, close: () => closing.abort() };
    };
    const pages = await Promise.all(Array.from({ length: LIVE_PAGES_PER_KEY }, () => open(olga)));
    expect(new Set(pages.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await app.call('GET', '/console/live', asSession(olga))).toMatchObject({
      status: 429,
      body: { code: 'too_many_requests' },
    });
    const another = await open(reader);
    expect(another.status).toBe(200);
    pages[0]?.close();
    await expect
      .poll(async () => {
        const page = await open(olga);
        pages.push(page);
        return page.status;
      }, WITHIN)
      .toBe(200);
    for (const page of [...pages, another]) page.close();
  });
});

describe('the pages', () => {
  const pageOf = () => app.call('GET', '/console/orders/order-1', { as: null });

  it('are served at every address of the console, under a policy that lets nothing in', async () => {
    const { status, headers } = await pageOf();
    expect(status).toBe(200);
    const policy = headers.get('Content-Security-Policy') ?? '';
    expect(policy).not.toContain('unsafe');
    for (const rule of [
      "default-src 'none'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "style-src 'self'",
    ]) {
      expect(policy.split('; ')).toContain(rule);
    }
    expect(headers.get('X-Frame-Options')).toBe('SAMEORIGIN');
  });

  it('name what they load by version, which browsers keep', async () => {
    const { body } = await pageOf();
    const [, script = ''] = /src="([^"]+main\.mjs)"/.exec(String(body)) ?? [];
    const served = await app.call('GET', script, { as: null });
    expect(served.headers.get('Cache-Control')).toContain('immutable');
    expect(served.headers.get('Content-Type')).toContain('text/javascript');
    for (const path of [script.replace(/assets\/\w+/, 'assets/old'), `${script}x`]) {
      expect(await app.call('GET', path, { as: null })).toMatchObject({ status: 404 });
    }
  });

  it('have every module that an import names', () => {
    const { files, importMap } = readAssets();
    const known = new Set([...files.keys(), ...Object.keys(importMap.imports)]);
    for (const [path, { content }] of files) {
      if (!path.endsWith('.mjs')) continue;
      for (const [, name = ''] of content.toString().matchAll(/(?:from|import) ?["']([^"']+)["']/g)) {
        const target = name.startsWith('.') ? new URL(name, `file:///${path}`).pathname.slice(1) : name;
        expect(known, `${path} imports ${name}`).toContain(target);
      }
    }
  });

  it('are small: at most 150 KB of script, libraries included', () => {
    const scripts = [...readAssets().files].filter(([path]) => path.endsWith('.mjs'));
    const bytes = scripts.reduce((sum, [, { content }]) => sum + content.length, 0);
    expect(scripts.length).toBeGreaterThan(30);
    expect(bytes).toBeLessThan(SCRIPT_MAX_BYTES);
  });
});
