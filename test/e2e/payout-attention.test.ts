import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { timelineQuery } from '../../contract/command-messages.ts';
import { stripeEventSignal } from '../../contract/stripe-events.ts';
import { payoutWorkflowId } from '../../domain/ids.ts';
import { asAccount } from '../../stripe/acting-as.ts';
import { payoutsOf } from '../../stripe/own-money.ts';
import type { Answer, Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { WITHIN } from '../support/within.ts';
import { days, earn, payOut, seller, VERIFIED_AFTER_SECONDS } from './sellers.ts';
import { control, unbalanced } from './support.ts';

/**
 * More than a payout's retries meet within their budget. An answer at once, not a dropped connection: no attempt is on its way when
 * the budget ends, and `abandon` need not wait for it (test/workflows/entity/late-attempt.test.ts).
 */
const OUTAGE = { error: 'lock_timeout' };
const POSTS = { method: 'POST', path: '/v1/payouts', times: 1_000 };
/** Payouts are looked for before one is made: the first time Stripe shows none yet, and then it fails. */
const LATER_LOOKS = {
  match: { method: 'GET', path: '/v1/payouts', nth: 2, times: 1_000 },
  effect: OUTAGE,
};

let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill({ retryBudgetMs: 1_500 });
});
afterEach(async () => {
  expect(await unbalanced(waybill)).toEqual([]);
});
afterAll(() => waybill?.stop());

const at = ({ connected_account, id }: Answer['body']) => `/v1/accounts/${connected_account}/payouts/${id}`;
const read = async (payout: Answer['body']) => (await request(waybill, 'GET', at(payout))).body;
const resolve = (payout: Answer['body'], body: unknown) =>
  request(waybill, 'POST', `${at(payout)}/resolve`, { body });
/** It waits for an attempt that was on its way when the budget ended, as on a busy machine. */
function abandoned(payout: Answer['body']): Promise<Answer> {
  const body = { action: 'abandon', reason: 'not needed' };
  const path = `${at(payout)}/resolve`;
  return vi.waitFor(async () => {
    const answer = await request(waybill, 'POST', path, { body, key: `abandon-${payout.id}` });
    expect(answer.status, answer.body.code).toBe(200);
    return answer;
  }, WITHIN);
}
const workflow = ({ id }: Answer['body']) => waybill.env.client.workflow.getHandle(payoutWorkflowId(id));
const atStripe = async (account: string) =>
  (await payoutsOf(waybill.stripe, asAccount(account)).list({ limit: 100 })).data;

async function stuck(when: 'before' | 'after'): Promise<Answer['body']> {
  const account = await seller(waybill, { earned: 1000 });
  await control(waybill, 'faults', { match: POSTS, effect: { ...OUTAGE, when } });
  if (when === 'after') await control(waybill, 'faults', LATER_LOOKS);
  const { status, body } = await payOut(waybill, account, {}, { headers: { prefer: 'wait=30' } });
  await endOutage();
  expect([status, body.status]).toEqual([202, 'creating']);
  expect(body.needs_attention).toMatchObject({ operation: 'payout', code: 'lock_timeout' });
  return body;
}

