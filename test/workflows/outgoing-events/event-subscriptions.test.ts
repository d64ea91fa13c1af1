import type { WorkflowHandle } from '@temporalio/client';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { expect, it, vi } from 'vitest';
import type { SubscriptionAnswer, SubscriptionCommand } from '../../../contract/outgoing-events.ts';
import {
  disableSubscriptionSignal,
  EVENT_SUBSCRIPTIONS_WORKFLOW,
  subscriptionsQuery,
  subscriptionUpdate,
} from '../../../contract/outgoing-events.ts';
import { ATTENTION_CODE } from '../../../contract/search-attribute-keys.ts';
import { EVENT_SUBSCRIPTIONS_WORKFLOW_ID } from '../../../domain/outgoing-events/event-ids.ts';
import type { EventSubscription } from '../../../domain/outgoing-events/event-subscription.ts';
import { SUBSCRIPTIONS_MAX } from '../../../domain/outgoing-events/event-subscription.ts';
import { envelope } from '../../support/builders.ts';
import { useOrderBench, WITHIN } from '../../support/order-bench.ts';
import { RECORDING_SERVER } from '../../support/record-histories.ts';
import { SUBSCRIBERS } from '../../support/scripted-subscribers.ts';

let announcements = 0;
const announceToOpen = async () => {
  announcements += 1;
};
const bench = useOrderBench({
  serverArgs: RECORDING_SERVER,
  activities: { ...SUBSCRIBERS, announceToOpen },
});

function change(command: SubscriptionCommand): Promise<SubscriptionAnswer> {
  const startWorkflowOperation = new WithStartWorkflowOperation<() => Promise<void>>(
    EVENT_SUBSCRIPTIONS_WORKFLOW,
    {
      workflowId: EVENT_SUBSCRIPTIONS_WORKFLOW_ID,
      taskQueue: bench.taskQueue,
      workflowIdConflictPolicy: 'USE_EXISTING',
    },
  );
  const updateId = command.commandId;
  return bench.client.workflow.executeUpdateWithStart(subscriptionUpdate, {
    args: [command],
    updateId,
    startWorkflowOperation,
  });
}

const create = (id: string): SubscriptionCommand => ({
  ...envelope(`create-${id}`),
  kind: 'create',
  subscription: { id, url: `https://example.com/${id}`, events: ['*'], description: null },
});

/** Until it goes on in a new run. */
async function outlive(hub: WorkflowHandle): Promise<void> {
  const { runId } = await hub.describe();
  for (let n = 0; n < 20; n++) {
    const rotated = { kind: 'rotate_secret', id: 'wes_first', overlapMs: 0 } as const;
    await change({ ...envelope(`rotate-${runId}-${n}`), ...rotated });
  }
  await vi.waitFor(async () => expect((await hub.describe()).runId).not.toBe(runId), WITHIN);
}

it('continues as new with all that it keeps and has to do, and still knows the repeat of a command', async () => {
  const hub = bench.client.workflow.getHandle(EVENT_SUBSCRIPTIONS_WORKFLOW_ID);
  const first = await change(create('wes_first'));
  await outlive(hub);
  expect(await change(create('wes_first'))).toEqual(first);
  expect(await hub.query(subscriptionsQuery)).toMatchObject([{ id: 'wes_first', generation: 21 }]);

  for (let n = 1; n < SUBSCRIPTIONS_MAX; n++) await change(create(`wes_${n}`));
  expect(await change(create('wes_too_many'))).toMatchObject({
    subscription: null,
    result: { outcome: 'refused', problem: { code: 'state_conflict' } },
  });
  await hub.signal(disableSubscriptionSignal, { id: 'wes_none', reason: 'gone' });
  await hub.signal(disableSubscriptionSignal, { id: 'wes_1', reason: 'first' });
  await hub.signal(disableSubscriptionSignal, { id: 'wes_1', reason: 'second' });
  const disabled = (await hub.query(subscriptionsQuery)).filter((one) => one.disabled);
  expect(disabled).toMatchObject([{ id: 'wes_1', disabled: { reason: 'first' } }]);

  // Open orders are told of the first subscription a while after it was made.
  await vi.waitFor(() => expect(announcements).toBe(1), WITHIN);
});

