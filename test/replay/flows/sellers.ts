import type { WorkflowHandle } from '@temporalio/client';
import { vi } from 'vitest';
import type { AccountInput, AccountOrigin } from '../../../contract/accounts.ts';
import { ACCOUNT_WORKFLOW, beginAccountUpdate } from '../../../contract/accounts.ts';
import { updateOf } from '../../../contract/command-messages.ts';
import { payoutBeginning } from '../../../contract/payout-start.ts';
import type { PayoutInput } from '../../../contract/payouts.ts';
import { payOutUpdate, payoutQuery } from '../../../contract/payouts.ts';
import { stripeEventSignal } from '../../../contract/stripe-events.ts';
import type { AccountCommandBody } from '../../../domain/accounts/account-command-table.ts';
import { ACCOUNT_COMMANDS } from '../../../domain/accounts/account-command-table.ts';
import { messageOf } from '../../../domain/commands/define-command.ts';
import { accountWorkflowId, payoutWorkflowId } from '../../../domain/ids.ts';
import type { PayoutState, PayoutTerms } from '../../../domain/payouts/payout.ts';
import type { PayoutCommandBody } from '../../../domain/payouts/payout-command-table.ts';
import { PAYOUT_COMMANDS } from '../../../domain/payouts/payout-command-table.ts';
import { envelope, payoutTerms } from '../../support/builders.ts';
import type { OrderBench } from '../../support/order-bench.ts';
import { askLong, resolve, WITHIN } from '../../support/order-bench.ts';
import type { Flows } from './flow.ts';
import { ended } from './flow.ts';

const CREATED: AccountOrigin = {
  kind: 'create',
  terms: { type: 'custom', controller: null, country: 'US', serviceAgreement: null },
};

/** Connected accounts and their payouts. */
export const SELLER_FLOWS: Flows = {
  async 'account-onboarded'(bench, id) {
    const account = await beginAccount(bench, id, CREATED);
    await account.command('person-1', { kind: 'add_person', token: 'cpt_1' });
    await account.handle.signal(stripeEventSignal, { eventId: 'evt_1', eventType: 'account.updated' });
    await account.command('bank-1', {
      kind: 'add_external_account',
      token: 'btok_1',
      default_for_currency: true,
    });
    await account.command('reject-1', { kind: 'reject', reason: 'fraud' });
    return ended(account);
  },
  async 'account-connected'(bench, id) {
    const account = await beginAccount(bench, id, { kind: 'connect', code: 'ac_1', newestBefore: null });
    await account.command('deauthorize-1', { kind: 'deauthorize' });
    return ended(account);
  },
  async 'account-adopted'(bench, id) {
    return (await beginAccount(bench, id, { kind: 'adopt', account: 'acct_seller' })).handle;
  },
  async 'account-continued'(bench, id) {
    const account = await beginAccount(bench, id, CREATED);
    for (let n = 0; n < 8; n++) await account.command(`update-${n}`, { kind: 'update', changes: {} });
    return account.handle;
  },
  async 'payout-funded-and-failed'(bench, id) {
    const payout = await payOut(bench, id, { whenAvailable: true });
    await payout.readUntil('failed');
    await payout.command('resolve-1', resolve('retry'));
    await payout.readUntil('paid');
    return payout.handle;
  },
  async 'payout-canceled'(bench, id) {
    const payout = await payOut(bench, id);
    await payout.command('cancel-1', { kind: 'cancel' });
    return ended(payout);
  },
  async 'payout-approved'(bench, id) {
    const payout = await payOut(bench, id, {}, { approval: { above: {}, withinMs: 3_600_000 } });
    await payout.handle.signal('resolve', {
      request_id: 'r-1',
      actor: 'bob',
      action: 'approve',
      reason: 'looked at it',
    });
    await payout.readUntil('paid');
    return payout.handle;
  },
  async 'payout-watched'(bench, id) {
    return ended(await payOut(bench, id, {}, { watchPaidMs: 500 }));
  },
  async 'payout-continued'(bench, id) {
    const payout = await payOut(bench, id);
    const { runId } = await payout.handle.describe();
    await vi.waitFor(async () => {
      await payout.hear();
      if ((await payout.handle.describe()).runId === runId) throw new Error('in its first run');
    }, WITHIN);
    // Answered by the new run, once it has begun.
    await askLong(bench.client, () => payout.handle.query(payoutQuery));
    return payout.handle;
  },
};

async function beginAccount({ client, taskQueue }: OrderBench, reference: string, origin: AccountOrigin) {
  const begin = envelope(`begin-${reference}`);
  const input: AccountInput = {
    reference,
    livemode: false,
    policy: { retryBudgetMs: 60_000 },
    origin,
    begin,
  };
  const workflowId = accountWorkflowId(reference);
  const handle = await client.workflow.start(ACCOUNT_WORKFLOW, { workflowId, taskQueue, args: [input] });
  await handle.executeUpdate(beginAccountUpdate, { updateId: begin.commandId, args: [] });
  return {
    handle: client.workflow.getHandle(workflowId),
    command: (commandId: string, { kind, ...body }: AccountCommandBody) =>
      client.workflow.getHandle(workflowId).executeUpdate(updateOf(ACCOUNT_COMMANDS[kind]), {
        updateId: commandId,
        args: [messageOf(envelope(commandId), body)],
      }),
  };
}

async function payOut(
  { client, taskQueue }: OrderBench,
  id: string,
  terms: Partial<PayoutTerms> = {},
  policy: Partial<PayoutInput['policy']> = {},
) {
  const input: PayoutInput = {
    terms: payoutTerms({ id, ...terms }),
    livemode: false,
    policy: { retryBudgetMs: 60_000, watchPaidMs: 60_000, ...policy },
    payOut: envelope(`pay-${id}`),
  };
  const workflowId = payoutWorkflowId(id);
  const { workflowType, memo, searchAttributes } = payoutBeginning(input, taskQueue);
  await client.workflow.start(workflowType, {
    workflowId,
    taskQueue,
    args: [input],
    memo,
    typedSearchAttributes: searchAttributes,
  });
  const handle: WorkflowHandle = client.workflow.getHandle(workflowId);
  await handle.executeUpdate(payOutUpdate, { updateId: input.payOut.commandId, args: [] });
  let events = 0;
  const status = async () => (await askLong(client, () => handle.query(payoutQuery))).state.status;
  const hear = () => {
    events += 1;
    return handle.signal(stripeEventSignal, { eventId: `evt_${id}_${events}`, eventType: 'payout.updated' });
  };
  return {
    handle,
    hear,
    command: (commandId: string, { kind, ...body }: PayoutCommandBody) =>
      handle.executeUpdate(updateOf(PAYOUT_COMMANDS[kind]), {
        updateId: commandId,
        args: [messageOf(envelope(commandId), body)],
      }),
    /** Tells it of one event after the other until it has come to that status. */
    readUntil: (wanted: PayoutState['status']) =>
      vi.waitFor(async () => {
        if ((await status()) === wanted) return;
        await hear();
        throw new Error(`not ${wanted} yet`);
      }, WITHIN),
  };
}
