import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { stripeEventSignal } from '../../contract/stripe-events.ts';
import { payoutWorkflowId } from '../../domain/ids.ts';
import { eventRefOf } from '../../domain/stripe-events/stripe-events.ts';
import { asAccount } from '../../stripe/acting-as.ts';
import { payoutsOf } from '../../stripe/own-money.ts';
import { deliver } from '../../stripe-events/deliver.ts';
import type { Answer, Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { WITHIN } from '../support/within.ts';
import { days, earn, payOut, replaceBank, seller } from './sellers.ts';
import { control, DESTINATION, sandboxRequests, unbalanced } from './support.ts';

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill();
});
afterEach(async () => {
  expect(await unbalanced(waybill)).toEqual([]);
});
afterAll(() => waybill?.stop());

const at = ({ connected_account, id }: Answer['body']) => `/v1/accounts/${connected_account}/payouts/${id}`;
const read = async (payout: Answer['body']) =>
  (await request(waybill, 'GET', at(payout), { as: 'read' })).body;
const command = (payout: Answer['body'], name: 'cancel' | 'resolve', body: unknown = {}) =>
  request(waybill, 'POST', `${at(payout)}/${name}`, { body });
const atStripe = async (account: string) =>
  (await payoutsOf(waybill.stripe, asAccount(account)).list({ limit: 100 })).data;
const available = async (account: string): Promise<number> =>
  (await request(waybill, 'GET', `/v1/accounts/${account}/balance`)).body.available[0].amount;

async function untilStatus(payout: Answer['body'], status: string): Promise<Answer['body']> {
  await vi.waitFor(async () => expect(await read(payout)).toMatchObject({ status }), WITHIN);
  return read(payout);
}

/** What a webhook does: tells the workflow to look again. */
async function signal({ id }: Answer['body'], eventType: string): Promise<void> {
  const handle = waybill.env.client.workflow.getHandle(payoutWorkflowId(id));
  await handle.signal(stripeEventSignal, { eventId: `evt_${id}_${eventType}`, eventType });
}

async function failed(options: { bank: 'closed' | 'unknown' }): Promise<Answer['body']> {
  const account = await seller(waybill, { ...options, earned: 1000 });
  const { body } = await payOut(waybill, account);
  await days(waybill, 3);
  await signal(body, 'payout.failed');
  return untilStatus(body, 'failed');
}

