import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { accountWorkflowId } from '../../domain/ids.ts';
import { BANK, completeAccount, SELLER } from '../support/sellers.ts';
import type { Answer, Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { WITHIN } from '../support/within.ts';
import { control, createOrder, DESTINATION, sandboxRequests } from './support.ts';

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({}, { webhooks: true });
});
afterAll(() => waybill?.stop());

const post = (path: string, body: unknown, options: { key?: string; as?: 'read' | 'service' | 'ops' } = {}) =>
  request(waybill, 'POST', path, { body, as: 'service', ...options });
const get = (path: string) => request(waybill, 'GET', path, { as: 'service' });

/** Lets the sandbox look at what was told; the workflow hears of it by webhook. */
async function verified({ body }: Answer): Promise<Answer> {
  await control(waybill, 'clock/advance', { seconds: 10 });
  await vi.waitFor(async () => expect(await workflowStatus(body.reference)).toBe('enabled'), WITHIN);
  return get(`/v1/accounts/${body.id}`);
}

async function workflowStatus(reference: string): Promise<unknown> {
  const description = await waybill.env.client.workflow.getHandle(accountWorkflowId(reference)).describe();
  return description.searchAttributes.AccountStatus?.[0];
}

describe('a custom account', () => {
  it('is created complete in one request, verified, and paid', async () => {
    const made = await post('/v1/accounts', completeAccount('seller-1'));
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      object: 'account',
      id: expect.stringMatching(/^acct_/),
      reference: 'seller-1',
      type: 'custom',
      status: 'onboarding',
      capabilities: { card_payments: 'pending', transfers: 'pending' },
      requirements: { currently_due: [], disabled_reason: 'requirements.pending_verification' },
      external_accounts: [{ object: 'bank_account', last4: '2227', currency: 'usd' }],
      settlement: { country: 'US', currency: 'usd', delay_days: 2 },
      metadata: { shop: '7' },
      needs_attention: null,
    });
    expect(made.headers.get('location')).toBe(`/v1/accounts/${made.body.id}`);
    expect(await workflowStatus('seller-1')).toBe('onboarding');

    const early = await createOrder(waybill, { connected_account: made.body.id });
    expect(early).toMatchObject({
      status: 422,
      body: {
        code: 'account_not_ready',
        param: 'connected_account',
        detail: expect.stringMatching(/transfers \(pending\)/),
      },
    });

    expect((await verified(made)).body).toMatchObject({ status: 'enabled', payouts_enabled: true });

    const order = await createOrder(waybill, { connected_account: made.body.id, on_behalf_of: true });
    expect(order).toMatchObject({
      status: 201,
      body: { settlement: { merchant: made.body.id, country: 'US', currency: 'usd', delay_days: 2 } },
    });
  });

  it('is created empty and completed step by step, with its requirements each time', async () => {
    const made = await post('/v1/accounts', { id: 'steps', type: 'custom', country: 'US' });
    expect(made.body).toMatchObject({ status: 'onboarding', capabilities: {} });
    const path = `/v1/accounts/${made.body.id}`;
    const asked = await post(`${path}/capabilities`, { capabilities: ['transfers'] });
    expect(asked.body.requirements.currently_due).toEqual(
      expect.arrayContaining(['business_type', 'external_account', 'tos_acceptance.date']),
    );
    const told = await post(path, {
      business_type: 'individual',
      individual: SELLER,
      tos_shown_and_accepted: true,
    });
    expect(told.body.requirements.currently_due).toEqual(['external_account']);
    const banked = await post(`${path}/external_accounts`, { external_account: BANK });
    expect(banked).toMatchObject({ status: 200, body: { external_accounts: [{ last4: '2227' }] } });
    const card = await post(`${path}/external_accounts`, { external_account: 'tok_visa_debit' });
    expect(card).toMatchObject({ status: 200 });
    const scheduled = await post(`${path}/payout_schedule`, { interval: 'weekly', weekly_anchor: 'friday' });
    expect(scheduled.body.payout_schedule).toMatchObject({ interval: 'weekly', weekly_anchor: 'friday' });
    expect((await verified(made)).body.status).toBe('enabled');
    const { body: timeline } = await get(`${path}/timeline`);
    expect(timeline.data.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['create', 'create_account', 'update', 'add_external_account']),
    );
  });

  it('of a company takes its representative and owners as persons', async () => {
    const made = await post('/v1/accounts', {
      id: 'company',
      type: 'custom',
      country: 'US',
      business_type: 'company',
      company: {
        name: 'Quill & Feather Ltd',
        phone: '+15550104477',
        tax_id: '000000000',
        address: SELLER.address,
        owners_provided: true,
      },
      tos_shown_and_accepted: true,
      capabilities: ['transfers'],
      external_account: BANK,
    });
    expect(made.body.requirements.currently_due).toContain('representative.first_name');
    const { id_number: _, ...person } = SELLER;
    const named = await post(`/v1/accounts/${made.body.id}/persons`, {
      ...person,
      relationship: { representative: true, owner: true, percent_ownership: 100, title: 'CEO' },
    });
    expect(named).toMatchObject({ status: 200, body: { requirements: { currently_due: [] } } });
    expect((await verified(made)).body.status).toBe('enabled');
  });
});

