import { msOf } from './timestamp.ts';

/** An idle worker's poll lasts a minute; one that was not seen for longer is gone. */
const SEEN_WITHIN_MS = 90_000;
/** Of a worker that Temporal gives work by its release (`WORKER_VERSIONING_MODE_VERSIONED`). */
const VERSIONED = 2;

/** A release, as Temporal names it. */
export interface Release {
  readonly deploymentName?: string | null;
  readonly buildId?: string | null;
}

/** Whoever polls a task queue. */
interface Poller {
  readonly deploymentOptions?: (Release & { readonly workerVersioningMode?: number | null }) | null;
}

/** Which releases get what a task queue has; a release that is absent: workers that have none. Absent: those get everything. */
export interface QueueRouting {
  readonly currentDeploymentVersion?: Release | null;
  readonly rampingDeploymentVersion?: Release | null;
  readonly rampingVersionPercentage?: number | null;
}

/** Those of a task queue's pollers that are there still. */
export function seenLately<Seen extends { readonly lastAccessTime?: Parameters<typeof msOf>[0] }>(
  pollers: readonly Seen[],
): readonly Seen[] {
  const since = Date.now() - SEEN_WITHIN_MS;
  return pollers.filter(({ lastAccessTime }) => msOf(lastAccessTime) >= since);
}

/** Null: it has no release by which Temporal gives it work. */
export function releaseOf({ deploymentOptions }: Poller): Release | null {
  return deploymentOptions?.workerVersioningMode === VERSIONED ? deploymentOptions : null;
}

export function isSame(one: Release | null | undefined, other: Release | null | undefined): boolean {
  return (
    (one?.deploymentName ?? '') === (other?.deploymentName ?? '') &&
    (one?.buildId ?? '') === (other?.buildId ?? '')
  );
}

/** Whether any of them gets work: those of a release that is not routed to poll in vain. */
export function areGivenWork(pollers: readonly Poller[], routing: QueueRouting | null | undefined): boolean {
  return pollers.some((poller) => partOf(releaseOf(poller), routing) > 0);
}

/** Which part of new work, and of what moves on with a deploy, goes to the workers of a release, from 0 to 1. */
export function partOf(release: Release | null, routing: QueueRouting | null | undefined): number {
  const ramped = (routing?.rampingVersionPercentage ?? 0) / 100;
  const ofCurrent = isSame(release, routing?.currentDeploymentVersion) ? 1 - ramped : 0;
  return isSame(release, routing?.rampingDeploymentVersion) ? ofCurrent + ramped : ofCurrent;
}
