import { signalUnlessFull } from '../../stripe-events/signal-workflow.ts';
import { withoutRetriesOfBugs } from '../shared/bugs.ts';
import { EvenPacer } from '../shared/even-pacer.ts';
import { compareAccounts } from './compare-accounts.ts';
import { comparePayouts } from './compare-payouts.ts';
import type { FollowDeps } from './follow-account.ts';
import { followAccount } from './follow-account.ts';
import type { Compared, ComparedAccounts, Pass } from './pass.ts';
import type { Resumed } from './resume.ts';
import { resumeAwaiting } from './resume.ts';

/** A tenth of what Stripe accepts from a live platform: a run over many accounts is slow, but takes nothing away from payments. */
const REQUESTS_PER_SECOND = 10;
/** Each asks Stripe once or twice: less than the 100 that Stripe takes of a live platform. Where it takes fewer, the rate limiter holds back. */
const RESUMED_PER_SECOND = 40;

export interface ConnectedDeps extends FollowDeps {
  /** Of the activity that runs: its worker shuts down. */
  readonly cancellation: () => AbortSignal;
  readonly warn: (message: string, facts: Readonly<Record<string, unknown>>) => void;
}

export type ConnectedActivities = ReturnType<typeof createConnectedActivities>;

/**
 * Compares connected accounts with what their workflows show, since the platform's list of events leaves them out. Each only reads, and
 * signals a workflow that differs, so it may be repeated. `run`: names the pass, so that a repeat signals nobody twice.
 */
export function createConnectedActivities({ cancellation, warn, ...deps }: ConnectedDeps) {
  const { stripe, temporal } = deps;
  const pass = (run: string): Pass => ({
    stripe,
    temporal,
    pace: new EvenPacer(REQUESTS_PER_SECOND, cancellation()),
    requestRefresh: (workflowId) =>
      signalUnlessFull(temporal, workflowId, { eventId: `sync:${run}`, eventType: 'difference_found' }),
    follow: (account) => followAccount(deps, account),
    logUnreadable: (account, { code, message, stripeRequestId }) =>
      warn(`Stripe did not show the account ${account}: ${message}`, { account, code, stripeRequestId }),
  });
  return withoutRetriesOfBugs({
    /** All accounts: a request for each hundred, and one for each that seems to differ. */
    compareAccounts: (run: string): Promise<ComparedAccounts> => compareAccounts(pass(run)),

    /** The payouts that are on their way, or paid and watched: a request for each account that has any. */
    comparePayouts: (run: string): Promise<Compared> => comparePayouts(pass(run)),

    /** Resumes what waits for Stripe, if Stripe answers. */
    resumeAwaiting: (): Promise<Resumed> => {
      const signal = cancellation();
      return resumeAwaiting({ stripe, temporal, pace: new EvenPacer(RESUMED_PER_SECOND, signal), signal });
    },
  });
}
