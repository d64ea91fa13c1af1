import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import { WorkflowUpdateStage } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createStripeClient } from '../../stripe/client.ts';
import { createWorker } from '../../worker/create-worker.ts';
import { quietRuntime } from '../support/runtime.ts';
import { startTestServer } from '../support/temporal.ts';
import { EVENTS, POLICY } from '../support/waybill.ts';
import { WITHIN } from '../support/within.ts';
import { nameYourself, READS_QUEUE, readsQuery } from './workflow-thread-workflows.ts';

quietRuntime();

let env: TestWorkflowEnvironment;
let workflowBundle: { code: string };
beforeAll(async () => {
  env = await startTestServer();
  workflowBundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('workflow-thread-workflows.ts', import.meta.url)),
    logger: new DefaultLogger('WARN'),
  });
});
afterAll(() => env?.teardown());

// Where code loops inside a promise's callback, the SDK's own limit makes Node 20 abort the process.
const LOOPS = ['loopingWorkflow', 'loopingLaterWorkflow'];

/** How often the server may take a task back before the worker has said that it failed. */
const LATE_MAX = 5;

/** How many workflows are asked while their worker is replaced: of so many, some queries come before the task. */
const ASKED = 8;

/** Workflow code as it runs by default, and as the SDK runs it. */
describe.each([
  { callStacks: false, loops: LOOPS },
  { callStacks: true, loops: LOOPS.slice(0, 1) },
])('with callStacks: $callStacks', ({ callStacks, loops }) => {
  const taskQueue = `thread-${callStacks}`;
  let stop: () => Promise<void>;
  /** What stops it. */
  const run = async (taskQueue: string) => {
    const worker = await createWorker({
      connection: env.nativeConnection,
      ...{ namespace: env.namespace ?? 'default', taskQueue, workflowBundle, callStacks },
      stripe: createStripeClient({ secretKey: 'sk_test_nobody', apiBase: 'http://127.0.0.1:9' }),
      ...{ clientId: null, events: EVENTS, policy: { ...POLICY, onDisputeLost: 'bear' } },
    });
    const running = worker.run();
    return async () => {
      worker.shutdown();
      await running;
    };
  };
  beforeAll(async () => {
    stop = await run(taskQueue);
  });
  afterAll(() => stop?.());

  const start = (type: string, name: string) =>
    env.client.workflow.start(type, { taskQueue, workflowId: `${type}-${name}-${callStacks}` });

  it('updates that wait side by side each know which update they are', async () => {
    const handle = await start('patientWorkflow', 'updates');
    const ids = ['first', 'second', 'third'];
    const answers = await Promise.all(
      ids.map((updateId) => handle.executeUpdate(nameYourself, { updateId, args: [] })),
    );
    expect(answers).toEqual(ids);
    await handle.result();
  });

  /** Why its first task failed; null: on a busy machine the server took it back before the worker said so, and shows no later one. */
  const failureOf = async (looping: WorkflowHandle): Promise<string | null> => {
    const ended = await vi.waitFor(async () => {
      const { events = [] } = await looping.fetchHistory();
      const event = events?.find(
        ({ workflowTaskFailedEventAttributes: failed, workflowTaskTimedOutEventAttributes: late }) =>
          failed ?? late,
      );
      expect(event).toBeDefined();
      return event;
    }, WITHIN);
    await looping.terminate();
    return ended?.workflowTaskFailedEventAttributes?.failure?.message ?? null;
  };

  it.each(loops)('the task of a %s fails, and the worker goes on with other workflows', async (type) => {
    const beside = await start('patientWorkflow', `beside-${type}`);
    let failure: string | null = null;
    for (let tries = 0; failure === null && tries < LATE_MAX; tries++)
      failure = await failureOf(await start(type, `loops-${tries}`));
    expect(failure).toContain(callStacks ? 'timed out after 5000ms' : 'did not yield within 5000 ms');
    for (const updateId of ['first', 'second', 'third']) {
      const update = await beside.startUpdate(nameYourself, {
        updateId,
        waitForStage: WorkflowUpdateStage.ACCEPTED,
      });
      expect(await update.result()).toBe(updateId);
    }
    await beside.result();
  });

  it('a query that a worker gets before the next task leaves a history that can be replayed', async () => {
    const taskQueue = `replaced-${callStacks}`;
    let reads = 0;
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const read = () => {
      reads += 1;
      return answered;
    };
    const reader = await Worker.create({
      connection: env.nativeConnection,
      ...{ namespace: env.namespace ?? 'default', taskQueue: READS_QUEUE, activities: { read } },
    });
    const reading = reader.run();
    const stopFirst = await run(taskQueue);
    // Of each, the query or the task may come first: Temporal chooses.
    const ids = Array.from({ length: ASKED }, (_, n) => `${taskQueue}-${n}`);
    const handles = await Promise.all(
      ids.map((workflowId) => env.client.workflow.start('readingWorkflow', { taskQueue, workflowId })),
    );
    await vi.waitFor(() => expect(reads).toBe(ASKED), WITHIN);
    await stopFirst();
    const { connection } = env.client;
    const asked = handles.map((handle) =>
      connection.withDeadline(Date.now() + WITHIN.timeout, () => handle.query(readsQuery)),
    );
    const settled = Promise.allSettled(asked);
    // Temporal has the queries by then.
    await Promise.all(handles.map((handle) => handle.describe()));
    answer();
    const histories = () => Promise.all(handles.map((handle) => handle.fetchHistory()));
    await vi.waitFor(async () => {
      for (const { events } of await histories()) {
        expect(events?.some((event) => event.activityTaskCompletedEventAttributes)).toBe(true);
      }
    }, WITHIN);
    const stopSecond = await run(taskQueue);
    await settled;
    await Promise.all(handles.map((handle) => handle.result()));
    const kept = (await histories()).map((history, n) => ({ workflowId: `${n}`, history }));
    const failed: unknown[] = [];
    for await (const { error } of Worker.runReplayHistories({ workflowBundle }, kept)) {
      if (error) failed.push(error.message);
    }
    expect(failed).toEqual([]);
    await stopSecond();
    reader.shutdown();
    await reading;
  });

  it(`the call stack of a workflow is ${callStacks ? 'shown' : 'refused with the reason'}`, async () => {
    const handle = await start('patientWorkflow', 'stack');
    const stack = handle.query<string>('__stack_trace');
    if (callStacks) expect(await stack).toContain('waitForNames');
    else await expect(stack).rejects.toThrow('stack traces are not enabled');
    await handle.terminate();
  });
});
