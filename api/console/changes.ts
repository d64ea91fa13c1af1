import { createHash } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { orderWorkflowId } from '../../domain/ids.ts';
import { faultOf } from '../../temporal/faults.ts';
import { all, equals } from '../backend/visibility-filter.ts';
import { within } from '../backend/wait.ts';

/** What a page watches: the inbox, or one order. */
export type Topic = { readonly type: 'inbox' } | { readonly type: 'order'; readonly id: string };

const LOOK_EVERY_MS = 2_000;
const LOOK_WITHIN_MS = 5_000;
/** Enough to see that something changed. */
const ROWS_MAX = 500;

type Listener = () => void;

interface Watch {
  readonly listeners: Set<Listener>;
  readonly timer: NodeJS.Timeout;
}

/**
 * Notifies pages that what they show has changed. Nobody pushes from Temporal to the API, so it looks; all pages that watch the
 * same thing share one look, and where nobody watches nobody looks.
 */
export class Changes {
  readonly #temporal: Client;
  readonly #logger: Logger;
  readonly #watches = new Map<string, Watch>();

  constructor(temporal: Client, logger: Logger) {
    this.#temporal = temporal;
    this.#logger = logger;
  }

  /** Calls back after each change, until the returned function is called. */
  watch(topic: Topic, listener: Listener): () => void {
    const name = topic.type === 'order' ? `order ${topic.id}` : topic.type;
    const watch = this.#watches.get(name) ?? this.#begin(name, topic);
    watch.listeners.add(listener);
    return () => {
      watch.listeners.delete(listener);
      if (watch.listeners.size > 0) return;
      clearInterval(watch.timer);
      this.#watches.delete(name);
    };
  }

  #begin(name: string, topic: Topic): Watch {
    let last: string | null = null;
    const look = async () => {
      const now = await this.#fingerprint(topic);
      if (now === null || now === last) return;
      const isFirst = last === null;
      last = now;
      if (!isFirst) for (const listener of this.#watches.get(name)?.listeners ?? []) listener();
    };
    void look();
    const timer = setInterval(() => void look(), LOOK_EVERY_MS);
    timer.unref();
    const watch = { listeners: new Set<Listener>(), timer };
    this.#watches.set(name, watch);
    return watch;
  }

  /** Another one for another state; null: nobody can tell now. */
  async #fingerprint(topic: Topic): Promise<string | null> {
    try {
      return await within(this.#temporal, LOOK_WITHIN_MS, () =>
        topic.type === 'inbox' ? this.#ofInbox() : this.#ofOrder(topic.id),
      );
    } catch (error) {
      if (faultOf(error) === null) this.#logger.error({ err: error }, 'Looking for changes failed');
      return null;
    }
  }

  async #ofInbox(): Promise<string> {
    const hash = createHash('sha256');
    const query = all([equals('NeedsAttention', true), equals('ExecutionStatus', 'Running')]);
    let rows = 0;
    for await (const { workflowId, typedSearchAttributes } of this.#temporal.workflow.list({ query })) {
      const shown = typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]);
      hash.update(JSON.stringify([workflowId, shown.sort()]));
      rows += 1;
      if (rows >= ROWS_MAX) break;
    }
    return hash.digest('hex');
  }

  /** Whatever happens to a workflow makes its history longer, or its next attempt another. */
  async #ofOrder(id: string): Promise<string> {
    const { raw, runId, historyLength } = await this.#temporal.workflow
      .getHandle(orderWorkflowId(id))
      .describe();
    const attempts = (raw.pendingActivities ?? []).map(({ activityId, attempt }) => [activityId, attempt]);
    return JSON.stringify([runId, historyLength, attempts]);
  }
}
