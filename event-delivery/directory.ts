import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { subscriptionsQuery } from '../contract/outgoing-events.ts';
import { EVENT_SUBSCRIPTIONS_WORKFLOW_ID } from '../domain/outgoing-events/event-ids.ts';
import type { EventSubscription } from '../domain/outgoing-events/event-subscription.ts';

/** Of what was read: an order or an event costs no question of its own. */
export const CACHE_TTL_MS = 1_000;
const ASK_WITHIN_MS = 2_000;

/** The subscriptions, as the workflow that keeps them knows them; none where there is no such workflow. */
export class SubscriptionDirectory {
  readonly #temporal: Client;
  #read: { readonly at: number; readonly list: Promise<readonly EventSubscription[]> } | null = null;

  #asking: Promise<readonly EventSubscription[]> = Promise.resolve([]);
  #next: Promise<readonly EventSubscription[]> | null = null;

  constructor(temporal: Client) {
    this.#temporal = temporal;
  }

  /** As of a moment ago. */
  list(): Promise<readonly EventSubscription[]> {
    const now = performance.now();
    if (this.#read && now - this.#read.at < CACHE_TTL_MS) return this.#read.list;
    const list = this.#ask();
    this.#read = { at: now, list };
    // A failure is not kept.
    list.catch(() => this.forget());
    return list;
  }

  /** As of now. One question at a time: all who come while one is open share the next. */
  fresh(): Promise<readonly EventSubscription[]> {
    this.#next ??= this.#asking
      .catch(() => {})
      .then(() => {
        this.#next = null;
        this.forget();
        this.#asking = this.list();
        return this.#asking;
      });
    return this.#next;
  }

  forget(): void {
    this.#read = null;
  }

  async #ask(): Promise<readonly EventSubscription[]> {
    const handle = this.#temporal.workflow.getHandle(EVENT_SUBSCRIPTIONS_WORKFLOW_ID);
    try {
      return await this.#temporal.connection.withDeadline(Date.now() + ASK_WITHIN_MS, () =>
        handle.query(subscriptionsQuery),
      );
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return [];
      throw error;
    }
  }
}

/** What the start of a workflow says of its subscribers. */
export async function announcementOf(
  directory: Pick<SubscriptionDirectory, 'list'>,
): Promise<{ readonly announced?: true }> {
  return (await directory.list()).length > 0 ? { announced: true } : {};
}
