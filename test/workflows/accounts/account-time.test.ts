import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Activities } from '../../../activities/index.ts';
import type { OutgoingEventActivities } from '../../../activities/outgoing-events/outgoing-events.ts';
import type { AccountInput } from '../../../contract/accounts.ts';
import { ACCOUNT_WORKFLOW, accountQuery } from '../../../contract/accounts.ts';
import { timelineQuery } from '../../../contract/command-messages.ts';
import type { OperationOutcome } from '../../../contract/operations.ts';
import type { PayoutInput } from '../../../contract/payouts.ts';
import { PAYOUT_WORKFLOW, payoutQuery } from '../../../contract/payouts.ts';
import { ATTENTION_CODE, NEEDS_ATTENTION } from '../../../contract/search-attribute-keys.ts';
import { stripeEventSignal } from '../../../contract/stripe-events.ts';
import type { AccountFacts } from '../../../domain/accounts/account.ts';
import { problem, STRIPE_NEEDS_ATTENTION, STRIPE_RETRYABLE } from '../../../domain/errors.ts';
import { accountWorkflowId, payoutWorkflowId } from '../../../domain/ids.ts';
import type { AccountNotice } from '../../../domain/orders/account-notice.ts';
import type { AccountFunds, PayoutFacts, PayoutTerms } from '../../../domain/payouts/payout.ts';
import { payoutNotices } from '../../../domain/payouts/payout-notices.ts';
import { CONFIRMED_WITHIN_MS, FUNDED_WITHIN_MS } from '../../../domain/payouts/payout-overdue.ts';
import { accountFacts, envelope, NOTHING_DUE, payoutFacts, payoutTerms } from '../../support/builders.ts';
import { needs } from '../../support/needs.ts';
import { DAY_MS } from '../../support/order-bench.ts';
import { noTimeSkipping, startTimeSkipping } from '../../support/temporal.ts';
import { workflowBundle } from '../../support/workflow-bundle.ts';

const TASK_QUEUE = 'accounts';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const PAID = payoutFacts({ status: 'paid' });
const PAID_OUT: OperationOutcome = { type: 'payout', payout: PAID, stripeRequestId: null };
const WAITING = accountFacts({
  capabilities: { transfers: 'inactive' },
  detailsSubmitted: false,
  payoutsEnabled: false,
  requirements: { ...NOTHING_DUE, pastDue: ['individual.dob.day'], currentlyDue: ['individual.dob.day'] },
});
const ENABLED = accountFacts();
const RESTRICTED = accountFacts({
  capabilities: { transfers: 'inactive', card_payments: 'inactive' },
  requirements: { ...NOTHING_DUE, pastDue: ['company.tax_id'], disabledReason: 'requirements.past_due' },
});

const DOWN = { code: 'api_connection_error', message: 'No connection.', stripeRequestId: null };
const GONE = { code: 'account_invalid', message: 'No access.', stripeRequestId: 'req_2' };
const FORBIDDEN = { code: 'permission_error', message: 'No.', stripeRequestId: 'req_1' };

