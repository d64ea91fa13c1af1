import type Stripe from 'stripe';

/** What activities need of the outside world. */
export interface ActivityDeps {
  readonly stripe: Stripe;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
