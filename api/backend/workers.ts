import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { TtlCache } from '../../domain/ttl-cache.ts';
import type { Release } from '../../temporal/pollers.ts';
import { areGivenWork, seenLately } from '../../temporal/pollers.ts';
import { msOf } from '../../temporal/timestamp.ts';
import { orElse } from '../http/or-else.ts';
import { within } from './wait.ts';

/** Whoever asks whether an API is ready has to wait longer. */
export const LOOK_WITHIN_MS = 1_500;
const WORKFLOW_QUEUE = 1;
/** The only mode in which Temporal says by release what waits. */
const BY_VERSION = 1;
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

/** Whether Temporal answers, and whether a worker asked it for work lately, of a release that gets any. */
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

  /** Temporal answers, and no worker polls that gets work. */
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
    return orElse(this.#deps.logger, 'Asking Temporal for its workers', UNREACHABLE, async () => {
      const { pollers, stats, versioningInfo } = await this.#describe({ taskQueueType: WORKFLOW_QUEUE });
      const { currentDeploymentVersion: current, rampingDeploymentVersion: ramping } = versioningInfo ?? {};
      const ofAllMs = msOf(stats?.approximateBacklogAge);
      return {
        temporal: 'reachable',
        workers: areGivenWork(seenLately(pollers), versioningInfo) ? 'polling' : 'none',
        backlogMs: ofAllMs > 0 ? await this.#backlogOf([current, ramping], ofAllMs) : 0,
      };
    });
  }

  /**
   * What waits for those who get new work. A pass that stays with a release whose workers are gone waits until somebody ends it, and
   * says nothing of the other workers. `ofAllMs`: that included, where Temporal does not tell them apart.
   */
  #backlogOf(routedTo: readonly (Release | null | undefined)[], ofAllMs: number): Promise<number> {
    return orElse(this.#deps.logger, 'Asking Temporal what waits by release', ofAllMs, async () => {
      const buildIds = routedTo.flatMap((to) => (to ? [`${to.deploymentName}:${to.buildId}`] : []));
      const { versionsInfo } = await this.#describe({
        apiMode: BY_VERSION,
        versions: { unversioned: true, buildIds },
        taskQueueTypes: [WORKFLOW_QUEUE],
      });
      const agesMs = Object.values(versionsInfo).map(({ typesInfo }) =>
        msOf(typesInfo?.[WORKFLOW_QUEUE]?.stats?.approximateBacklogAge),
      );
      return agesMs.length > 0 ? Math.max(...agesMs) : ofAllMs;
    });
  }

  #describe(what: Partial<Parameters<Client['workflowService']['describeTaskQueue']>[0]>) {
    const { temporal, taskQueue } = this.#deps;
    return within(temporal, LOOK_WITHIN_MS, () =>
      temporal.workflowService.describeTaskQueue({
        namespace: temporal.options.namespace,
        taskQueue: { name: taskQueue },
        reportStats: true,
        ...what,
      }),
    );
  }
}
