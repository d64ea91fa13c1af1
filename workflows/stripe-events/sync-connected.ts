import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { ConnectedActivities } from '../../activities/stripe-events/connected.ts';
import type { Compared, ComparedAccounts } from '../../activities/stripe-events/pass.ts';
import type { Rounds } from '../../contract/stripe-events.ts';
import { HEARTBEAT_WITHIN } from '../entity/perform.ts';
import { inRounds, ONE_ROUND } from './rounds.ts';

/** A pass over more accounts than anybody has; who has many waits for it, and skips rounds meanwhile. */
const PASS_MAX = '1 hour';

const { compareAccounts, comparePayouts } = proxyActivities<ConnectedActivities>({
  startToCloseTimeout: PASS_MAX,
  scheduleToCloseTimeout: PASS_MAX,
  heartbeatTimeout: HEARTBEAT_WITHIN,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

/**
 * Finds what Connect webhooks may have missed about accounts: those that differ from Stripe are signaled to read. A
 * schedule starts it. It compares states, so that nothing has to be remembered from one round to the next.
 */
export function syncAccounts(rounds: Rounds = ONE_ROUND): Promise<ComparedAccounts> {
  return inRounds(rounds, (round) => compareAccounts(passOf(round)));
}

/** The same about payouts on their way, or paid and watched. */
export function syncPayouts(rounds: Rounds = ONE_ROUND): Promise<Compared> {
  return inRounds(rounds, (round) => comparePayouts(passOf(round)));
}

function passOf(round: number): string {
  return `${workflowInfo().runId}/${round}`;
}
