import type { Client } from '@temporalio/client';
import type Stripe from 'stripe';
import type { StripeFailure } from '../../domain/errors.ts';
import type { EvenPacer } from '../shared/even-pacer.ts';

/** One pass: what it may ask of Stripe, and how it has a workflow look there itself. */
export interface Pass {
  readonly stripe: Stripe;
  readonly temporal: Client;
  readonly pace: EvenPacer;
  /** False: the workflow has ended, or takes no signals until its next run. */
  readonly requestRefresh: (workflowId: string) => Promise<boolean>;
  /** Gives an account a workflow. False: it has or had one. */
  readonly follow: (account: string) => Promise<boolean>;
  /** Logs why Stripe did not show an account or its payouts; the next pass looks again. */
  readonly logUnreadable: (account: string, failure: StripeFailure) => void;
}

/** What a pass came to; for whoever looks at it in Temporal's UI. */
export interface Compared {
  readonly accounts: number;
  /** Workflows that were requested to look. */
  readonly requested: number;
  /** Accounts that Stripe did not show, though they are connected. */
  readonly unreadable: number;
}

export interface ComparedAccounts extends Compared {
  /** Accounts that got a workflow, since an open order names them. */
  readonly followed: number;
}
