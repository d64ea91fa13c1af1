import type { Logger } from 'pino';
import type { CallsPerSecond } from '../stripe/stripe-pace.ts';
import { StripePace } from '../stripe/stripe-pace.ts';
import type { QueueRouting } from '../temporal/pollers.ts';
import { isSame, partOf, releaseOf, seenLately } from '../temporal/pollers.ts';
import type { DeploymentVersion } from './deployment.ts';
import type { Queue } from './queue.ts';
import { lookAt } from './queue.ts';

const LOOK_EVERY_MS = 5_000;
/** At least this part goes to the workers of a release: runs stay with theirs, and one that gets the work now learns of it seconds later. */
const PART_MIN = 0.1;

/** The client's identity is that of this process's workers. */
interface Sharing extends Queue {
  /** Null: it has no release by which Temporal gives it work. */
  readonly version: DeploymentVersion | null;
  /** What all workers together may send. */
  readonly callsPerSecond: CallsPerSecond;
  readonly log: Logger;
}

/**
 * The pace of a worker that keeps to its share of what all workers may send to Stripe, which it looks up every five seconds. Temporal's own
 * rate of a task queue would not do: it counts activities, and an order's quick first attempts (workflows/entity/perform.ts) never come to
 * the queue.
 */
export async function sharedPace(sharing: Sharing): Promise<StripePace> {
  const { inAll, perEndpoint } = sharing.callsPerSecond;
  const pace = new StripePace();
  if (inAll === Number.POSITIVE_INFINITY && perEndpoint === Number.POSITIVE_INFINITY) return pace;
  let known = 0;
  const look = async (): Promise<void> => {
    try {
      const { share, workers } = await shareOf(sharing);
      if (share === known) return;
      known = share;
      pace.limitTo({ inAll: inAll * share, perEndpoint: perEndpoint * share });
      sharing.log.info({ workers, share }, "sharing Stripe's limit");
    } catch (error) {
      sharing.log.warn({ err: error }, "The workers could not be counted: the share of Stripe's limit stays");
    }
  };
  pace.limitTo(sharing.callsPerSecond);
  await look();
  setInterval(look, LOOK_EVERY_MS).unref();
  return pace;
}

/**
 * This worker's part of the limit. The workers of a release have as much of it as they get of the work, and share it evenly: while two
 * releases poll, one of them may get nothing.
 */
export async function shareOf({
  version,
  ...queue
}: Pick<Sharing, 'temporal' | 'taskQueue' | 'version'>): Promise<{ share: number; workers: number }> {
  const { pollers, versioningInfo } = await lookAt(queue);
  const alike = seenLately(pollers).filter((poller) => isSame(releaseOf(poller), version));
  const workers = new Set([queue.temporal.options.identity, ...alike.map(({ identity }) => identity)]).size;
  return { share: portionOf(version, versioningInfo) / workers, workers };
}

function portionOf(version: DeploymentVersion | null, routing: QueueRouting | null | undefined): number {
  return Math.max(partOf(version, routing), PART_MIN);
}
