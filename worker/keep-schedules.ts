import type { Client } from '@temporalio/client';
import { ScheduleNotFoundError } from '@temporalio/client';
import type { Logger } from 'pino';
import { SYNC_SCHEDULE_ID } from '../domain/ids.ts';
import { partOf } from '../temporal/pollers.ts';
import type { DeploymentVersion } from './deployment.ts';
import type { Queue } from './queue.ts';
import { lookAt } from './queue.ts';
import type { Scheduling } from './schedules.ts';
import { ensureSchedules } from './schedules.ts';

const LOOK_EVERY_MS = 10_000;

interface Keeping extends Queue, Scheduling {
  /** Null: this worker has no release by which Temporal gives it work. */
  readonly version: DeploymentVersion | null;
  readonly log: Logger;
  readonly lookEveryMs?: number;
}

/**
 * Has the schedules be as that release would have them which gets the work, from now on: the one that is started beside it changes nothing
 * before its time, and after a rollback they are again as the release before can read them. A namespace without any gets them at once.
 * Gives back what ends it.
 */
export async function keepSchedules({
  log,
  lookEveryMs = LOOK_EVERY_MS,
  ...keeping
}: Keeping): Promise<() => void> {
  const { temporal, version } = keeping;
  let areOurs = await areMissing(temporal);
  if (areOurs) await ensureSchedules(temporal, keeping);
  const look = async (): Promise<void> => {
    const { versioningInfo } = await lookAt(keeping);
    const getsMost = partOf(version, versioningInfo) > 0.5;
    if (getsMost && !areOurs) await ensureSchedules(temporal, keeping);
    areOurs = getsMost;
  };
  await look();
  const again = () =>
    look().catch((error) => log.warn({ err: error }, 'The schedules could not be looked at'));
  const timer = setInterval(again, lookEveryMs).unref();
  return () => clearInterval(timer);
}

async function areMissing(temporal: Client): Promise<boolean> {
  try {
    await temporal.schedule.getHandle(SYNC_SCHEDULE_ID).describe();
    return false;
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return true;
    throw error;
  }
}
