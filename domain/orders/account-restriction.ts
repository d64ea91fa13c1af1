/** Why an order's account cannot take its money now. `since`: milliseconds since the epoch. */
export interface AccountRestriction {
  readonly detail: string;
  readonly since: number;
}
