import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { ConnectedActivities } from '../../activities/stripe-events/connected.ts';
import type { Compared, ComparedAccounts } from '../../activities/stripe-events/pass.ts';
import type { Resumed } from '../../activities/stripe-events/resume.ts';
import type { Rounds } from '../../contract/stripe-events.ts';
import { HEARTBEAT_WITHIN } from '../entity/perform.ts';
import { inRounds, ONE_ROUND } from './rounds.ts';

/** Enough for a pass over very many accounts; rounds that it overlaps are skipped. */
const PASS_MAX = '1 hour';

function activities(summary: string) {
  return proxyActivities<ConnectedActivities>({
    startToCloseTimeout: PASS_MAX,
    scheduleToCloseTimeout: PASS_MAX,
    heartbeatTimeout: HEARTBEAT_WITHIN,
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
    summary,
  });
}
const { compareAccounts } = activities('compare accounts with Stripe');
const { comparePayouts } = activities('compare payouts with Stripe');
const { resumeAwaiting } = activities('resume what waits for Stripe');

/**
 * Finds what Connect webhooks may have missed: accounts that differ from Stripe are signaled to read. A schedule
 * starts it. It compares states, so it remembers nothing between rounds.
 */
export function syncAccounts(rounds: Rounds = ONE_ROUND): Promise<ComparedAccounts> {
  return inRounds(rounds, (round) => compareAccounts(passOf(round)));
}

/** The same for payouts that are on their way, or paid and watched. */
export function syncPayouts(rounds: Rounds = ONE_ROUND): Promise<Compared> {
  return inRounds(rounds, (round) => comparePayouts(passOf(round)));
}

/** Resumes what an outage of Stripe stopped, once Stripe answers again. A schedule starts it. */
export function resume(rounds: Rounds = ONE_ROUND): Promise<Resumed> {
  return inRounds(rounds, () => resumeAwaiting());
}

function passOf(round: number): string {
  return `${workflowInfo().runId}/${round}`;
}
