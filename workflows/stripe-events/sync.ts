import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { EventActivities } from '../../activities/stripe-events/events.ts';
import type { Rounds } from '../../contract/stripe-events.ts';
import type { FeedCursor } from '../../domain/stripe-events/event-lists.ts';
import { HEARTBEAT_WITHIN } from '../entity/perform.ts';
import type { Versioned } from '../shared/snapshots.ts';
import { carry, upgrade } from '../shared/snapshots.ts';
import { inRounds, ONE_ROUND } from './rounds.ts';

/** Of 100 events of each list. The next round feeds the rest. */
const PAGES_MAX = 100;

const { feedEvents } = proxyActivities<EventActivities>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: HEARTBEAT_WITHIN,
  scheduleToCloseTimeout: '10 minutes',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
  summary: 'feed missed events',
});

/**
 * Feeds the events that webhooks may have missed, oldest first. A schedule starts it. Its result is the cursor, which
 * Temporal hands to the schedule's next run; a failed run leaves the last cursor in place.
 */
export async function sync(rounds: Rounds = ONE_ROUND): Promise<Versioned<FeedCursor> | null> {
  const left = workflowInfo().lastResult as Versioned<FeedCursor> | null | undefined;
  let cursor: FeedCursor | null = left ? upgrade('sync', left) : null;
  await inRounds(rounds, async () => {
    cursor = await feedFrom(cursor);
  });
  return cursor && carry('sync', cursor);
}

async function feedFrom(last: FeedCursor | null): Promise<FeedCursor | null> {
  let cursor = last;
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    const fed = await feedEvents({ cursor, isNewRound: pages === 0 });
    cursor = fed.cursor;
    if (!fed.hasMore) break;
  }
  return cursor;
}
