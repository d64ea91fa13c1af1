import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { ConnectedActivities } from '../../../activities/stripe-events/connected.ts';
import type { EventActivities } from '../../../activities/stripe-events/events.ts';
import type { FeedRequest } from '../../../activities/stripe-events/feed-events.ts';
import type { Rounds } from '../../../contract/stripe-events.ts';
import { SYNC_ACCOUNTS_WORKFLOW, SYNC_WORKFLOW } from '../../../contract/stripe-events.ts';
import type { EventCursor } from '../../../domain/stripe-events/event-cursor.ts';
import type { FeedCursor } from '../../../domain/stripe-events/event-lists.ts';
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
/** Each call of the feed, and the name of each comparison. */
let feeds: FeedRequest[];
let passes: string[];
/** What the feed remembers. */
let seen: EventCursor['seen'];
/** How many pages of its list are left. */
let pagesLeft: number;
beforeAll(async () => {
  env = await startTestServer();
  const activities: Pick<EventActivities, 'feedEvents'> & Pick<ConnectedActivities, 'compareAccounts'> = {
    feedEvents: async (request) => {
      feeds.push(request);
      const after = `evt_${feeds.length}`;
      const hasMore = pagesLeft-- > 1;
      const list = { types: ['charge.updated'], readAt: null, next: hasMore ? after : null };
      return { cursor: { lists: [{ ...list, cursor: { after, seen } }] }, hasMore };
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
  pagesLeft = 0;
});
afterAll(async () => {
  worker?.shutdown();
  await running;
  await env?.teardown();
});

function start(type: string, workflowId: string, ...args: Rounds[]) {
  return env.client.workflow.start(type, { workflowId, taskQueue: 'rounds', args });
}

/** Behind which event its one list is read on. */
function afterOf(cursor: FeedCursor | null): string | undefined {
  return cursor?.lists[0]?.cursor?.after;
}

it('the feed continues in each round where the last ended, and its result is the last cursor', async () => {
  const handle = await start(SYNC_WORKFLOW, 'three', { everyMs: 50, count: 3 });
  expect(afterOf(await handle.result())).toBe('evt_3');
  expect(feeds.map(({ cursor }) => afterOf(cursor))).toEqual([undefined, 'evt_1', 'evt_2']);
});

it('a round of the feed ends once each list is read to its end', async () => {
  pagesLeft = 3;
  await (await start(SYNC_WORKFLOW, 'pages', { everyMs: 50, count: 2 })).result();
  expect(feeds.map(({ isNewRound }) => isNewRound)).toEqual([true, false, false, true]);
  expect(feeds.map(({ cursor }) => cursor?.lists[0]?.next)).toEqual([undefined, 'evt_1', 'evt_2', null]);
});

it('a run ends early once its history is long, since Temporal ends one that grows too long, and the feed begins anew', async () => {
  const handle = await start(SYNC_WORKFLOW, 'long', { everyMs: 50, count: 40 });
  seen = [{ id: `evt_${'x'.repeat(500_000)}`, created: 0 }];
  expect(afterOf(await handle.result())).toBe(`evt_${feeds.length}`);
  expect(feeds.length).toBeLessThan(10);
});

it('a feed that is canceled between two rounds keeps what it has read', async () => {
  const handle = await start(SYNC_WORKFLOW, 'canceled', { everyMs: HOUR_MS, count: 3 });
  await vi.waitFor(async () => {
    const { events } = await handle.fetchHistory();
    expect(events?.some((event) => event.timerStartedEventAttributes)).toBe(true);
  }, WITHIN);
  await handle.cancel();
  expect(afterOf(await handle.result())).toBe('evt_1');
});

it('a comparison has a new name in each round, so that each may ask a workflow to read again', async () => {
  await (await start(SYNC_ACCOUNTS_WORKFLOW, 'accounts', { everyMs: 50, count: 2 })).result();
  expect(new Set(passes).size).toBe(2);
});

it('a run started by hand makes one round', async () => {
  await (await start(SYNC_ACCOUNTS_WORKFLOW, 'by-hand')).result();
  expect(passes).toHaveLength(1);
});
