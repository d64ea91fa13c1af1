import { AccountDirectory } from '../../stripe/account-directory.ts';
import { Admission } from '../http/admission.ts';
import type { ApiDeps } from '../http/deps.ts';
import { InFlight } from '../http/idempotency.ts';
import { RequestBudget } from '../http/request-budget.ts';
import { AccountIds } from './account-ids.ts';
import { Accounts } from './accounts.ts';
import { EndedOrders } from './ended-orders.ts';
import { EndedTransfers } from './ended-transfers.ts';
import { Events } from './events.ts';
import { Installation } from './installation.ts';
import { Orders } from './orders.ts';
import { Payouts } from './payouts.ts';
import { Reconciliation } from './reconciliation.ts';
import { Transfers } from './transfers.ts';
import { Visibility } from './visibility.ts';
import { Workers } from './workers.ts';

/** What the routes work with. */
export interface Backend extends ApiDeps {
  readonly orders: Orders;
  readonly transfers: Transfers;
  readonly accounts: Accounts;
  readonly accountIds: AccountIds;
  readonly directory: AccountDirectory;
  readonly reconciliation: Reconciliation;
  readonly installation: Installation;
  readonly payouts: Payouts;
  readonly visibility: Visibility;
  readonly outgoing: Events;
  readonly workers: Workers;
  readonly inFlight: InFlight;
  /** Whether there is room for one more command. */
  readonly admission: Admission;
  /** What is left to each API key of reads that Stripe is asked for. */
  readonly stripeReads: RequestBudget;
}

/** What starting and reading orders takes: the worker has it, too. */
export type OrderBackend = Pick<
  Backend,
  | ('temporal' | 'taskQueue' | 'stripe' | 'policy' | 'livemode' | 'events' | 'logger')
  | ('orders' | 'accounts' | 'accountIds' | 'directory' | 'visibility' | 'outgoing' | 'inFlight')
>;

export function createOrderBackend(
  deps: Pick<ApiDeps, 'temporal' | 'taskQueue' | 'stripe' | 'policy' | 'livemode' | 'events' | 'logger'>,
): OrderBackend {
  const outgoing = new Events(deps);
  const accounts = new Accounts(deps, outgoing);
  const directory = new AccountDirectory(deps.stripe);
  return {
    ...deps,
    outgoing,
    orders: new Orders(deps, new EndedOrders(deps, outgoing, directory), outgoing),
    accounts,
    accountIds: new AccountIds(accounts),
    directory,
    visibility: new Visibility(deps.temporal),
    inFlight: new InFlight(),
  };
}

export function createBackend(deps: ApiDeps): Backend {
  const workers = new Workers(deps);
  const shared = createOrderBackend(deps);
  const { outgoing } = shared;
  return {
    ...deps,
    ...shared,
    transfers: new Transfers(deps, new EndedTransfers(deps, outgoing), outgoing),
    reconciliation: new Reconciliation(deps.temporal),
    installation: new Installation(deps.temporal),
    payouts: new Payouts(deps, outgoing),
    workers,
    admission: new Admission({
      commandsMax: deps.limits.commandsMax,
      isBehind: () => workers.areBehind(),
      countShed: deps.metrics.countShed,
    }),
    stripeReads: new RequestBudget(deps.limits.stripeReadsPerKey, 'reads of what Stripe has to be asked for'),
  };
}
