import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { accountQuery } from '../../contract/accounts.ts';
import { stripeAnswersSignal } from '../../contract/stripe-events.ts';
import { accountWorkflowId } from '../../domain/ids.ts';
import { BANK, completeAccount } from '../support/sellers.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { WITHIN } from '../support/within.ts';
import { control, sandboxRequests } from './support.ts';

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({ retryBudgetMs: 2_500 });
});
afterAll(() => waybill?.stop());

const post = (path: string, body: unknown, key?: string) =>
  request(waybill, 'POST', path, { body, ...(key === undefined ? {} : { key }) });
const get = (path: string) => request(waybill, 'GET', path);

/** Stripe is away, for as many requests as the retries can make. */
async function outage(path: string, when: 'before' | 'after'): Promise<void> {
  await control(waybill, 'faults', {
    match: { method: 'POST', path, times: 50 },
    effect: { drop: true, when },
  });
  // The look before the first attempt is answered, those before the next ones are not.
  await control(waybill, 'faults', {
    match: { method: 'GET', path, nth: 2, times: 50 },
    effect: { drop: true },
  });
}

async function stripeIsBack(): Promise<void> {
  await fetch(`${waybill.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' });
}

async function accountsOf(reference: string): Promise<number> {
  const { data } = await waybill.stripe.accounts.list({ limit: 100 });
  return data.filter(({ metadata }) => metadata?.waybill_account === reference).length;
}

describe('an account whose creation Stripe does not answer', () => {
  it('needs attention, is found by its reference, and is created once when an operator retries', async () => {
    await outage('/v1/accounts', 'before');
    const made = await post('/v1/accounts', completeAccount('away'), 'away');
    expect(made).toMatchObject({ status: 202, body: { id: null, reference: 'away', status: 'onboarding' } });
    expect(made.headers.get('location')).toBe('/v1/accounts/away');
    const seen = await get('/v1/accounts/away');
    expect(seen.body).toMatchObject({
      id: null,
      needs_attention: { operation: 'create_account', allowed_actions: expect.arrayContaining(['retry']) },
    });
    const next = Date.parse(seen.body.needs_attention.next_attempt_at);
    expect(next).toBeGreaterThan(Date.parse(seen.body.needs_attention.since));
    const stuck = async () => (await get('/v1/accounts?needs_attention=true&limit=100')).body;
    await vi.waitFor(
      async () => expect(await stuck()).toMatchObject({ data: [seen.body], has_more: false }),
      WITHIN,
    );
    const early = await post('/v1/accounts/away/payout_schedule', { interval: 'manual' });
    expect(early).toMatchObject({ status: 409, body: { code: 'needs_attention' } });

    await stripeIsBack();
    const resolved = await post('/v1/accounts/away/resolve', { action: 'retry', reason: 'Stripe is back' });
    expect(resolved).toMatchObject({ status: 200, body: { reference: 'away', needs_attention: null } });
    expect(resolved.body.id).toMatch(/^acct_/);
    await vi.waitFor(async () => expect((await stuck()).data).toEqual([]), WITHIN);
    const again = await post('/v1/accounts', completeAccount('away'), 'away');
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await accountsOf('away')).toBe(1);
  });

  it('is found if Stripe did create it, whatever the operator chose', async () => {
    await outage('/v1/accounts', 'after');
    expect((await post('/v1/accounts', completeAccount('made'))).status).toBe(202);
    await stripeIsBack();
    const decision = { action: 'abandon', reason: 'not wanted' };
    // It waits for an attempt that was on its way when the budget ended, as on a busy machine.
    await vi.waitFor(async () => {
      const resolved = await post('/v1/accounts/made/resolve', decision, 'made-resolved');
      expect(resolved).toMatchObject({ status: 200, body: { id: expect.stringMatching(/^acct_/) } });
    }, WITHIN);
    expect(await accountsOf('made')).toBe(1);
  });

  it('can be abandoned, also from Temporal’s UI', async () => {
    await outage('/v1/accounts', 'before');
    await post('/v1/accounts', completeAccount('dropped'));
    await stripeIsBack();
    const handle = waybill.env.client.workflow.getHandle(accountWorkflowId('dropped'));
    await handle.signal('resolve', {
      request_id: 't-1',
      actor: 'ada',
      action: 'abandon',
      reason: 'not wanted',
    });
    expect(await handle.result()).toMatchObject({ connection: 'refused', facts: null });
    expect(await accountsOf('dropped')).toBe(0);
  });
});

describe('the first change of an account that was made without Waybill', () => {
  const made = async () =>
    (await waybill.stripe.accounts.create({ type: 'custom', country: 'US', business_type: 'company' })).id;
  const change = (id: string) => post(`/v1/accounts/${id}/payout_schedule`, { interval: 'manual' });
  /** Of the first read by a worker, which comes after the API's own. */
  const refuseFirstRead = (id: string, effect: object) =>
    control(waybill, 'faults', { match: { method: 'GET', path: `/v1/accounts/${id}`, nth: 2 }, effect });

  it('waits where a worker may not read the account, and is made as soon as it may', async () => {
    const id = await made();
    const message = 'Expired API Key provided: sk_test_***ill';
    await refuseFirstRead(id, { status: 401, error: { type: 'invalid_request_error', message } });
    const changed = change(id);
    const handle = waybill.env.client.workflow.getHandle(accountWorkflowId(id));
    await vi.waitFor(async () => {
      expect(await handle.query(accountQuery)).toMatchObject({ unreadable: { message } });
    }, WITHIN);
    await handle.signal(stripeAnswersSignal);
    expect(await changed).toMatchObject({ status: 200, body: { payout_schedule: { interval: 'manual' } } });
  });

  it('is refused where the platform has no access to it, and made once it has', async () => {
    const id = await made();
    const error = { type: 'invalid_request_error', code: 'account_invalid', message: 'No access.' };
    await refuseFirstRead(id, { status: 403, error });
    expect(await change(id)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await change(id)).toMatchObject({
      status: 200,
      body: { payout_schedule: { interval: 'manual' } },
    });
  });
});

describe('a change whose answer is lost', () => {
  it('is not sent twice', async () => {
    const { body } = await post('/v1/accounts', { id: 'changed', type: 'custom', country: 'US' });
    const path = `/v1/accounts/${body.id}/external_accounts`;
    await control(waybill, 'faults', {
      match: { method: 'POST', path },
      effect: { drop: true, when: 'after' },
    });
    expect(await post(path, { external_account: BANK })).toMatchObject({
      status: 200,
      body: { external_accounts: [{ last4: '2227' }] },
    });
    const sent = (await sandboxRequests(waybill)).filter((one) => one.method === 'POST' && one.path === path);
    expect(sent.map(({ replayed }) => replayed)).toEqual([false, true]);
  });
});

describe('a signal', () => {
  it('from Temporal’s UI that is not a decision is noted in the timeline, and changes nothing', async () => {
    const { body } = await post('/v1/accounts', { id: 'typed', type: 'custom', country: 'US' });
    const handle = waybill.env.client.workflow.getHandle(accountWorkflowId('typed'));
    await handle.signal('resolve', 'nonsense');
    await handle.signal('stripeEvent', { nothing: 1 });
    const { body: timeline } = await get(`/v1/accounts/${body.id}/timeline`);
    expect(timeline.data.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['resolve refused', 'stripeEvent refused']),
    );
    expect((await get(`/v1/accounts/${body.id}`)).status).toBe(200);
  });
});
