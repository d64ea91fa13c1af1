import type { Client } from '@temporalio/client';
import type Stripe from 'stripe';
import { signalUnlessFull } from '../stripe-events/tell-order.ts';
import { compareAccounts } from './compare-accounts.ts';
import { comparePayouts } from './compare-payouts.ts';
import { Pace } from './pace.ts';

/** A tenth of what Stripe takes from a live platform: a pass over many accounts takes long, but nothing away from payments. */
const REQUESTS_PER_SECOND = 10;

export interface ConnectedDeps {
  readonly stripe: Stripe;
  readonly temporal: Client;
  /** Of the activity that runs: its worker shuts down. */
  readonly cancellation: () => AbortSignal;
}

/** One pass: what it may ask of Stripe, and how it has a workflow look there itself. */
export interface Pass {
  readonly stripe: Stripe;
  readonly temporal: Client;
  readonly pace: Pace;
  /** False: the workflow has ended, or takes no signals until its next run. */
  readonly tellToLook: (workflowId: string) => Promise<boolean>;
}

/** What a pass came to; for whoever looks at it in Temporal's UI. */
export interface Compared {
  readonly accounts: number;
  /** Workflows that were told to look. */
  readonly told: number;
  /** Accounts that Stripe did not show, though they are connected. */
  readonly unreadable: number;
}

export type ConnectedActivities = ReturnType<typeof createConnectedActivities>;

/**
 * Compares what happened on connected accounts with what their workflows show: the platform's list of events does not tell it. They only
 * read, and hint at a difference, so each may be repeated. `run`: names the pass, so that a repeat does not hint twice.
 */
export function createConnectedActivities({ stripe, temporal, cancellation }: ConnectedDeps) {
  const pass = (run: string): Pass => ({
    stripe,
    temporal,
    pace: new Pace(REQUESTS_PER_SECOND, cancellation()),
    tellToLook: (workflowId) =>
      signalUnlessFull(temporal, workflowId, { eventId: `heal:${run}`, eventType: 'difference_found' }),
  });
  return {
    /** All accounts: a request for each hundred, and one for each that seems to differ. */
    compareAccounts: (run: string): Promise<Compared> => compareAccounts(pass(run)),

    /** The payouts that are on their way, or paid and watched: a request for each account that has any. */
    comparePayouts: (run: string): Promise<Compared> => comparePayouts(pass(run)),
  };
}
