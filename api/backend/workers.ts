import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { TtlCache } from '../../domain/ttl-cache.ts';
import { seenLately } from '../../temporal/pollers.ts';
import { msOf } from '../../temporal/timestamp.ts';
import { orElse } from '../http/or-else.ts';
import { within } from './wait.ts';

/** Whoever asks whether an API is ready has to wait longer. */
export const LOOK_WITHIN_MS = 1_500;
const WORKFLOW_QUEUE = 1;
/** However many ask, and whoever asks at this pace finds out soon. */
const CACHE = { ttlMs: 1_000, max: 1 };

/**
 * What was started may wait so long for a worker. More than the default of `Prefer: wait`, since whoever waits is bounded by
 * the places of api/http/admission.ts; and more than the 5 seconds for which the server keeps this figure, so that there is work left when
 * starts are admitted again.
 */
const BACKLOG_MAX_MS = 10_000;
/** An older look says nothing of now. */
const FRESH_MS = 5_000;

interface WorkersSeen {
  readonly temporal: 'reachable' | 'unreachable';
  readonly workers: 'polling' | 'none' | 'unknown';
  /** How long the oldest workflow task has waited for a worker. */
  readonly backlogMs: number;
}

const UNREACHABLE: WorkersSeen = { temporal: 'unreachable', workers: 'unknown', backlogMs: 0 };

/** Whether Temporal answers, and whether a worker asked it for work lately. */
export class Workers {
  readonly #deps: { readonly temporal: Client; readonly taskQueue: string; readonly logger: Logger };
  readonly #cached = new TtlCache<Promise<WorkersSeen>>(CACHE, Date.now);
  #backlog = { ms: 0, seenAt: 0 };

  constructor(deps: { readonly temporal: Client; readonly taskQueue: string; readonly logger: Logger }) {
    this.#deps = deps;
  }

  seen(): Promise<WorkersSeen> {
    const { taskQueue } = this.#deps;
    const known = this.#cached.get(taskQueue);
    if (known) return known;
    const seen = this.#look().then((looked) => {
      this.#backlog = { ms: looked.backlogMs, seenAt: performance.now() };
      return looked;
    });
    this.#cached.set(taskQueue, seen);
    return seen;
  }

  /** Temporal answers, and no worker polls. */
  async areGone(): Promise<boolean> {
    return (await this.seen()).workers === 'none';
  }

  /**
   * Whether so much waits for the workers that they should get nothing new, as last seen by whoever asked. It looks again meanwhile:
   * nobody waits for the look.
   */
  areBehind(): boolean {
    void this.seen();
    const { ms, seenAt } = this.#backlog;
    return ms > BACKLOG_MAX_MS && performance.now() - seenAt < FRESH_MS;
  }

  #look(): Promise<WorkersSeen> {
    const { temporal, taskQueue, logger } = this.#deps;
    return orElse(logger, 'Asking Temporal for its workers', UNREACHABLE, async () => {
      const { pollers, stats } = await within(temporal, LOOK_WITHIN_MS, () =>
        temporal.workflowService.describeTaskQueue({
          namespace: temporal.options.namespace,
          taskQueue: { name: taskQueue },
          taskQueueType: WORKFLOW_QUEUE,
          reportStats: true,
        }),
      );
      const age = stats?.approximateBacklogAge;
      return {
        temporal: 'reachable',
        workers: seenLately(pollers).length > 0 ? 'polling' : 'none',
        backlogMs: msOf(age),
      };
    });
  }
}
