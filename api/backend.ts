import type { ApiDeps } from './deps.ts';
import { InFlight } from './idempotency.ts';
import { Orders } from './temporal/orders.ts';
import { Transfers } from './temporal/transfers.ts';
import { Visibility } from './temporal/visibility.ts';

/** What the routes work with. */
export interface Backend extends ApiDeps {
  readonly orders: Orders;
  readonly transfers: Transfers;
  readonly visibility: Visibility;
  readonly inFlight: InFlight;
}

export function createBackend(deps: ApiDeps): Backend {
  return {
    ...deps,
    orders: new Orders(deps.temporal, deps.taskQueue),
    transfers: new Transfers(deps.temporal, deps.taskQueue),
    visibility: new Visibility(deps.temporal),
    inFlight: new InFlight(),
  };
}