describe('a payout', () => {
  it('is made as the connected account, and followed until its bank has it', async () => {
    const account = await seller(waybill, { earned: 1000 });
    const metadata = { month: '2026-01' };
    const { status, body, headers } = await payOut(waybill, account, {
      description: 'January',
      statement_descriptor: 'WAYBILL',
      metadata,
    });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(at(body));
    expect(body).toMatchObject({ status: 'pending', amount: 600, automatic: false, needs_attention: null });
    const made = (await sandboxRequests(waybill)).findLast(({ path }) => path === '/v1/payouts');
    expect(made).toMatchObject({ stripe_account: account, status: 200 });
    expect(await atStripe(account)).toMatchObject([
      {
        id: body.stripe_payout,
        description: 'January',
        statement_descriptor: 'WAYBILL',
        metadata: { ...metadata, waybill_payout: body.id },
      },
    ]);
    expect(await available(account)).toBe(400);

    await days(waybill, 3);
    await signal(body, 'payout.paid');
    expect(await untilStatus(body, 'paid')).toMatchObject({ failure: null, needs_attention: null });
  });

  it('shows what its bank says after it was paid, and that it was reversed', async () => {
    const account = await seller(waybill, { earned: 1000 });
    const { body } = await payOut(waybill, account);
    await days(waybill, 3);
    await signal(body, 'payout.paid');
    const paid = await untilStatus(body, 'paid');
    expect(paid).toMatchObject({ reversed_by: null, original_payout: null });

    await control(waybill, `payouts/${body.stripe_payout}/trace`, { value: '091000012345678' });
    await signal(body, 'payout.updated');
    const trace_id = { status: 'supported', value: '091000012345678' };
    await vi.waitFor(async () => expect(await read(body)).toEqual({ ...paid, trace_id }), WITHIN);

    const back = await waybill.stripe.payouts.reverse(body.stripe_payout, {}, asAccount(account));
    await signal(body, 'payout.updated.again');
    await vi.waitFor(async () => expect(await read(body)).toMatchObject({ reversed_by: back.id }), WITHIN);
    const reversal = await request(waybill, 'GET', `/v1/accounts/${account}/payouts/${back.id}`);
    expect(reversal).toMatchObject({ status: 200, body: { original_payout: body.stripe_payout } });
    const { body: timeline } = await request(waybill, 'GET', `${at(body)}/timeline`);
    const told = timeline.data.filter(({ name }: { name: string }) =>
      ['trace_id', 'payout_reversed'].includes(name),
    );
    expect(told).toMatchObject([
      { name: 'trace_id', detail: '091000012345678', stripe_id: body.stripe_payout },
      { name: 'payout_reversed', detail: `by ${back.id}`, stripe_id: body.stripe_payout },
    ]);
  });

  it('is found paid without any event', async () => {
    const account = await seller(waybill, { earned: 1000 });
    const { body } = await payOut(waybill, account);
    await days(waybill, 3);
    await untilStatus(body, 'paid');
  });

  it('goes instantly to a debit card', async () => {
    const account = await seller(waybill, { card: 'tok_visa_debit_us_transferSuccess', earned: 1000 });
    const { status, body } = await payOut(waybill, account, { method: 'instant' });
    expect([status, body.method, body.destination.slice(0, 5)]).toEqual([201, 'instant', 'card_']);
    await control(waybill, 'clock/advance', { seconds: 60 });
    await untilStatus(body, 'paid');
    expect(await available(account)).toBe(1000 - 600 - 50);
  });

  it('is made once, however often it is asked for', async () => {
    const account = await seller(waybill, { earned: 1000 });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => payOut(waybill, account, {}, { key: 'burst' })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]));
    const repeat = await payOut(waybill, account, {}, { key: 'burst' });
    expect([repeat.status, repeat.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
    expect(await atStripe(account)).toHaveLength(1);
    const other = await seller(waybill, { earned: 1000 });
    for (const misuse of [
      payOut(waybill, account, { amount: 1 }, { key: 'burst' }),
      payOut(waybill, other, {}, { key: 'burst' }),
    ]) {
      expect(await misuse).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    }
    expect([await atStripe(account), await atStripe(other)].map(({ length }) => length)).toEqual([1, 0]);
  });

  it.each([
    ['the answer is lost after the effect', { drop: true, when: 'after' }, 2],
    ['the connection breaks before the effect', { drop: true, when: 'before' }, 2],
    ['Stripe answers 500', { status: 500 }, 1],
    ['Stripe answers 500 after the effect', { status: 500, when: 'after' }, 1],
    ['Stripe is rate limiting', { status: 429 }, 1],
  ])('is made once when %s', async (_, effect, times) => {
    const account = await seller(waybill, { earned: 1000 });
    await control(waybill, 'faults', { match: { method: 'POST', path: '/v1/payouts', times }, effect });
    const { status, body } = await payOut(waybill, account, {}, { headers: { prefer: 'wait=30' } });
    expect([status, body.status]).toEqual([201, 'pending']);
    expect(await atStripe(account)).toHaveLength(1);
    expect(await available(account)).toBe(400);
  });
});

