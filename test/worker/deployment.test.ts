import type { WorkflowHandle } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Workers } from '../../api/backend/workers.ts';
import { temporalChecks } from '../../api/health/temporal-checks.ts';
import type { OrderInput } from '../../contract/orders.ts';
import { ORDER_WORKFLOW } from '../../contract/orders.ts';
import { SYNC_WORKFLOW, stripeEventSignal } from '../../contract/stripe-events.ts';
import { orderWorkflowId, SYNC_SCHEDULE_ID } from '../../domain/ids.ts';
import { createStripeClient } from '../../stripe/client.ts';
import { msOf } from '../../temporal/timestamp.ts';
import { createWorkers } from '../../worker/create-worker.ts';
import { routingOf, setCurrentVersion, setRampingVersion } from '../../worker/deployment.ts';
import { keepSchedules } from '../../worker/keep-schedules.ts';
import { shareOf } from '../../worker/stripe-share.ts';
import { envelope, terms } from '../support/builders.ts';
import { startTestServer } from '../support/temporal.ts';
import { EVENTS, POLICY } from '../support/waybill.ts';
import { WITHIN } from '../support/within.ts';
import { workflowBundle } from '../support/workflow-bundle.ts';

const TASK_QUEUE = 'deployed';
const { VersioningBehavior } = proto.temporal.api.enums.v1;
const OLD = { deploymentName: 'waybill', buildId: '0.1.0' };
const NEW = { deploymentName: 'waybill', buildId: '0.2.0' };

let env: TestWorkflowEnvironment;
const stops: (() => Promise<void>)[] = [];
beforeAll(async () => {
  env = await startTestServer();
});
afterAll(async () => {
  await Promise.all(stops.map((stop) => stop()));
  await env?.teardown();
});

/** Both workers of a process that runs that version, whose Stripe never answers: what is begun stays open. Gives back what stops them. */
async function deploy(version: typeof OLD, taskQueue = TASK_QUEUE): Promise<() => Promise<void>> {
  const workers = await createWorkers({
    connection: env.nativeConnection,
    namespace: env.namespace ?? 'default',
    taskQueue,
    version,
    workflowBundle: await workflowBundle(),
    stripe: createStripeClient({ secretKey: 'sk_test_nobody', apiBase: 'http://127.0.0.1:9' }),
    clientId: null,
    events: EVENTS,
    policy: { ...POLICY, onDisputeLost: 'bear' },
  });
  const running = workers.map((worker) => worker.run());
  let isStopped = false;
  const stop = async () => {
    if (!isStopped) for (const worker of workers) worker.shutdown();
    isStopped = true;
    await Promise.all(running);
  };
  stops.push(stop);
  return stop;
}

function start(id: string, taskQueue = TASK_QUEUE) {
  const input: OrderInput = {
    terms: terms({ id }),
    livemode: false,
    policy: { ...POLICY, retryBudgetMs: 600_000 },
    authorize: envelope('cmd_authorize'),
  };
  return env.client.workflow.start<(input: OrderInput) => Promise<unknown>>(ORDER_WORKFLOW, {
    workflowId: orderWorkflowId(id),
    taskQueue,
    args: [input],
  });
}

/** Which version last carried a workflow on. */
async function carriedBy(handle: WorkflowHandle) {
  const { versioningInfo } = (await handle.describe()).raw.workflowExecutionInfo ?? {};
  return versioningInfo?.deploymentVersion?.buildId;
}

async function expectCarriedBy({ buildId }: typeof OLD, handle: WorkflowHandle): Promise<void> {
  await vi.waitFor(async () => expect(await carriedBy(handle)).toBe(buildId), WITHIN);
}

let events = 0;
const touch = (order: WorkflowHandle) =>
  order.signal(stripeEventSignal, { eventId: `evt_${events++}`, eventType: 'charge.updated' });

describe('a deployment of two versions', () => {
  it('ramps the new one up, takes open orders along, leaves pinned passes, and rolls back', async () => {
    await deploy(OLD);
    await setCurrentVersion(env.client, OLD);
    const order = await start('order-1');
    const pass = await env.client.workflow.start(SYNC_WORKFLOW, {
      workflowId: 'pass',
      taskQueue: TASK_QUEUE,
    });
    await expectCarriedBy(OLD, order);
    await expectCarriedBy(OLD, pass);
    const { versioningInfo } = (await pass.describe()).raw.workflowExecutionInfo ?? {};
    expect(versioningInfo?.behavior).toBe(VersioningBehavior.VERSIONING_BEHAVIOR_PINNED);

    await deploy(NEW);
    await setRampingVersion(env.client, NEW, 100);
    await expectCarriedBy(NEW, await start('order-2'));
    await setRampingVersion(env.client, NEW, 0);
    expect(await routingOf(env.client, 'waybill')).toMatchObject({ current: OLD.buildId, ramping: null });
    await expectCarriedBy(OLD, await start('order-3'));

    await setCurrentVersion(env.client, NEW);
    await touch(order);
    await expectCarriedBy(NEW, order);
    await expectCarriedBy(NEW, await start('order-4'));
    await expectCarriedBy(OLD, pass);

    await setCurrentVersion(env.client, OLD);
    await touch(order);
    await expectCarriedBy(OLD, order);
    expect(await routingOf(env.client, 'waybill')).toEqual({
      current: OLD.buildId,
      ramping: null,
      buildIds: expect.arrayContaining([OLD.buildId, NEW.buildId]),
    });
  });
});