describe('an account by its controller, or under the recipient agreement', () => {
  it('is created as requested', async () => {
    const made = await post('/v1/accounts', {
      controller: {
        fees: { payer: 'application' },
        losses: { payments: 'application' },
        requirement_collection: 'application',
        stripe_dashboard: { type: 'none' },
      },
      country: 'GB',
      service_agreement: 'recipient',
      capabilities: ['transfers'],
    });
    expect(made).toMatchObject({
      status: 201,
      body: {
        type: 'none',
        reference: expect.stringMatching(/^wac_/),
        service_agreement: 'recipient',
        controller: { requirement_collection: 'application', dashboard: 'none' },
      },
    });
  });
});

describe('a request that is sent again', () => {
  it('gets the first answer, and there is one account', async () => {
    const body = completeAccount('again');
    const [first, second] = [
      await post('/v1/accounts', body, { key: 'k' }),
      await post('/v1/accounts', body, { key: 'k' }),
    ];
    expect(second).toMatchObject({ status: 201, body: { id: first.body.id } });
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    const made = (await sandboxRequests(waybill)).filter(
      ({ method, path, params }) =>
        method === 'POST' &&
        path === '/v1/accounts' &&
        (params.metadata as Record<string, string>).waybill_account === 'again',
    );
    expect(made).toHaveLength(1);
  });

  it('with another body is refused', async () => {
    await post('/v1/accounts', { id: 'other', type: 'custom', country: 'US' }, { key: 'k2' });
    const other = await post('/v1/accounts', { id: 'other', type: 'custom', country: 'DE' }, { key: 'k2' });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  });

  it('of another request for the same reference is refused', async () => {
    await post('/v1/accounts', { id: 'taken', type: 'custom', country: 'US' });
    const other = await post('/v1/accounts', { id: 'taken', type: 'custom', country: 'US' });
    expect(other).toMatchObject({ status: 409, body: { code: 'account_exists', param: 'id' } });
  });
});

describe('what Stripe refuses', () => {
  it('leaves no account, and its reference free', async () => {
    const wrong = { id: 'typo', type: 'custom', country: 'US', external_account: 'btok_unknown' };
    expect(await post('/v1/accounts', wrong)).toMatchObject({
      status: 400,
      body: { code: 'stripe_refused', param: 'external_account' },
    });
    expect(await post('/v1/accounts', { id: 'typo', type: 'custom', country: 'US' })).toMatchObject({
      status: 201,
    });
  });

  it('of a bank number is reported without the number', async () => {
    const refused = await post('/v1/accounts', {
      id: 'bad-bank',
      type: 'custom',
      country: 'US',
      external_account: { ...BANK, account_number: '98765432198' },
    });
    expect(refused).toMatchObject({
      status: 400,
      body: {
        code: 'stripe_refused',
        param: 'external_account[account_number]',
        stripe_code: 'account_number_invalid',
      },
    });
    expect(JSON.stringify(refused.body)).not.toContain('98765432198');
  });
});

