import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { newOAuthState, signState } from '../../api/accounts/oauth-state.ts';
import { sendForm } from '../support/form.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, STATE_SECRET, startWaybill } from '../support/waybill.ts';
import { control, createOrder, sandboxRequests, WITHIN } from './support.ts';

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill();
});
afterAll(() => waybill?.stop());

const callback = () => `${waybill.apiUrl}/v1/oauth/callback`;

async function authorizeUrl(query: Record<string, string> = {}): Promise<{ url: string; reference: string }> {
  const search = new URLSearchParams({ redirect_uri: callback(), ...query });
  const { status, body } = await request(waybill, 'GET', `/v1/oauth/authorize?${search}`, { as: 'service' });
  expect(status).toBe(200);
  return body;
}

/** What the account's owner does at Stripe; where the browser is sent then. */
async function decide(
  url: string,
  action: 'connect' | 'deny',
  email = 'owner@example.com',
  account = 'new',
): Promise<string> {
  const form = { action, account, email, country: 'DE', business_name: 'Laden' };
  const answer = await sendForm(url, form);
  expect(answer.status).toBe(303);
  return answer.headers.get('location') ?? '';
}

async function visit(url: string) {
  const answer = await fetch(url, { redirect: 'manual' });
  const text = await answer.text();
  const location = answer.headers.get('location');
  return { status: answer.status, location, body: text === '' ? null : JSON.parse(text) };
}

/** Stripe makes the connection, and loses its answer for good. */
async function visitWithLostAnswer(back: string): Promise<void> {
  await control(waybill, 'faults', {
    match: { method: 'POST', path: '/oauth/token', nth: 1 },
    effect: { error: 'server_error', when: 'after' },
  });
  await visit(back);
}

const account = async (reference: string) =>
  (await request(waybill, 'GET', `/v1/accounts/${reference}`)).body;

async function asksWhich(reference: string, id: string): Promise<void> {
  await vi.waitFor(
    async () =>
      expect(await account(reference)).toMatchObject({
        needs_attention: { code: 'ambiguous_account', message: expect.stringContaining(id) },
      }),
    WITHIN,
  );
}

/** Once the account asks which one it is, among them that one: an operator answers, and so it is. */
async function personSays(reference: string, id: string): Promise<void> {
  await asksWhich(reference, id);
  const body = { action: 'mark_done', stripe_id: id, reason: 'asked the owner' };
  await request(waybill, 'POST', `/v1/accounts/${reference}/resolve`, { body });
  await vi.waitFor(async () => expect(await account(reference)).toMatchObject({ id, reference }), WITHIN);
}

describe('a Standard account', () => {
  it('is connected by its owner, keeps its reference, sells, and is disconnected', async () => {
    const { url, reference } = await authorizeUrl({ id: 'laden' });
    expect(reference).toBe('laden');
    const back = await decide(url, 'connect');
    const connected = await visit(back);
    expect(connected).toMatchObject({
      status: 200,
      body: { object: 'oauth_connection', reference: 'laden', status: 'connected' },
    });
    const id = connected.body.account;
    // It is connected before its reference is left with it.
    await vi.waitFor(async () => {
      const { metadata } = await waybill.stripe.accounts.retrieve(id);
      expect(metadata).toMatchObject({ waybill_account: 'laden' });
    }, WITHIN);

    const again = await visit(back);
    expect(again.body).toEqual(connected.body);
    const exchanges = (await sandboxRequests(waybill)).filter(({ path }) => path === '/oauth/token');
    expect(exchanges).toHaveLength(1);

    const shown = await request(waybill, 'GET', `/v1/accounts/${id}`, { as: 'service' });
    expect(shown.body).toMatchObject({
      type: 'standard',
      country: 'DE',
      status: 'enabled',
      reference: 'laden',
    });
    const sold = await createOrder(waybill, { connected_account: id, on_behalf_of: true });
    expect(sold).toMatchObject({ status: 201, body: { settlement: { merchant: id, country: 'DE' } } });

    const path = `/v1/accounts/${id}/deauthorize`;
    const body = { reason: 'the shop has closed' };
    const gone = await request(waybill, 'POST', path, { key: 'go', body });
    expect(gone).toMatchObject({ status: 200, body: { id, reference: 'laden', status: 'disconnected' } });
    const { data } = (await request(waybill, 'GET', `/v1/accounts/${id}/timeline`)).body;
    expect(data).toContainEqual(expect.objectContaining({ name: 'deauthorize', detail: body.reason }));
    const repeat = await request(waybill, 'POST', path, { key: 'go', body });
    expect(repeat).toMatchObject({ status: 200, body: { status: 'disconnected' } });
    expect((await request(waybill, 'GET', `/v1/accounts/${id}`)).body).toMatchObject({
      status: 'disconnected',
      reference: 'laden',
    });
    const refused = await createOrder(waybill, { connected_account: id });
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'account_not_ready', detail: expect.stringContaining('disconnected') },
    });
  });

  it('is connected once though the answer to the exchange is lost', async () => {
    const { url } = await authorizeUrl({ id: 'lost' });
    const back = await decide(url, 'connect', 'lost@example.com');
    await control(waybill, 'faults', {
      match: { method: 'POST', path: '/oauth/token' },
      effect: { drop: true, when: 'after' },
    });
    expect(await visit(back)).toMatchObject({
      status: 200,
      body: { status: 'connected', reference: 'lost' },
    });
  });

  it('is taken from no list where Stripe has lost the answer too: not even the only new one', async () => {
    const { url } = await authorizeUrl({ id: 'only' });
    const back = await decide(url, 'connect', 'only@example.com');
    await visitWithLostAnswer(back);
    const [{ id: only = '' } = {}] = (await waybill.stripe.accounts.list({ limit: 1 })).data;
    await personSays('only', only);
  });

  it('needs a person where Stripe does not show which one was connected: one that was opened before others', async () => {
    const { url: link } = await authorizeUrl();
    const code = new URL(await decide(link, 'connect', 'older@example.com')).searchParams.get('code') ?? '';
    const { stripe_user_id: older = '' } = await waybill.stripe.oauth.token({
      grant_type: 'authorization_code',
      code,
    });
    await waybill.stripe.oauth.deauthorize({ client_id: 'ca_waybill', stripe_user_id: older });
    const { url } = await authorizeUrl({ id: 'older' });
    await decide((await authorizeUrl({ id: 'newer' })).url, 'connect', 'newer@example.com').then(visit);
    const back = await decide(url, 'connect', 'older@example.com', older);
    await visitWithLostAnswer(back);
    await personSays('older', older);
  });

  it('is connected when its owner continues on the caller’s page', async () => {
    const { url } = await authorizeUrl({ id: 'page', return_url: 'https://shop.example.com/back?tab=pay' });
    const answer = await visit(await decide(url, 'connect', 'page@example.com'));
    expect(answer.status).toBe(303);
    const location = new URL(answer.location ?? '');
    expect(location.origin + location.pathname).toBe('https://shop.example.com/back');
    expect(Object.fromEntries(location.searchParams)).toMatchObject({
      tab: 'pay',
      reference: 'page',
      account: expect.stringMatching(/^acct_/),
    });
  });
});