describe('a pass that stays with a release whose workers are gone', () => {
  const taskQueue = 'left-behind';
  const deploymentName = 'left-behind';
  const [left, next] = [OLD, NEW].map(({ buildId }) => ({ deploymentName, buildId })) as [
    typeof OLD,
    typeof NEW,
  ];

  /** How long something has waited in the queue for a worker of any release. */
  async function waitsOfAny(): Promise<number> {
    const { stats } = await env.client.workflowService.describeTaskQueue({
      namespace: env.client.options.namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: 1,
      reportStats: true,
    });
    return msOf(stats?.approximateBacklogAge);
  }

  const backlogMs = async () => {
    const workers = new Workers({ temporal: env.client, taskQueue, logger: pino({ level: 'silent' }) });
    return (await workers.seen()).backlogMs;
  };

  it('does not count as work that waits, and what new work waits for does', async () => {
    const stopLeft = await deploy(left, taskQueue);
    await setCurrentVersion(env.client, left);
    const pass = await env.client.workflow.start(SYNC_WORKFLOW, { workflowId: 'left-behind', taskQueue });
    await expectCarriedBy(left, pass);
    const stopNext = await deploy(next, taskQueue);
    await setCurrentVersion(env.client, next);
    await stopLeft();
    await touch(pass);
    await vi.waitFor(async () => expect(await waitsOfAny()).toBeGreaterThan(0), WITHIN);
    expect(await backlogMs()).toBe(0);

    await stopNext();
    await start('waits', taskQueue);
    await vi.waitFor(async () => expect(await backlogMs()).toBeGreaterThan(0), WITHIN);
  });
});

describe('a release whose workers poll and get no work', () => {
  const taskQueue = 'waits-for-its-turn';
  const [first, next] = [OLD, NEW].map((version) => ({ ...version, deploymentName: taskQueue })) as [
    typeof OLD,
    typeof NEW,
  ];
  const at = {
    get temporal() {
      return env.client;
    },
    taskQueue,
    events: EVENTS,
  };

  it('is no worker for the API, and has no more than a tenth of what may go to Stripe', async () => {
    const seen = async () => (await new Workers({ ...at, logger: pino({ level: 'silent' }) }).seen()).workers;
    const checked = () => temporalChecks(at)['Worker versions']?.();
    const shares = () =>
      Promise.all([first, next].map(async (version) => (await shareOf({ ...at, version })).share));

    await deploy(first, taskQueue);
    await vi.waitFor(async () => expect((await checked())?.[1]).toContain(first.buildId), WITHIN);
    expect(await seen()).toBe('none');
    expect(await checked()).toEqual(['wrong', expect.stringContaining('none of them gets work')]);

    await setCurrentVersion(env.client, first);
    await vi.waitFor(async () => expect(await seen()).toBe('polling'), WITHIN);
    expect(await checked()).toEqual(['ok', expect.any(String)]);
    await deploy(next, taskQueue);
    expect(await shares()).toEqual([1, 0.1]);

    await setRampingVersion(env.client, next, 25);
    await vi.waitFor(async () => expect(await shares()).toEqual([0.75, 0.25]), WITHIN);
    await setCurrentVersion(env.client, next);
    await vi.waitFor(async () => expect(await shares()).toEqual([0.1, 1]), WITHIN);
    await setCurrentVersion(env.client, first);
    await vi.waitFor(async () => expect(await shares()).toEqual([1, 0.1]), WITHIN);
  });

  it('changes no schedule before its time; after a rollback they are as the release before has them', async () => {
    const log = pino({ level: 'silent' });
    const keep = (version: typeof OLD, syncEveryMs: number) => {
      const reconcile = { everyMs: 3_600_000, lookBackMs: 86_400_000 };
      return keepSchedules({ ...at, version, syncEveryMs, reconcile, log, lookEveryMs: 300 });
    };
    const every = async () => {
      const { spec } = await env.client.schedule.getHandle(SYNC_SCHEDULE_ID).describe();
      return spec.intervals?.[0]?.every;
    };
    // Nobody has made them yet.
    const ends = [await keep(next, 7_200_000)];
    expect(await every()).toBe(7_200_000);
    ends.push(await keep(first, 3_600_000));
    expect(await every()).toBe(3_600_000);
    // Another worker of it is started.
    (await keep(next, 7_200_000))();
    expect(await every()).toBe(3_600_000);

    await setCurrentVersion(env.client, next);
    await vi.waitFor(async () => expect(await every()).toBe(7_200_000), WITHIN);
    // One of the release before is started anew.
    (await keep(first, 3_600_000))();
    expect(await every()).toBe(7_200_000);
    await setCurrentVersion(env.client, first);
    await vi.waitFor(async () => expect(await every()).toBe(3_600_000), WITHIN);
    for (const end of ends) end();
  });
});