/** The clock jumps: nothing is heard from Stripe but what an account's or a payout's workflow reads by itself. */
needs(noTimeSkipping)('as time passes', () => {
  let env: TestWorkflowEnvironment;
  let stop: () => Promise<void>;
  let atStripe: AccountFacts | null;
  let reads = 0;
  let down = false;
  let forbidden = false;
  /** What is asked of Stripe needs a person. */
  let stuck = false;
  let isPublishing = true;
  let isSignaling = true;
  let payoutMade: OperationOutcome = PAID_OUT;
  /** What is answered before that. */
  const payoutAnswers: OperationOutcome[] = [];
  const payoutKeys: number[] = [];
  let payoutRead: PayoutFacts = PAID;
  let funds: AccountFunds;
  const told: AccountNotice[] = [];
  const changes: object[] = [];

  beforeAll(async () => {
    env = await startTimeSkipping();
    const read = () => {
      reads += 1;
      if (down) throw ApplicationFailure.retryable('no connection', STRIPE_RETRYABLE, DOWN);
      if (forbidden) throw ApplicationFailure.nonRetryable('No.', STRIPE_NEEDS_ATTENTION, FORBIDDEN);
    };
    const activities: Pick<
      Activities & OutgoingEventActivities,
      | 'readAccount'
      | 'signalOrders'
      | 'update_account'
      | 'payout'
      | 'readPayout'
      | 'readFunds'
      | 'publishEvents'
      | 'findEffect'
    > = {
      update_account: async ({ changes: made }) => {
        if (stuck) throw ApplicationFailure.nonRetryable('No.', STRIPE_NEEDS_ATTENTION, FORBIDDEN);
        changes.push(made);
        return { type: 'account', account: ENABLED, stripeRequestId: 'req_1' };
      },
      readAccount: async () => {
        read();
        return atStripe;
      },
      payout: async ({ generation }) => {
        if (stuck) throw ApplicationFailure.nonRetryable('No.', STRIPE_NEEDS_ATTENTION, FORBIDDEN);
        payoutKeys.push(generation);
        return payoutAnswers.shift() ?? payoutMade;
      },
      findEffect: async () => {
        throw ApplicationFailure.nonRetryable('No.', STRIPE_NEEDS_ATTENTION, GONE);
      },
      readPayout: async () => {
        read();
        return payoutRead;
      },
      readFunds: async () => {
        read();
        return funds;
      },
      publishEvents: async () => {
        if (!isPublishing) throw ApplicationFailure.retryable('the answer was lost');
        return undefined;
      },
      signalOrders: async (notice) => {
        if (!isSignaling) throw ApplicationFailure.retryable('visibility is away');
        told.push(notice);
      },
    };
    const worker = await Worker.create({
      connection: env.nativeConnection,
      taskQueue: TASK_QUEUE,
      workflowBundle: await workflowBundle(env),
      activities,
    });
    const running = worker.run();
    stop = async () => {
      worker.shutdown();
      await running;
    };
  });
  beforeEach(() => {
    told.length = 0;
    changes.length = 0;
    reads = 0;
    down = false;
    forbidden = false;
    stuck = false;
    isPublishing = true;
    isSignaling = true;
    payoutMade = PAID_OUT;
    payoutAnswers.length = 0;
    payoutKeys.length = 0;
    payoutRead = PAID;
  });
  afterAll(async () => {
    await stop?.();
    await env?.teardown();
  });

  function start(reference: string, changes: Partial<AccountInput> = {}) {
    const input: AccountInput = {
      reference,
      livemode: false,
      policy: { retryBudgetMs: 10_000 },
      origin: { kind: 'adopt', account: 'acct_seller' },
      begin: envelope('adopt'),
      ...changes,
    };
    return env.client.workflow.start(ACCOUNT_WORKFLOW, {
      workflowId: accountWorkflowId(reference),
      taskQueue: TASK_QUEUE,
      args: [input],
    });
  }

  it('an account reads what an event announced as soon as Stripe is back, though its next read is a day away', async () => {
    atStripe = ENABLED;
    const handle = await start('seller-2');
    await env.sleep(MINUTE_MS);
    down = true;
    atStripe = RESTRICTED;
    await handle.signal(stripeEventSignal, { eventId: 'evt_1', eventType: 'account.updated' });
    await env.sleep(30 * MINUTE_MS);
    expect((await handle.query(accountQuery)).facts).toEqual(ENABLED);
    down = false;
    await env.sleep(16 * MINUTE_MS);
    expect((await handle.query(accountQuery)).facts).toEqual(RESTRICTED);
    atStripe = null;
    await handle.result();
  });

  it.each([
    ['forbidden', 20 * MINUTE_MS],
    ['down', 90 * MINUTE_MS],
  ])('is adopted, and its first change made, once Stripe says what it is: %s', async (cause, afterMs) => {
    atStripe = ENABLED;
    down = cause === 'down';
    forbidden = cause === 'forbidden';
    const handle = await start(`unknown-${cause}`);
    const change = { request_id: 'c-1', actor: 'ada', changes: { businessType: 'company' } };
    const changed = await handle.startUpdate('update', { args: [change], waitForStage: 'ACCEPTED' });
    await env.sleep(afterMs);
    expect(reads).toBeGreaterThan(2);
    expect(await handle.query(accountQuery)).toMatchObject({
      connection: 'pending',
      facts: null,
      unreadable: {},
    });
    expect((await handle.describe()).typedSearchAttributes.get(ATTENTION_CODE)).toBe('reading_failed');
    down = false;
    forbidden = false;
    await env.sleep(16 * MINUTE_MS);
    const adopted = await handle.query(accountQuery);
    expect(adopted).toMatchObject({ connection: 'connected', facts: ENABLED, unreadable: null });
    await changed.result();
    expect(changes).toEqual([{ businessType: 'company' }]);
    atStripe = null;
    await env.sleep(DAY_MS);
    await handle.result();
  });

  it('that the platform has no access to is refused, and nothing is repeated', async () => {
    atStripe = null;
    const handle = await start('not-ours');
    await expect(handle.result()).rejects.toMatchObject({ cause: { details: [{ code: 'not_found' }] } });
    expect(reads).toBe(1);
  });

  it.each([
    ['a key may not read', 'forbidden', 'permission_error', 2 * MINUTE_MS],
    ['Stripe is away for an hour', 'down', 'api_connection_error', 80 * MINUTE_MS],
  ])('an account needs attention where %s, until it can be read', async (_, cause, why, afterMs) => {
    atStripe = ENABLED;
    const handle = await start(`unread-${why}`);
    await env.sleep(MINUTE_MS);
    down = cause === 'down';
    forbidden = cause === 'forbidden';
    await handle.signal(stripeEventSignal, { eventId: 'evt_1', eventType: 'account.updated' });
    const shown = async () => (await handle.describe()).typedSearchAttributes;
    if (down) {
      await env.sleep(30 * MINUTE_MS);
      expect((await shown()).get(NEEDS_ATTENTION)).toBe(false);
    }
    await env.sleep(afterMs);
    expect(await handle.query(accountQuery)).toMatchObject({ unreadable: { code: why }, facts: ENABLED });
    expect((await shown()).get(NEEDS_ATTENTION)).toBe(true);
    expect((await shown()).get(ATTENTION_CODE)).toBe('reading_failed');
    down = false;
    forbidden = false;
    await env.sleep(16 * MINUTE_MS);
    expect(await handle.query(accountQuery)).toMatchObject({ unreadable: null });
    expect((await shown()).get(NEEDS_ATTENTION)).toBe(false);
    const { entries } = await handle.query(timelineQuery);
    expect(entries.filter(({ name }) => name === 'reading_failed')).toHaveLength(1);
    atStripe = null;
    await env.sleep(DAY_MS);
    await handle.result();
  });

  it('an account is read less and less often while it is onboarding, and every change is noticed and signaled', async () => {
    atStripe = WAITING;
    const handle = await start('seller-1');
    await env.sleep(7 * DAY_MS);
    expect((await handle.query(accountQuery)).facts).toEqual(WAITING);
    expect(reads).toBeGreaterThan(20);
    expect(reads).toBeLessThan(50);
    expect(told).toEqual([]);

    atStripe = ENABLED;
    await env.sleep(DAY_MS);
    expect((await handle.query(accountQuery)).facts).toEqual(ENABLED);
    expect(told).toEqual([]);
    const before = reads;
    await env.sleep(10 * DAY_MS);
    expect(reads - before).toBeLessThan(12);

    atStripe = RESTRICTED;
    await env.sleep(2 * DAY_MS);
    expect(told).toEqual([
      {
        account: 'acct_seller',
        canReceive: false,
        canSettle: false,
        detail: 'The connected account acct_seller is restricted. Stripe requires: company.tax_id.',
      },
    ]);
    atStripe = ENABLED;
    await env.sleep(DAY_MS);
    expect(told.at(-1)).toMatchObject({ canReceive: true, canSettle: true });
    expect(told).toHaveLength(2);

    atStripe = null;
    expect(await handle.result()).toMatchObject({ connection: 'disconnected' });
    expect(told.at(-1)).toMatchObject({ canReceive: false });
  });

  it('an account that was connected again tells its open orders that it takes their money: its last workflow told them otherwise', async () => {
    atStripe = WAITING;
    const handle = await start('seller-again', { mayBeKnown: true });
    await env.sleep(MINUTE_MS);
    expect(told).toEqual([]);
    atStripe = ENABLED;
    await env.sleep(DAY_MS);
    expect(told).toMatchObject([{ canReceive: true, canSettle: true }]);
    atStripe = null;
    await env.sleep(2 * DAY_MS);
    await handle.result();
  });

  it('an account that is gone does not end before its open orders have been signaled so', async () => {
    atStripe = ENABLED;
    const handle = await start('seller-3');
    await env.sleep(MINUTE_MS);
    isSignaling = false;
    atStripe = null;
    await handle.signal(stripeEventSignal, {
      eventId: 'evt_1',
      eventType: 'account.application.deauthorized',
    });
    await env.sleep(30 * MINUTE_MS);
    expect((await handle.query(accountQuery)).connection).toBe('disconnected');
    expect((await handle.describe()).status.name).toBe('RUNNING');
    isSignaling = true;
    await env.sleep(16 * MINUTE_MS);
    expect(await handle.result()).toMatchObject({ connection: 'disconnected' });
    expect(told).toMatchObject([{ account: 'acct_seller', canReceive: false, canSettle: false }]);
  });

  function payOut(
    id: string,
    watchPaidMs: number,
    announced: Pick<PayoutInput, 'announced'> = {},
    terms: Partial<PayoutTerms> = {},
  ) {
    const input: PayoutInput = {
      terms: payoutTerms({ id, ...terms }),
      livemode: false,
      policy: { retryBudgetMs: 10_000, watchPaidMs },
      payOut: envelope('pay-out'),
      ...announced,
    };
    return env.client.workflow.start(PAYOUT_WORKFLOW, {
      workflowId: payoutWorkflowId(id),
      taskQueue: TASK_QUEUE,
      args: [input],
    });
  }

  it('a paid payout that cannot be read when its watch ends is read less and less often until it can', async () => {
    const handle = await payOut('unread', 14 * DAY_MS);
    await env.sleep(14 * DAY_MS - HOUR_MS);
    forbidden = true;
    reads = 0;
    await env.sleep(3 * HOUR_MS);
    expect(reads).toBeGreaterThan(8);
    expect(reads).toBeLessThan(15);
    forbidden = false;
    await env.sleep(16 * MINUTE_MS);
    expect(await handle.result()).toMatchObject({ state: { status: 'paid' }, unreadable: null });
  });

  it('a payout whose watch has ended is not read while its events cannot be handed over', async () => {
    isPublishing = false;
    const handle = await payOut('unheard', HOUR_MS, { announced: true });
    await env.sleep(2 * HOUR_MS);
    expect(reads).toBe(1);
    isPublishing = true;
    await env.sleep(11 * MINUTE_MS);
    expect(await handle.result()).toMatchObject({ state: { status: 'paid' } });
    expect(reads).toBe(1);
  });

  it('a payout for which no funds come, and then one that no bank confirms, asks for somebody meanwhile', async () => {
    funds = { available: 100, instantAvailable: null, pending: [] };
    const why = problem('balance_insufficient', 'Too little.');
    payoutMade = { type: 'funds_missing', funds, problem: why, stripeRequestId: null };
    const handle = await payOut('overdue', HOUR_MS, {}, { whenAvailable: true });
    const asks = async () => {
      const { typedSearchAttributes: shown } = await handle.describe();
      const notices = payoutNotices(await handle.query(payoutQuery)).map(({ code }) => code);
      expect([shown.get(NEEDS_ATTENTION) ?? false, shown.get(ATTENTION_CODE)]).toEqual(
        notices.length > 0 ? [true, notices[0]] : [false, undefined],
      );
      return notices;
    };
    await env.sleep(FUNDED_WITHIN_MS - MINUTE_MS);
    expect(await asks()).toEqual([]);
    await env.sleep(7 * HOUR_MS);
    expect(await asks()).toEqual(['payout_overdue']);

    funds = { ...funds, available: 600 };
    const arrivalDate = (await env.currentTimeMs()) + 2 * DAY_MS;
    payoutRead = payoutFacts({ status: 'in_transit', arrivalDate });
    payoutMade = { type: 'payout', payout: payoutRead, stripeRequestId: null };
    await env.sleep(7 * HOUR_MS);
    expect((await handle.query(payoutQuery)).state.status).toBe('in_transit');
    expect(await asks()).toEqual([]);
    await env.sleep(arrivalDate + CONFIRMED_WITHIN_MS - MINUTE_MS - (await env.currentTimeMs()));
    expect(await asks()).toEqual([]);
    await env.sleep(7 * HOUR_MS);
    expect(await asks()).toEqual(['payout_overdue']);

    payoutRead = { ...PAID, arrivalDate };
    await env.sleep(7 * HOUR_MS);
    const end = await handle.result();
    expect([end.state.status, payoutNotices(end)]).toEqual(['paid', []]);
  });

  const abandon = { request_id: 'r-1', actor: 'ada', action: 'abandon', reason: 'the account is gone' };

  it('a stuck payout can be given up where nobody can look for it: the platform lost its access to the account', async () => {
    stuck = true;
    const handle = await payOut('gone', HOUR_MS);
    await env.sleep(DAY_MS);
    expect(await handle.query(payoutQuery)).toMatchObject({ attention: { code: 'permission_error' } });
    await handle.executeUpdate('resolve', { args: [abandon] });
    expect(await handle.result()).toMatchObject({ state: { status: 'canceled' }, attention: null });
  });

  it('so can the stuck change of an account that was disconnected, which then ends', async () => {
    atStripe = ENABLED;
    const handle = await start('seller-gone');
    await env.sleep(MINUTE_MS);
    stuck = true;
    const change = { request_id: 'c-1', actor: 'ada', changes: { businessType: 'company' } };
    await handle.executeUpdate('update', { args: [change] });
    atStripe = null;
    await handle.signal(stripeEventSignal, {
      eventId: 'evt_1',
      eventType: 'account.application.deauthorized',
    });
    await env.sleep(DAY_MS);
    expect(await handle.query(accountQuery)).toMatchObject({
      connection: 'disconnected',
      attention: { code: 'permission_error' },
    });
    await handle.executeUpdate('resolve', { args: [abandon] });
    expect(await handle.result()).toMatchObject({ connection: 'disconnected', attention: null });
  });

  it('a payout never repeats a key that was refused, though earlier ones were spent by failures of Stripe', async () => {
    funds = { available: 600, instantAvailable: null, pending: [] };
    const why = problem('balance_insufficient', 'Too little.');
    const missing: OperationOutcome = {
      type: 'funds_missing',
      funds: { ...funds, available: 100 },
      problem: why,
      stripeRequestId: null,
    };
    payoutAnswers.push(missing, { type: 'key_spent', stripeRequestId: null }, missing);
    const handle = await payOut('spent', HOUR_MS, {}, { whenAvailable: true });
    await env.sleep(DAY_MS);
    expect(payoutKeys).toEqual([0, 1, 2, 3]);
    expect(await handle.result()).toMatchObject({ state: { status: 'paid' } });
  });
});