describe('an authorization that fails', () => {
  it('was declined by the owner', async () => {
    const { url } = await authorizeUrl();
    expect(await visit(await decide(url, 'deny'))).toMatchObject({
      status: 403,
      body: { code: 'access_denied', detail: expect.stringContaining('declined') },
    });
    const elsewhere = await authorizeUrl({ return_url: 'https://shop.example.com/back' });
    const sent = await visit(await decide(elsewhere.url, 'deny'));
    expect(new URL(sent.location ?? '').searchParams.get('error')).toBe('access_denied');
  });

  it('comes back with a state that was used for another code', async () => {
    const { url } = await authorizeUrl({ id: 'twice' });
    const first = await decide(url, 'connect', 'twice@example.com');
    const second = await decide(url, 'connect', 'thrice@example.com');
    expect((await visit(first)).status).toBe(200);
    expect(await visit(second)).toMatchObject({
      status: 409,
      body: { code: 'state_conflict', param: 'state', detail: expect.stringContaining('used before') },
    });
  });

  it('comes with a code that Stripe does not know', async () => {
    const { url } = await authorizeUrl();
    const state = new URL(url).searchParams.get('state') ?? '';
    const search = new URLSearchParams({ state, code: 'ac_made_up' });
    expect(await visit(`${callback()}?${search}`)).toMatchObject({
      status: 400,
      body: { code: 'stripe_refused', stripe_code: 'invalid_grant' },
    });
  });

  it.each([
    ['no state at all', null, 'state is required'],
    ['a state that was made up', 'e30.AAAA', 'not issued by this API'],
    ['a state of another secret', signState(state(0), 'another secret'), 'not issued by this API'],
    ['a state that has expired', signState(state(-2 * 3_600_000), STATE_SECRET), 'expired'],
  ])('comes with %s', async (_, given, detail) => {
    const search = new URLSearchParams({ code: 'ac_1', ...(given === null ? {} : { state: given }) });
    expect(await visit(`${callback()}?${search}`)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', param: 'state', detail: expect.stringContaining(detail) },
    });
  });
});

it('a connection can be given up where it is none of the accounts that it may have made', async () => {
  const { url } = await authorizeUrl({ id: 'none' });
  await visitWithLostAnswer(await decide(url, 'connect', 'none@example.com'));
  await asksWhich('none', 'acct_');
  const body = { action: 'abandon', reason: 'its owner has connected it anew' };
  expect(await request(waybill, 'POST', '/v1/accounts/none/resolve', { body })).toMatchObject({
    status: 200,
    body: { id: null, status: 'rejected', needs_attention: null },
  });
});

function state(agoMs: number) {
  return newOAuthState({ caller: 'dev_service', reference: 'r', returnUrl: null }, Date.now() + agoMs);
}
