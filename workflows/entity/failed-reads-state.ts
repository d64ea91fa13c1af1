/** Readings of Stripe that are owed: how many have failed one after the other. `since`: milliseconds since the epoch. */
export interface FailedReads {
  readonly since: number;
  readonly count: number;
}
