import type { Client } from '@temporalio/client';
import type Stripe from 'stripe';
import type { DayLimits } from '../../domain/limits/day-limits.ts';
import type { Progress } from './progress.ts';

/** What activities need of the outside world. */
export interface ActivityDeps {
  readonly stripe: Stripe;
  /** The platform's OAuth client; null where Standard accounts are not connected. */
  readonly clientId: string | null;
  /** To signal open orders what happened to their account, and to count what moves money out. */
  readonly temporal: Client;
  readonly taskQueue: string;
  /** What each connected account may move in a day. */
  readonly accountLimits: DayLimits;
  /** Whether Stripe is asked for what an earlier request created, before anything is created. */
  readonly lookBeforeCreate: boolean;
  /** Of the attempt that runs. */
  readonly progress: Progress;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