describe('an account that was created elsewhere', () => {
  it('is adopted by its first command', async () => {
    const { id } = await waybill.stripe.accounts.create({ type: 'custom', country: 'US' });
    expect(await get(`/v1/accounts/${id}/timeline`)).toMatchObject({
      status: 200,
      body: { object: 'list', data: [], dropped: 0 },
    });
    const changed = await post(`/v1/accounts/${id}/payout_schedule`, { interval: 'manual' });
    expect(changed).toMatchObject({
      status: 200,
      body: { id, reference: id, payout_schedule: { interval: 'manual' } },
    });
    expect((await get(`/v1/accounts/${id}/timeline`)).body.data[0].name).toBe('adopt');
  });

  it('is adopted once by several first commands, and takes all of them', async () => {
    const { id } = await waybill.stripe.accounts.create({ type: 'custom', country: 'US' });
    const path = `/v1/accounts/${id}`;
    const changed = await Promise.all([
      post(`${path}/payout_schedule`, { interval: 'manual' }),
      post(path, { email: 'one@example.com' }),
      post(path, { email: 'two@example.com' }),
    ]);
    expect(changed.map(({ status }) => status)).toEqual([200, 200, 200]);
    const { data } = (await get(`${path}/timeline`)).body;
    expect(data.filter(({ name }: { name: string }) => name === 'adopt')).toHaveLength(1);
  });

  it('that does not exist is not found', async () => {
    const path = '/v1/accounts/acct_nobody';
    expect((await post(`${path}/payout_schedule`, { interval: 'manual' })).status).toBe(404);
    expect((await get(path)).status).toBe(404);
    expect((await get('/v1/accounts/no-such-reference')).status).toBe(404);
    expect((await get(`${path}/timeline`)).status).toBe(404);
    expect((await get('/v1/accounts/no-such-reference/timeline')).status).toBe(404);
  });
});

describe('an account that is rejected', () => {
  it('takes no more commands and no more orders', async () => {
    const made = await post('/v1/accounts', completeAccount('rejected'));
    await verified(made);
    const path = `/v1/accounts/${made.body.id}`;
    expect((await post(`${path}/reject`, { reason: 'fraud' })).status).toBe(403);
    const rejected = await post(`${path}/reject`, { reason: 'fraud' }, { as: 'ops' });
    expect(rejected).toMatchObject({ status: 200, body: { status: 'rejected' } });
    const later = await post(path, { email: 'new@example.com' });
    expect(later).toMatchObject({
      status: 409,
      body: { code: 'state_conflict', detail: expect.stringMatching(/rejected/) },
    });
    const order = await createOrder(waybill, { connected_account: made.body.id });
    expect(order).toMatchObject({
      status: 422,
      body: { code: 'account_not_ready', detail: expect.stringMatching(/rejected/) },
    });
  });
});

describe('an account whose rejection is taken back', () => {
  it('is followed again, and takes commands', async () => {
    const made = await post('/v1/accounts', completeAccount('appealed'));
    await verified(made);
    const { id } = made.body;
    const decide = (disabled_reason: string | null) =>
      control(waybill, `accounts/${id}`, { requirements: { disabled_reason } });
    await decide('rejected.listed');
    const handle = waybill.env.client.workflow.getHandle(accountWorkflowId('appealed'));
    await vi.waitFor(async () => expect((await handle.describe()).status.name).toBe('COMPLETED'), WITHIN);
    expect((await post(`/v1/accounts/${id}`, { email: 'early@example.com' })).status).toBe(409);

    await decide(null);
    const changed = await post(`/v1/accounts/${id}`, { email: 'new@example.com' });
    expect(changed).toMatchObject({ status: 200, body: { reference: 'appealed', status: 'enabled' } });
    await vi.waitFor(async () => expect(await workflowStatus('appealed')).toBe('enabled'), WITHIN);
  });
});

