import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Compared } from '../../activities/stripe-events/pass.ts';
import { PAYOUT_STATUS } from '../../contract/search-attribute-keys.ts';
import {
  SYNC_ACCOUNTS_WORKFLOW,
  SYNC_PAYOUTS_WORKFLOW,
  SYNC_WORKFLOW,
  stripeEventSignal,
} from '../../contract/stripe-events.ts';
import { accountWorkflowId, payoutWorkflowId } from '../../domain/ids.ts';
import { asAccount } from '../../stripe/acting-as.ts';
import { payoutsOf } from '../../stripe/own-money.ts';
import { completeAccount } from '../support/sellers.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { payOut, seller } from './sellers.ts';
import { control, createOrder, sandboxRequests, unbalanced, WITHIN } from './support.ts';

const DAY_SECONDS = 86_400;

/** Without webhooks, and with no round but those that a test asks for. */
let waybill: Waybill;
beforeAll(async () => {
  waybill = await startWaybill();
});
afterEach(async () => {
  expect(await unbalanced(waybill)).toEqual([]);
  await fetch(`${waybill.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' });
});
afterAll(() => waybill?.stop());

const workflow = (id: string, runId?: string) => waybill.env.client.workflow.getHandle(id, runId);

/** One round, to its end. */
function run(type: string): Promise<Compared> {
  return waybill.env.client.workflow.execute(type, { workflowId: `by-hand/${type}`, taskQueue: 'waybill' });
}

const syncAccounts = () => run(SYNC_ACCOUNTS_WORKFLOW);
const syncPayouts = () => run(SYNC_PAYOUTS_WORKFLOW);

const readOrder = async (id: string) => (await request(waybill, 'GET', `/v1/orders/${id}`)).body;
const post = (path: string, body: unknown) => request(waybill, 'POST', path, { body });

async function signalsOf(workflowId: string): Promise<number> {
  const { events } = await workflow(workflowId).fetchHistory();
  return (events ?? []).filter((event) => event.workflowExecutionSignaledEventAttributes).length;
}

async function accountComesToBe(reference: string, status: string): Promise<void> {
  await vi.waitFor(async () => {
    const { searchAttributes } = await workflow(accountWorkflowId(reference)).describe();
    expect(searchAttributes.AccountStatus).toEqual([status]);
  }, WITHIN);
  // The next comparison is with what the lists show, a moment later.
  const query = `WorkflowId = '${accountWorkflowId(reference)}' AND AccountStatus = '${status}'`;
  await vi.waitFor(async () => {
    expect((await waybill.env.client.workflow.count(query)).count).toBe(1);
  }, WITHIN);
}

/** An account that Waybill made, and that is told by nobody but a comparison what became of it. */
async function account(reference: string): Promise<string> {
  const { body } = await post('/v1/accounts', completeAccount(reference));
  await accountComesToBe(reference, 'onboarding');
  await control(waybill, 'clock/advance', { seconds: 60 });
  await syncAccounts();
  await accountComesToBe(reference, 'enabled');
  return body.id;
}

describe('with Connect webhooks off, one comparison of accounts', () => {
  it('reaches an account that is restricted, and its orders', async () => {
    const id = await account('restricted');
    const { body: order } = await createOrder(waybill, { connected_account: id });
    const query = `OrderStatus = 'authorized' AND ConnectedAccount = '${id}'`;
    await vi.waitFor(async () => {
      expect((await waybill.env.client.workflow.count(query)).count).toBe(1);
    }, WITHIN);
    await control(waybill, `accounts/${id}`, { requirements: { past_due: ['individual.id_number'] } });
    expect(await syncAccounts()).toMatchObject({ requested: 1, unreadable: 0 });
    await accountComesToBe('restricted', 'restricted');
    expect(await readOrder(order.id)).toMatchObject({ needs_attention: null });

    // The same word, and yet something else.
    await control(waybill, `accounts/${id}`, { capabilities: { transfers: 'inactive' } });
    expect(await syncAccounts()).toMatchObject({ requested: 1, unreadable: 0 });
    await vi.waitFor(async () => {
      expect((await readOrder(order.id)).needs_attention).toMatchObject({ code: 'account_restricted' });
    }, WITHIN);
  });

  it('reaches the orders of an account that Waybill did not make', async () => {
    const { id } = await waybill.stripe.accounts.create({
      type: 'custom',
      country: 'US',
      capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
    });
    await control(waybill, `accounts/${id}`, {
      capabilities: { transfers: 'active', card_payments: 'active' },
    });
    const { body: order } = await createOrder(waybill, { connected_account: id });
    const query = `OrderStatus = 'authorized' AND ConnectedAccount = '${id}'`;
    await vi.waitFor(async () => {
      expect((await waybill.env.client.workflow.count(query)).count).toBe(1);
    }, WITHIN);
    await control(waybill, `accounts/${id}`, { capabilities: { transfers: 'inactive' } });
    expect(await syncAccounts()).toMatchObject({ followed: 1 });
    await vi.waitFor(async () => {
      expect((await readOrder(order.id)).needs_attention).toMatchObject({ code: 'account_restricted' });
    }, WITHIN);
    // From here on it has a workflow, which gets its events and is compared as any other.
    expect(await syncAccounts()).toMatchObject({ followed: 0 });
  });

  it('reaches an account that the platform can no longer access', async () => {
    const id = await account('gone');
    await waybill.stripe.accounts.del(id);
    expect(await syncAccounts()).toMatchObject({ requested: 1, unreadable: 0 });
    expect(await workflow(accountWorkflowId('gone')).result()).toMatchObject({ connection: 'disconnected' });
  });

  it('reads a hundred accounts at once, and signals none that has not changed', async () => {
    const id = await account('calm');
    await Promise.all(
      Array.from({ length: 101 }, () => waybill.stripe.accounts.create({ type: 'custom', country: 'US' })),
    );
    const [signals, { length: before }] = [
      await signalsOf(accountWorkflowId('calm')),
      await sandboxRequests(waybill),
    ];
    expect(await syncAccounts()).toMatchObject({ requested: 0, unreadable: 0 });
    const paths = (await sandboxRequests(waybill)).slice(before).map(({ path }) => path);
    expect(paths.filter((path) => path === '/v1/accounts')).toHaveLength(2);
    expect(paths).not.toContain(`/v1/accounts/${id}`);
    expect(await signalsOf(accountWorkflowId('calm'))).toBe(signals);

    await control(waybill, `accounts/${id}/require`, { fields: ['external_account'], deadline_seconds: 60 });
    expect(await syncAccounts()).toMatchObject({ requested: 1 });
    await accountComesToBe('calm', 'restricted_soon');
  });

  it('reaches the others if Stripe does not show one of them', async () => {
    const ids = [await account('shown-1'), await account('shown-2')];
    for (const id of ids) {
      await control(waybill, `accounts/${id}/require`, { fields: ['individual.id_number'], past_due: true });
    }
    await control(waybill, 'faults', {
      match: { method: 'GET', path: `/v1/accounts/${ids[0]}`, times: 1 },
      effect: { error: 'server_error' },
    });
    expect(await syncAccounts()).toMatchObject({ requested: 1, unreadable: 1 });
    await accountComesToBe('shown-2', 'restricted');
    expect(await syncAccounts()).toMatchObject({ requested: 1, unreadable: 0 });
    await accountComesToBe('shown-1', 'restricted');
  });
});

/** A payout that its bank has, as its workflow knows: from here on it looks by itself an hour later at the earliest. */
async function paidOut(): Promise<{ id: string; stripePayout: string; account: string }> {
  const connected = await seller(waybill, { earned: 1000 });
  const { body } = await payOut(waybill, connected);
  await control(waybill, 'clock/advance', { seconds: 3 * DAY_SECONDS });
  await workflow(payoutWorkflowId(body.id)).signal(stripeEventSignal, {
    eventId: `evt_${body.id}`,
    eventType: 'payout.paid',
  });
  await payoutComesToBe(body.id, 'paid');
  return { id: body.id, stripePayout: body.stripe_payout, account: connected };
}

async function payoutComesToBe(id: string, status: string): Promise<void> {
  await vi.waitFor(async () => {
    const { typedSearchAttributes } = await workflow(payoutWorkflowId(id)).describe();
    expect(typedSearchAttributes.get(PAYOUT_STATUS)).toBe(status);
  }, WITHIN);
  const query = `WorkflowId = '${payoutWorkflowId(id)}' AND PayoutStatus = '${status}'`;
  await vi.waitFor(async () => {
    expect((await waybill.env.client.workflow.count(query)).count).toBe(1);
  }, WITHIN);
}

const failAtBank = (stripePayout: string) =>
  control(waybill, `payouts/${stripePayout}/fail`, { failure_code: 'no_account' });

describe('with Connect webhooks off, one comparison of payouts', () => {
  it('reaches each payout that its bank sent back after all, however many', async () => {
    const payouts = [];
    for (let nth = 0; nth < 12; nth += 1) payouts.push(await paidOut());
    for (const { stripePayout } of payouts) await failAtBank(stripePayout);
    expect(await syncPayouts()).toMatchObject({ requested: 12, unreadable: 0 });
    for (const { id } of payouts) await payoutComesToBe(id, 'failed');
    const { account: one, id } = payouts[0] ?? (await paidOut());
    const { body } = await request(waybill, 'GET', `/v1/accounts/${one}/payouts/${id}`);
    expect(body).toMatchObject({ status: 'failed', needs_attention: { code: 'payout_failed' } });
    expect(await syncPayouts()).toMatchObject({ accounts: 0, requested: 0 });
  });

  it('is one request for an account, as that account, and signals none that has not changed', async () => {
    const { id, account: connected } = await paidOut();
    const [signals, { length: before }] = [
      await signalsOf(payoutWorkflowId(id)),
      await sandboxRequests(waybill),
    ];
    expect(await syncPayouts()).toEqual({ accounts: 1, requested: 0, unreadable: 0 });
    const asked = (await sandboxRequests(waybill)).slice(before).filter(({ path }) => path === '/v1/payouts');
    expect(asked.map(({ stripe_account: as }) => as)).toEqual([connected]);
    expect(await signalsOf(payoutWorkflowId(id))).toBe(signals);
  });

  it('finds a payout behind a hundred newer ones', async () => {
    const { id, stripePayout, account: connected } = await paidOut();
    const own = payoutsOf(waybill.stripe, asAccount(connected));
    for (let nth = 0; nth < 100; nth += 1) await own.create({ amount: 1, currency: 'usd' }, {});
    await failAtBank(stripePayout);
    expect(await syncPayouts()).toMatchObject({ requested: 1 });
    await payoutComesToBe(id, 'failed');
  });

  it('reaches the others if one account is gone, or cannot be read for now', async () => {
    const gone = await paidOut();
    const others = [await paidOut(), await paidOut()];
    await waybill.stripe.accounts.del(gone.account);
    for (const { stripePayout } of others) await failAtBank(stripePayout);
    await control(waybill, 'faults', {
      match: { method: 'GET', path: '/v1/payouts', times: 1 },
      effect: { error: 'server_error' },
    });
    const first = await syncPayouts();
    const second = await syncPayouts();
    expect([first.unreadable, second.unreadable]).toEqual([1, 0]);
    // One that has not read yet is asked again.
    expect(first.requested + second.requested).toBeGreaterThanOrEqual(2);
    for (const { id } of others) await payoutComesToBe(id, 'failed');
  });

  it('fails visibly if the key may read no payouts; the event feed continues', async () => {
    await paidOut();
    await control(waybill, 'faults', {
      match: { method: 'GET', path: '/v1/payouts', times: 'always' },
      effect: { status: 403, error: { type: 'invalid_request_error', message: 'The key may not do that.' } },
    });
    await expect(syncPayouts()).rejects.toMatchObject({
      cause: { cause: { message: 'The key may not do that.' } },
    });
    await run(SYNC_WORKFLOW);
  });
});