it('answers a repeat under a forgotten key with the existing subscription', async () => {
  const hub = bench.client.workflow.getHandle(EVENT_SUBSCRIPTIONS_WORKFLOW_ID);
  await change(create('wes_first'));
  await hub.signal(disableSubscriptionSignal, { id: 'wes_first', reason: 'gone' });
  for (let run = 0; run < 6; run++) await outlive(hub);
  const [before] = await hub.query(subscriptionsQuery);
  expect(before).toMatchObject({ id: 'wes_first', disabled: { reason: 'gone' } });
  const another = { ...before, url: 'https://example.com/another' } as EventSubscription;
  expect(await change({ ...envelope('another'), kind: 'create', subscription: another })).toMatchObject({
    result: { outcome: 'refused', problem: { code: 'idempotency_key_reused' } },
  });
  expect(await change(create('wes_first'))).toMatchObject({
    result: { outcome: 'done' },
    subscription: before,
  });
  expect((await hub.query(subscriptionsQuery))[0]).toEqual(before);
});

it('what was tried before a subscription was enabled again does not disable it', async () => {
  const hub = bench.client.workflow.getHandle(EVENT_SUBSCRIPTIONS_WORKFLOW_ID);
  await change(create('wes_first'));
  await hub.signal(disableSubscriptionSignal, { id: 'wes_first', reason: 'dead', since: Date.now() });
  const before = Date.now() - 1_000;
  await change({ ...envelope('enable-first'), kind: 'enable', id: 'wes_first' });
  const stateOf = async () => (await hub.query(subscriptionsQuery)).find(({ id }) => id === 'wes_first');
  await hub.signal(disableSubscriptionSignal, { id: 'wes_first', reason: 'long ago', since: before });
  expect(await stateOf()).toMatchObject({ disabled: null, missed: { reason: 'long ago' } });
  // Tried since, or gone by its own word.
  await hub.signal(disableSubscriptionSignal, {
    id: 'wes_first',
    reason: 'dead again',
    since: Date.now() + 1_000,
  });
  expect(await stateOf()).toMatchObject({ disabled: { reason: 'dead again' } });
  await change({ ...envelope('enable-again'), kind: 'enable', id: 'wes_first' });
  await hub.signal(disableSubscriptionSignal, { id: 'wes_first', reason: 'gone' });
  expect(await stateOf()).toMatchObject({ disabled: { reason: 'gone' } });
});

it('an event that a receiver of others did not take asks for somebody, until the subscription is enabled', async () => {
  const hub = bench.client.workflow.getHandle(EVENT_SUBSCRIPTIONS_WORKFLOW_ID);
  await change(create('wes_first'));
  for (const { id } of await hub.query(subscriptionsQuery)) {
    await change({ ...envelope(`enable-${id}`), kind: 'enable', id });
  }
  const stateOf = async () => {
    const one = (await hub.query(subscriptionsQuery)).find(({ id }) => id === 'wes_first');
    const { typedSearchAttributes: shown } = await hub.describe();
    return [one?.disabled, one?.missed?.reason, shown.get(ATTENTION_CODE)];
  };
  const misses = (reason: string) =>
    hub.signal(disableSubscriptionSignal, { id: 'wes_first', reason, since: 1, takesOthers: true });
  await misses('evt_1: answered 413');
  await misses('evt_2: answered 413');
  expect(await stateOf()).toEqual([null, 'evt_1: answered 413', 'event_not_accepted']);
  await change({ ...envelope('enable-after'), kind: 'enable', id: 'wes_first' });
  expect(await stateOf()).toEqual([null, undefined, undefined]);
});