describe('an order that is authorized when its account is restricted', () => {
  it('needs attention before capture, is not lost, and continues when the account is restored', async () => {
    const made = await post('/v1/accounts', completeAccount('restricted'));
    await verified(made);
    const { id } = made.body;
    const order = await createOrder(waybill, { id: 'waiting', connected_account: id });
    expect(order.body).toMatchObject({ status: 'authorized', needs_attention: null });
    const read = async () => (await get('/v1/orders/waiting')).body;

    const listed = async () =>
      (await request(waybill, 'GET', `/v1/orders?connected_account=${id}&status=authorized`)).body.data
        .length;
    await vi.waitFor(async () => expect(await listed()).toBe(1), WITHIN);
    await control(waybill, `accounts/${id}/require`, { fields: ['individual.id_number'], past_due: true });
    await vi.waitFor(
      async () =>
        expect((await read()).needs_attention).toMatchObject({
          code: 'account_restricted',
          operation: null,
          message: expect.stringContaining('individual.id_number'),
          allowed_actions: ['acknowledge'],
        }),
      WITHIN,
    );

    const tried = await request(waybill, 'POST', '/v1/orders/waiting/capture');
    expect(tried).toMatchObject({
      status: 202,
      body: {
        status: 'authorized',
        needs_attention: { code: 'account_restricted', allowed_actions: expect.arrayContaining(['retry']) },
      },
    });

    await post(`/v1/accounts/${id}`, { individual: { id_number: '000000000' } });
    await verified(made);
    const mended = await request(waybill, 'POST', '/v1/orders/waiting/resolve', {
      body: { action: 'retry', reason: 'the account told what was missing' },
    });
    expect(mended).toMatchObject({ status: 200, body: { status: 'captured', needs_attention: null } });
  });
});

describe('links', () => {
  it('lead the owner of an Express account to the form, and to the dashboard', async () => {
    const made = await post('/v1/accounts', { id: 'express', type: 'express', country: 'US' });
    const path = `/v1/accounts/${made.body.id}`;
    const link = await post(`${path}/onboarding_link`, {
      return_url: 'https://shop.example.com/done',
      refresh_url: 'https://shop.example.com/again',
    });
    expect(link).toMatchObject({
      status: 201,
      body: { object: 'onboarding_link', url: expect.stringMatching(/^http/) },
    });
    expect((await fetch(link.body.url)).status).toBe(200);
    expect(await post(`${DESTINATION_PATH}/login_link`, {})).toMatchObject({ status: 400 });
    const login = await post('/v1/accounts/acct_1WaybillUSXpress/login_link', {});
    expect(login).toMatchObject({ status: 201, body: { object: 'login_link' } });
  });

  it("and balances take the caller's own reference; an unknown one is not found", async () => {
    const made = await post('/v1/accounts', { id: 'by-reference', type: 'express', country: 'US' });
    const urls = {
      return_url: 'https://shop.example.com/done',
      refresh_url: 'https://shop.example.com/again',
    };
    expect(await post('/v1/accounts/by-reference/onboarding_link', urls)).toMatchObject({ status: 201 });
    expect(await request(waybill, 'GET', '/v1/accounts/by-reference/balance')).toMatchObject({
      status: 200,
      body: { account: made.body.id },
    });
    expect(await request(waybill, 'GET', '/v1/accounts/by-reference/balance_transactions')).toMatchObject({
      status: 200,
      body: { url: `/v1/accounts/${made.body.id}/balance_transactions` },
    });
    for (const path of ['balance', 'balance_transactions']) {
      expect(await request(waybill, 'GET', `/v1/accounts/nobody/${path}`)).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      });
    }
    expect(await post('/v1/accounts/nobody/login_link', {})).toMatchObject({ status: 404 });
    expect(await post('/v1/accounts/nobody/onboarding_link', urls)).toMatchObject({ status: 404 });
  });
});

const DESTINATION_PATH = `/v1/accounts/${DESTINATION}`;
