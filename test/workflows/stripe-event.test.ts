import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EventActivities } from '../../activities/events.ts';
import type { StripeHint } from '../../domain/stripe-events.ts';
import { buildWorkflowBundle } from '../../worker/bundle.ts';
import { STRIPE_EVENT_WORKFLOW } from '../../workflows/messages.ts';
import { ATTENTION_CODE, NEEDS_ATTENTION } from '../../workflows/visibility.ts';
import { startTestServer } from '../support/temporal.ts';

// A workflow that ends as failed is a warning, and here the point.
Runtime.install({ logger: new DefaultLogger('ERROR') });

const HINT: StripeHint = {
  eventId: 'evt_1',
  eventType: 'payment_intent.succeeded',
  own: false,
  subject: { kind: 'order', orderId: 'nobody-knows' },
};

let env: TestWorkflowEnvironment;
let worker: Worker;
let running: Promise<void>;
/** What becomes of each attempt to deliver, first to last. */
let attempts: (() => 'signaled')[];
beforeAll(async () => {
  env = await startTestServer();
  const activities: Pick<EventActivities, 'deliverKeptEvent'> = {
    deliverKeptEvent: async () => (attempts.shift() ?? (() => 'signaled'))(),
  };
  worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue: 'events',
    workflowBundle: await buildWorkflowBundle(),
    activities,
  });
  running = worker.run();
});
afterAll(async () => {
  worker?.shutdown();
  await running;
  await env?.teardown();
});

function keep(workflowId: string) {
  return env.client.workflow.start(STRIPE_EVENT_WORKFLOW, { workflowId, taskQueue: 'events', args: [HINT] });
}

const unknown = (): never => {
  throw ApplicationFailure.retryable('there is no order nobody-knows', 'OrderNotKnown');
};
/** As after three days of that. */
const forGood = (): never => {
  throw ApplicationFailure.nonRetryable('there is no order nobody-knows', 'OrderNotKnown');
};

it('an event that is kept is tried again until its order is there', async () => {
  attempts = [unknown, () => 'signaled'];
  expect(await (await keep('in-the-end')).result()).toBe('signaled');
});

it('an event that never finds its order ends as failed, and is listed as needing attention', async () => {
  attempts = [forGood];
  const handle = await keep('never');
  await expect(handle.result()).rejects.toThrow(WorkflowFailedError);
  const { typedSearchAttributes: shown, status } = await handle.describe();
  expect(status.name).toBe('FAILED');
  expect([shown.get(NEEDS_ATTENTION), shown.get(ATTENTION_CODE)]).toEqual([true, 'event_undelivered']);
});
