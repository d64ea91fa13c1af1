import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { ConnectedActivities } from '../../../activities/stripe-events/connected.ts';
import type { EventActivities } from '../../../activities/stripe-events/events.ts';
import type { Rounds } from '../../../contract/stripe-events.ts';
import { SYNC_ACCOUNTS_WORKFLOW, SYNC_WORKFLOW } from '../../../contract/stripe-events.ts';
import type { EventCursor } from '../../../domain/stripe-events/event-cursor.ts';
import { quietRuntime } from '../../support/runtime.ts';
import { startTestServer } from '../../support/temporal.ts';
import { WITHIN } from '../../support/within.ts';
import { workflowBundle } from '../../support/workflow-bundle.ts';

quietRuntime();

const HOUR_MS = 3_600_000;
const NOTHING = { accounts: 0, requested: 0, followed: 0, unreadable: 0 };

let env: TestWorkflowEnvironment;
let worker: Worker;
let running: Promise<void>;
/** Where each call of the feed began, and the name of each comparison. */
let feeds: (EventCursor | null)[];
let passes: string[];
/** What the feed remembers. */
let seen: EventCursor['seen'];
beforeAll(async () => {
  env = await startTestServer();
  const activities: Pick<EventActivities, 'feedEvents'> & Pick<ConnectedActivities, 'compareAccounts'> = {
    feedEvents: async ({ cursor }) => {
      feeds.push(cursor);
      return { cursor: { after: `evt_${feeds.length}`, seen }, hasMore: false, newest: null };
    },
    compareAccounts: async (pass) => {
      passes.push(pass);
      return NOTHING;
    },
  };
  worker = await Worker.create({
    connection: env.nativeConnection,
    namespace: env.namespace ?? 'default',
    taskQueue: 'rounds',
    workflowBundle: await workflowBundle(),
    activities,
  });
  running = worker.run();
});
beforeEach(() => {
  feeds = [];
  passes = [];
  seen = [];
});
afterAll(async () => {
  worker?.shutdown();
  await running;
  await env?.teardown();
});

function start(type: string, workflowId: string, ...args: Rounds[]) {
  return env.client.workflow.start(type, { workflowId, taskQueue: 'rounds', args });
}

it('the feed continues in each round where the last ended, and its result is the last cursor', async () => {
  const handle = await start(SYNC_WORKFLOW, 'three', { everyMs: 50, count: 3 });
  expect(await handle.result()).toMatchObject({ after: 'evt_3' });
  expect(feeds.map((cursor) => cursor?.after)).toEqual([undefined, 'evt_1', 'evt_2']);
});

it('a run ends early once its history is long, since Temporal ends one that grows too long, and the feed begins anew', async () => {
  const handle = await start(SYNC_WORKFLOW, 'long', { everyMs: 50, count: 40 });
  seen = [{ id: `evt_${'x'.repeat(500_000)}`, created: 0 }];
  const { after } = await handle.result();
  expect(after).toBe(`evt_${feeds.length}`);
  expect(feeds.length).toBeLessThan(10);
});

it('a feed that is canceled between two rounds keeps what it has read', async () => {
  const handle = await start(SYNC_WORKFLOW, 'canceled', { everyMs: HOUR_MS, count: 3 });
  await vi.waitFor(async () => {
    const { events } = await handle.fetchHistory();
    expect(events?.some((event) => event.timerStartedEventAttributes)).toBe(true);
  }, WITHIN);
  await handle.cancel();
  expect(await handle.result()).toMatchObject({ after: 'evt_1' });
});

it('a comparison has a new name in each round, so that each may ask a workflow to read again', async () => {
  await (await start(SYNC_ACCOUNTS_WORKFLOW, 'accounts', { everyMs: 50, count: 2 })).result();
  expect(new Set(passes).size).toBe(2);
});

it('a run started by hand makes one round', async () => {
  await (await start(SYNC_ACCOUNTS_WORKFLOW, 'by-hand')).result();
  expect(passes).toHaveLength(1);
});
