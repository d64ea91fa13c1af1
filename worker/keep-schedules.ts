import { setTimeout as sleep } from 'node:timers/promises';
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
/** The second time over a worker of the release before that was writing at that moment; workers without a release have none. */
const writesOf = (version: DeploymentVersion | null) => (version === null ? 1 : 2);

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
  let written = 0;
  const look = async (): Promise<void> => {
    const { versioningInfo } = await lookAt(keeping);
    if (partOf(version, versioningInfo) <= 0.5) {
      written = 0;
    } else if (written < writesOf(version)) {
      await ensureSchedules(temporal, keeping);
      written += 1;
    }
  };
  if (await areMissing(temporal)) await ensureSchedules(temporal, keeping);
  await look();
  let isEnded = false;
  const lookOn = async (): Promise<void> => {
    for (;;) {
      await sleep(lookEveryMs, undefined, { ref: false });
      if (isEnded) return;
      await look().catch((error) => log.warn({ err: error }, 'The schedules could not be looked at'));
    }
  };
  void lookOn();
  return () => {
    isEnded = true;
  };
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
