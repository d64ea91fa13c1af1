import { AccountDirectory } from '../../stripe/account-directory.ts';
import type { ApiDeps } from '../http/deps.ts';
import { InFlight } from '../http/idempotency.ts';
import { RequestBudget } from '../http/request-budget.ts';
import { AccountIds } from './account-ids.ts';
import { Accounts } from './accounts.ts';
import { EndedOrders } from './ended-orders.ts';
import { EndedTransfers } from './ended-transfers.ts';
import { Events } from './events.ts';
import { Orders } from './orders.ts';
import { Payouts } from './payouts.ts';
import { Reconciliation } from './reconciliation.ts';
import { Transfers } from './transfers.ts';
import { Visibility } from './visibility.ts';

/** What the routes work with. */
export interface Backend extends ApiDeps {
  readonly orders: Orders;
  readonly transfers: Transfers;
  readonly accounts: Accounts;
  readonly accountIds: AccountIds;
  readonly directory: AccountDirectory;
  readonly reconciliation: Reconciliation;
  readonly payouts: Payouts;
  readonly visibility: Visibility;
  readonly outgoing: Events;
  readonly inFlight: InFlight;
  /** What is left to each API key of reads that Stripe is asked for. */
  readonly stripeReads: RequestBudget;
}

export function createBackend(deps: ApiDeps): Backend {
  const outgoing = new Events(deps);
  const accounts = new Accounts(deps.temporal, deps.taskQueue);
  const directory = new AccountDirectory(deps.stripe);
  return {
    ...deps,
    outgoing,
    orders: new Orders(deps, new EndedOrders(deps, outgoing, directory), outgoing),
    transfers: new Transfers(deps, new EndedTransfers(deps)),
    accounts,
    accountIds: new AccountIds(accounts),
    directory,
    reconciliation: new Reconciliation(deps.temporal),
    payouts: new Payouts(deps.temporal, deps.taskQueue),
    visibility: new Visibility(deps.temporal),
    inFlight: new InFlight(),
    stripeReads: new RequestBudget(deps.limits.stripeReadsPerKey, 'reads of what Stripe has to be asked for'),
  };
}