describe('a payout beyond the balance', () => {
  it('is refused with the available and pending amounts, and leaves nothing behind', async () => {
    const account = await seller(waybill, { earned: 250 });
    await earn(waybill, account, 500, 'tok_visa');
    const answer = await payOut(waybill, account, {}, { key: 'too-much' });
    expect(answer).toMatchObject({ status: 422, body: { code: 'balance_insufficient', param: 'amount' } });
    expect(answer.body.detail).toMatch(
      /^The account has 2\.50 USD available, 3\.50 USD too little for a payout of 6\.00 USD\. 5\.00 USD is pending and becomes available: 5\.00 USD on \d{4}-\d\d-\d\d\.$/,
    );
    expect(await atStripe(account)).toEqual([]);
    const repeat = await payOut(waybill, account, {}, { key: 'too-much' });
    expect([repeat.status, repeat.body.detail]).toEqual([422, answer.body.detail]);
    // Temporal's lists may show its workflow as running for a moment.
    await vi.waitFor(async () => {
      const list = await request(waybill, 'GET', `/v1/accounts/${account}/payouts`);
      expect(list.body.data).toEqual([]);
    }, WITHIN);
  });

  it('waits for funds when asked to, and is made once when they are there', async () => {
    const account = await seller(waybill, { earned: 250 });
    await earn(waybill, account, 500, 'tok_visa');
    const { status, body } = await payOut(waybill, account, { when_available: true });
    expect([status, body.status, body.stripe_payout]).toEqual([202, 'waiting_for_funds', null]);
    expect(body.funds).toMatchObject({ available: 250, pending: [{ amount: 500 }] });
    await days(waybill, 4);
    await signal(body, 'balance.available');
    const made = await untilStatus(body, 'pending');
    expect(made.funds).toBeNull();
    expect(await atStripe(account)).toMatchObject([{ id: made.stripe_payout, amount: 600 }]);
    await days(waybill, 3);
    await untilStatus(body, 'paid');
    expect(await available(account)).toBe(150);
  });

  it('looks for funds automatically', async () => {
    const account = await seller(waybill);
    const { body } = await payOut(waybill, account, { when_available: true });
    await earn(waybill, account, 600);
    await untilStatus(body, 'pending');
  });

  it('can be called off while it waits', async () => {
    const account = await seller(waybill);
    const { body } = await payOut(waybill, account, { when_available: true });
    expect(await command(body, 'cancel')).toMatchObject({
      status: 200,
      body: { status: 'canceled', stripe_payout: null },
    });
    await earn(waybill, account, 1000);
    await waybill.env.client.workflow.getHandle(payoutWorkflowId(body.id)).result();
    expect(await atStripe(account)).toEqual([]);
    expect(await command(body, 'cancel')).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
  });
});

describe('cancel', () => {
  it('takes a pending payout back into the balance', async () => {
    const account = await seller(waybill, { earned: 1000 });
    const { body } = await payOut(waybill, account);
    expect(await command(body, 'cancel')).toMatchObject({ status: 200, body: { status: 'canceled' } });
    expect(await available(account)).toBe(1000);
  });

  it('is refused once the bank has it, by Stripe and by the known state', async () => {
    const account = await seller(waybill, { earned: 1000 });
    const { body } = await payOut(waybill, account);
    await days(waybill, 3);
    const late = await command(body, 'cancel');
    expect(late).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
    await untilStatus(body, 'paid');
    expect(await command(body, 'cancel')).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
  });
});