async function endOutage(): Promise<void> {
  await fetch(`${waybill.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' });
}

describe('a payout that Stripe does not answer', () => {
  it('needs attention, and is made once when it is retried', async () => {
    const payout = await stuck('before');
    expect(await resolve(payout, { action: 'retry', reason: 'Stripe is back' })).toMatchObject({
      status: 200,
      body: { status: 'pending', needs_attention: null },
    });
    expect(await atStripe(payout.connected_account)).toHaveLength(1);
  });

  it('is found if it was made after all, whatever the operator chose', async () => {
    const payout = await stuck('after');
    expect((await abandoned(payout)).body).toMatchObject({ status: 'pending', needs_attention: null });
    expect(await atStripe(payout.connected_account)).toHaveLength(1);
  });

  it('is abandoned if nothing was made', async () => {
    const payout = await stuck('before');
    expect((await abandoned(payout)).body).toMatchObject({ status: 'canceled', stripe_payout: null });
    expect(await atStripe(payout.connected_account)).toEqual([]);
  });

  it('can be marked as done by a payout of the same amount made by hand, and by no other', async () => {
    const payout = await stuck('before');
    const own = payoutsOf(waybill.stripe, asAccount(payout.connected_account));
    const [wrong, right] = await Promise.all(
      [100, 600].map((amount) => own.create({ amount, currency: 'usd' }, {})),
    );
    const mark = (id = '') => resolve(payout, { action: 'mark_done', stripe_id: id, reason: 'by hand' });
    expect(await mark(wrong?.id)).toMatchObject({ status: 409, body: { param: 'stripe_id' } });
    expect(await mark(right?.id)).toMatchObject({ status: 200, body: { stripe_payout: right?.id } });
    expect(await atStripe(payout.connected_account)).toHaveLength(2);
  });
});

describe('a payout that waits for funds', () => {
  /** Its funds arrive, and its account may not be paid out to. */
  async function refusedPayout(): Promise<Answer['body']> {
    const account = await seller(waybill);
    await earn(waybill, account, 1000, 'tok_visa');
    const { body } = await payOut(waybill, account, { when_available: true });
    const overdue = { fields: ['individual.id_number'], past_due: true };
    await control(waybill, `accounts/${account}/require`, overdue);
    await days(waybill, 4);
    await vi.waitFor(
      async () =>
        expect(await read(body)).toMatchObject({
          status: 'waiting_for_funds',
          needs_attention: { code: 'payout_refused', allowed_actions: ['retry', 'abandon'] },
        }),
      WITHIN,
    );
    return body;
  }

  it('needs attention when it can no longer be made for another reason', async () => {
    const body = await refusedPayout();
    expect(await resolve(body, { action: 'abandon', reason: 'account closed' })).toMatchObject({
      status: 200,
      body: { status: 'canceled', needs_attention: null },
    });
    await workflow(body).result();
    expect(await atStripe(body.connected_account)).toEqual([]);
  });

  it('is made by `retry` once what it was refused for is fixed, though Stripe keeps the refusal', async () => {
    const body = await refusedPayout();
    const retry = () => resolve(body, { action: 'retry', reason: 'the account is complete' });
    expect(await retry()).toMatchObject({ status: 422 });
    await waybill.stripe.accounts.update(body.connected_account, { individual: { id_number: '000000000' } });
    await control(waybill, 'clock/advance', { seconds: VERIFIED_AFTER_SECONDS });
    expect(await retry()).toMatchObject({ status: 200, body: { status: 'pending', needs_attention: null } });
    expect(await atStripe(body.connected_account)).toHaveLength(1);
  });
});

describe('a payout that Waybill’s key may not read', () => {
  it.each([
    ['is on its way', 'po_', { earned: 1000 }, {}],
    ['waits for funds', 'acct_', {}, { when_available: true }],
  ])('needs attention while it %s', async (_, subject, earned, body) => {
    const account = await seller(waybill, earned);
    const made = await payOut(waybill, account, body);
    const error = { type: 'invalid_request_error', message: 'This key may not read it.' } as const;
    const stripePayout = made.body.stripe_payout;
    await control(waybill, 'faults', {
      match: {
        method: 'GET',
        path: stripePayout ? `/v1/payouts/${stripePayout}` : '/v1/balance',
        times: 'always',
      },
      effect: { status: 403, error },
    });
    await vi.waitFor(async () => {
      expect(await read(made.body)).toMatchObject({
        status: made.body.status,
        needs_attention: {
          operation: null,
          code: 'reading_failed',
          subject: expect.stringContaining(subject),
          message: expect.stringContaining(error.message),
          allowed_actions: [],
        },
      });
      const { body: list } = await request(waybill, 'GET', '/v1/payouts?needs_attention=true&limit=100');
      expect(list.data.map(({ id }: { id: string }) => id)).toContain(made.body.id);
    }, WITHIN);
    await endOutage();
    await workflow(made.body).signal(stripeEventSignal, { eventId: 'evt_mended', eventType: 'look' });
    await vi.waitFor(async () => {
      expect(await read(made.body)).toMatchObject({ needs_attention: null });
    }, WITHIN);
    await request(waybill, 'POST', `${at(made.body)}/cancel`);
  });
});

describe('Temporal’s UI', () => {
  it('cancels and resolves by signals; a bad one is noted and changes nothing', async () => {
    const account = await seller(waybill);
    const { body } = await payOut(waybill, account, { when_available: true });
    const handle = workflow(body);
    await handle.signal('resolve', { request_id: 't-1', action: 'retry', reason: 'x' });
    await handle.signal('cancel', 'nonsense');
    await handle.signal('cancel', { request_id: 't-2', actor: 'olga' });
    expect(await handle.result()).toMatchObject({ state: { status: 'canceled', payout: null } });
    const { entries } = await handle.query(timelineQuery);
    expect(entries.map(({ name, actor }) => `${name} by ${actor}`)).toEqual(
      expect.arrayContaining([
        'resolve refused by temporal',
        'cancel refused by temporal',
        'cancel by olga (via temporal)',
      ]),
    );
    await earn(waybill, account, 1000);
    expect(await atStripe(account)).toEqual([]);
  });
});
