import type { WorkflowHandle } from '@temporalio/client';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { EventActivities } from '../../../activities/stripe-events/events.ts';
import { ATTENTION_CODE, NEEDS_ATTENTION } from '../../../contract/search-attribute-keys.ts';
import { STRIPE_EVENT_WORKFLOW } from '../../../contract/stripe-events.ts';
import type { ParkedDelivery, StripeEventRef } from '../../../domain/stripe-events/stripe-events.ts';
import { quietRuntime } from '../../support/runtime.ts';
import { startTestServer } from '../../support/temporal.ts';
import { WITHIN } from '../../support/within.ts';
import { workflowBundle } from '../../support/workflow-bundle.ts';

// A workflow that ends as failed is a warning, and here the point.
quietRuntime();

const HINT: StripeEventRef = {
  eventId: 'evt_1',
  eventType: 'payment_intent.succeeded',
  own: false,
  subject: { kind: 'order', orderId: 'nobody-knows' },
};

let env: TestWorkflowEnvironment;
let worker: Worker;
let running: Promise<void>;
/** What becomes of each attempt to deliver, first to last. */
let attempts: (() => ParkedDelivery | Promise<ParkedDelivery>)[];
beforeAll(async () => {
  env = await startTestServer();
  const activities: Pick<EventActivities, 'deliverParkedEvent'> = {
    deliverParkedEvent: async () => (attempts.shift() ?? (() => 'signaled'))(),
  };
  worker = await Worker.create({
    connection: env.nativeConnection,
    namespace: env.namespace ?? 'default',
    taskQueue: 'events',
    workflowBundle: await workflowBundle(),
    activities,
  });
  running = worker.run();
});
afterAll(async () => {
  worker?.shutdown();
  await running;
  await env?.teardown();
});

function park(workflowId: string, changes: Partial<StripeEventRef> = {}) {
  const args = [{ ...HINT, ...changes }];
  return env.client.workflow.start(STRIPE_EVENT_WORKFLOW, { workflowId, taskQueue: 'events', args });
}

async function shown(handle: WorkflowHandle) {
  const { typedSearchAttributes: attributes } = await handle.describe();
  return [attributes.get(NEEDS_ATTENTION), attributes.get(ATTENTION_CODE)];
}

const unknown = (): never => {
  throw ApplicationFailure.retryable('there is no order nobody-knows', 'OrderNotKnown');
};
/** As after three days of that. */
const forGood = (): never => {
  throw ApplicationFailure.nonRetryable('there is no order nobody-knows', 'OrderNotKnown');
};

it('a parked event is retried until its order is known', async () => {
  attempts = [unknown, () => 'signaled'];
  expect(await (await park('in-the-end')).result()).toBe('signaled');
});

it('a parked event whose order never comes fails and needs attention', async () => {
  attempts = [forGood];
  const handle = await park('never');
  await expect(handle.result()).rejects.toThrow(WorkflowFailedError);
  expect((await handle.describe()).status.name).toBe('FAILED');
  expect(await shown(handle)).toEqual([true, 'event_undelivered']);
});

it('a dispute whose order is not found soon needs attention until it is', async () => {
  let find = () => {};
  const found = new Promise<void>((resolve) => {
    find = resolve;
  });
  // As after ten minutes; then somebody looks at it.
  attempts = [forGood, () => found.then(() => 'reopened' as const)];
  const handle = await park('dispute', { eventType: 'charge.dispute.created' });
  await vi.waitFor(async () => expect(await shown(handle)).toEqual([true, 'event_undelivered']), WITHIN);
  expect((await handle.describe()).status.name).toBe('RUNNING');
  find();
  expect(await handle.result()).toBe('reopened');
  expect(await shown(handle)).toEqual([false, undefined]);
});