describe('a payout that fails', () => {
  it('says why and what to do, and needs attention', async () => {
    const payout = await failed({ bank: 'closed' });
    expect(payout).toMatchObject({
      failure: {
        code: 'account_closed',
        reason: 'The bank account has been closed.',
        todo: expect.stringContaining('replace it'),
      },
      needs_attention: { code: 'payout_failed', allowed_actions: ['retry', 'abandon'] },
    });
    expect(await available(payout.connected_account)).toBe(1000);
    const byStripesId = `/v1/accounts/${payout.connected_account}/payouts/${payout.stripe_payout}`;
    expect((await request(waybill, 'GET', byStripesId, { as: 'read' })).body).toEqual(await read(payout));
    await vi.waitFor(async () => {
      const { body } = await request(
        waybill,
        'GET',
        '/v1/payouts?needs_attention=true&status=failed&limit=100',
      );
      expect(body.data.map(({ id }: { id: string }) => id)).toContain(payout.id);
    }, WITHIN);
  });

  it('is made again to another bank account, as a new payout, when an operator retries', async () => {
    const payout = await failed({ bank: 'unknown' });
    const account = payout.connected_account;
    await replaceBank(waybill, account, 'good');
    const again = await command(payout, 'resolve', { action: 'retry', reason: 'new account' });
    expect(again).toMatchObject({
      status: 200,
      body: { status: 'pending', needs_attention: null, previous_failures: [{ code: 'no_account' }] },
    });
    await days(waybill, 3);
    await signal(payout, 'payout.paid');
    await untilStatus(payout, 'paid');
    expect((await atStripe(account)).map(({ status }) => status)).toEqual(['paid', 'failed']);
    expect(await available(account)).toBe(400);
  });

  it('still needs attention when it cannot be made again', async () => {
    const payout = await failed({ bank: 'closed' });
    const overdue = { fields: ['individual.id_number'], past_due: true };
    await control(waybill, `accounts/${payout.connected_account}/require`, overdue);
    const answer = await command(payout, 'resolve', { action: 'retry', reason: 'trying' });
    expect(answer).toMatchObject({ status: 422, body: { stripe_code: 'payouts_not_allowed' } });
    expect(await read(payout)).toMatchObject({
      status: 'failed',
      needs_attention: { code: 'payout_failed' },
    });
  });

  it('stays failed when an operator leaves the money in the balance', async () => {
    const payout = await failed({ bank: 'closed' });
    expect(await command(payout, 'resolve', { action: 'abandon', reason: 'seller left' })).toMatchObject({
      status: 200,
      body: { status: 'failed', needs_attention: null, failure: { code: 'account_closed' } },
    });
    await waybill.env.client.workflow.getHandle(payoutWorkflowId(payout.id)).result();
    // Stripe sends its event again, and nobody is asked again.
    const object = { id: payout.stripe_payout, metadata: { waybill_payout: payout.id } };
    const account = payout.connected_account;
    const event = { id: 'evt_again', type: 'payout.failed', created: 1, account, data: { object } };
    const to = { temporal: waybill.env.client, taskQueue: 'waybill' };
    expect(await deliver(to, eventRefOf(event))).toBe('ignored');
  });

  it('is noticed even after it had been paid', async () => {
    const account = await seller(waybill, { earned: 1000 });
    const { body } = await payOut(waybill, account);
    await days(waybill, 3);
    await untilStatus(body, 'paid');
    await control(waybill, `payouts/${body.stripe_payout}/fail`, { failure_code: 'no_account' });
    await signal(body, 'payout.failed');
    expect(await untilStatus(body, 'failed')).toMatchObject({ needs_attention: { code: 'payout_failed' } });
  });
});

describe('payouts that Stripe makes by the account’s schedule', () => {
  it('are listed and explained, too', async () => {
    const account = await seller(waybill, { bank: 'closed', schedule: 'daily', earned: 1000 });
    await days(waybill, 5);
    const list = await request(waybill, 'GET', `/v1/accounts/${account}/payouts?automatic=true`);
    expect(list.body.data[0]).toMatchObject({
      object: 'payout',
      automatic: true,
      connected_account: account,
      failure: { code: 'account_closed', reason: 'The bank account has been closed.' },
    });
    const [{ id }] = list.body.data;
    const one = await request(waybill, 'GET', `/v1/accounts/${account}/payouts/${id}`);
    expect(one.body).toEqual(list.body.data[0]);
    const own = await request(waybill, 'GET', `/v1/accounts/${account}/payouts`);
    expect(own.body.data).toEqual([]);
  });

  it.each(['needs_attention=true', 'pending_for[gte]=60'])('are not listed by %s', async (filter) => {
    const path = `/v1/accounts/${DESTINATION}/payouts?automatic=true&${filter}`;
    const [param] = filter.split('=');
    expect(await request(waybill, 'GET', path)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', param },
    });
  });
});

