import type Stripe from 'stripe';
import { advance, unseen } from '../../domain/stripe-events/event-cursor.ts';
import type { FeedCursor, ListCursor } from '../../domain/stripe-events/event-lists.ts';
import { cursorsOf } from '../../domain/stripe-events/event-lists.ts';
import { eventRefOf } from '../../domain/stripe-events/stripe-events.ts';
import { classify } from '../../stripe/errors.ts';
import type { Destination } from '../../stripe-events/deliver.ts';
import { deliver } from '../../stripe-events/deliver.ts';
import { retryableRead } from '../shared/run-once.ts';

const PAGE_SIZE = 100;
/** A first look goes back so far: the feed begins up to half a minute after the first order, and a busy platform has more than a page by then. */
const LOOK_BACK_SECONDS = 10 * 60;
const LOOK_BACK_PAGES = 100;

interface FeedDeps extends Pick<Destination, 'temporal' | 'taskQueue'> {
  readonly stripe: Stripe;
  readonly now: () => number;
}

/** `isNewRound`: each list is read, else those that the round has not read to their end. */
export interface FeedRequest {
  readonly cursor: FeedCursor | null;
  readonly isNewRound: boolean;
}

export interface EventsFed {
  readonly cursor: FeedCursor;
  readonly hasMore: boolean;
}

export async function feedEvents(
  { stripe, now, ...destination }: FeedDeps,
  types: readonly string[],
  { cursor, isNewRound }: FeedRequest,
): Promise<EventsFed> {
  const to = { ...destination, seen: new Map() };
  const lists: ListCursor[] = [];
  for (const list of cursorsOf(cursor, types)) {
    if (isNewRound) lists.push(await feedPage(stripe, to, { ...list, next: null }, now()));
    else lists.push(list.next === null ? list : await feedPage(stripe, to, list, now()));
  }
  return { cursor: { lists }, hasMore: lists.some(({ next }) => next !== null) };
}

/** Feeds a list's next page. */
async function feedPage(stripe: Stripe, to: Destination, list: ListCursor, now: number): Promise<ListCursor> {
  const { types, cursor, readAt } = list;
  const behind = list.next ?? cursor?.after ?? null;
  const page = await retryableRead(() => nextPage(stripe, list, behind, now));
  const oldestFirst = page.data.toReversed();
  for (const event of unseen(cursor, oldestFirst)) {
    await deliver(to, eventRefOf(event));
  }
  return {
    types,
    cursor: advance(page.isBehind ? cursor : null, oldestFirst),
    readAt: page.hasNewer ? readAt : Math.floor(now / 1_000),
    next: page.hasNewer ? (oldestFirst.at(-1)?.id ?? behind) : null,
  };
}

/**
 * The events right behind one, newest first. Stripe gives them next to the event, so that reading on finds them all; without one, or once
 * Stripe has forgotten it (after 30 days, which is not long for what seldom happens), those since the list was last read to its end.
 */
async function nextPage(
  stripe: Stripe,
  { types, readAt }: ListCursor,
  behind: string | null,
  now: number,
): Promise<Page & { isBehind: boolean }> {
  const list = { types: [...types], limit: PAGE_SIZE };
  if (behind !== null) {
    try {
      const { data, has_more } = await stripe.events.list({ ...list, ending_before: behind });
      return { data, hasNewer: has_more, isBehind: true };
    } catch (error) {
      if (classify(error).failure.code !== 'resource_missing') throw error;
    }
  }
  const nowSeconds = now / 1_000;
  const since = Math.min(readAt ?? nowSeconds, nowSeconds) - LOOK_BACK_SECONDS;
  return { ...(await pageSince(stripe, list, since)), isBehind: false };
}

/** The oldest page of what has happened since. `since`: in seconds. */
async function pageSince(stripe: Stripe, list: Stripe.EventListParams, since: number): Promise<Page> {
  let page = await stripe.events.list(list);
  let hasNewer = false;
  for (let pages = 1; pages < LOOK_BACK_PAGES && page.has_more; pages++) {
    const oldest = page.data.at(-1);
    if (oldest === undefined || oldest.created < since) break;
    page = await stripe.events.list({ ...list, starting_after: oldest.id });
    hasNewer = true;
  }
  return { data: page.data, hasNewer };
}

/** Of Stripe's events, newest first. */
interface Page {
  readonly data: readonly Stripe.Event[];
  readonly hasNewer: boolean;
}