describe('bad input', () => {
  const cases: [string, Record<string, unknown>, number, string, string | undefined][] = [
    ['a customer', { destination: 'cus_123' }, 400, 'invalid_request', 'destination'],
    ['a payment method', { destination: 'pm_card_visa' }, 400, 'invalid_request', 'destination'],
    ['an unknown bank account', { destination: 'ba_unknown' }, 400, 'stripe_refused', 'destination'],
    [
      'another account’s bank account',
      { destination: 'ba_1WaybillUSCustomBank0001' },
      400,
      'stripe_refused',
      'destination',
    ],
    ['a currency that no external account has', { currency: 'eur' }, 400, 'stripe_refused', 'currency'],
    ['an unknown currency', { currency: 'xxx' }, 400, 'invalid_request', 'currency'],
    ['a fraction', { amount: 1.5 }, 400, 'invalid_request', 'amount'],
    ['nothing', { amount: 0 }, 400, 'invalid_request', 'amount'],
    ['a method that is none', { method: 'fast' }, 400, 'invalid_request', 'method'],
    ['more than there is', { amount: 1001 }, 422, 'balance_insufficient', 'amount'],
    [
      'more than an instant payout takes',
      { amount: 999_901, method: 'instant' },
      400,
      'stripe_refused',
      undefined,
    ],
    [
      'a long statement descriptor',
      { statement_descriptor: 'x'.repeat(23) },
      400,
      'invalid_request',
      'statement_descriptor',
    ],
    [
      'metadata of Waybill’s own',
      { metadata: { waybill_payout: 'x' } },
      400,
      'invalid_request',
      'metadata[waybill_payout]',
    ],
    ['an unknown field', { when: 'now' }, 400, 'invalid_request', 'when'],
  ];
  it.each(cases)('%s is refused by name, and nothing moves', async (_, body, status, code, param) => {
    const account = await seller(waybill, { earned: 1000 });
    const answer = await payOut(waybill, account, body);
    expect(answer).toMatchObject({ status, body: { code } });
    expect(answer.body.param).toBe(param);
    expect(await available(account)).toBe(1000);
  });

  it('an instant payout to a card that takes none is refused', async () => {
    const account = await seller(waybill, {
      card: 'tok_visa_debit_us_instantPayoutUnsupported',
      earned: 1000,
    });
    expect(await payOut(waybill, account, { method: 'instant' })).toMatchObject({
      status: 400,
      body: { code: 'stripe_refused', stripe_code: 'instant_payouts_unsupported', param: 'method' },
    });
  });

  it('payouts of an account that is not the platform’s are not found', async () => {
    expect(await payOut(waybill, 'acct_unknown')).toMatchObject({ status: 404, body: { param: 'id' } });
  });

  it('a payout is only that account’s own, and only ops may make one', async () => {
    const account = await seller(waybill, { earned: 1000 });
    const { body } = await payOut(waybill, account);
    const elsewhere = { ...body, connected_account: 'acct_1WaybillUSCustom' };
    expect(await request(waybill, 'GET', at(elsewhere))).toMatchObject({ status: 404 });
    expect(await command(elsewhere, 'cancel')).toMatchObject({ status: 404 });
    const path = `/v1/accounts/${account}/payouts`;
    const refusal = await request(waybill, 'POST', path, {
      as: 'service',
      body: { amount: 1, currency: 'usd' },
    });
    expect(refusal.status).toBe(403);
    expect(await command(body, 'resolve', { action: 'retry', reason: 'x' })).toMatchObject({ status: 409 });
  });
});
