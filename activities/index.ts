import type { BriefOutcome } from '../contract/brief-outcomes.ts';
import { briefOutcome } from '../contract/brief-outcomes.ts';
import type {
  OperationName,
  OperationOf,
  OperationOutcome,
  StripeOperation,
} from '../contract/operations.ts';
import type { AccountFacts } from '../domain/accounts/account.ts';
import type { AccountNotice } from '../domain/orders/account-notice.ts';
import type { Observation, ObservationRequest } from '../domain/orders/observation.ts';
import type { TransferFacts } from '../domain/orders/recovery-state.ts';
import type { AccountFunds, PayoutFacts } from '../domain/payouts/payout.ts';
import { nullIfRefused } from '../stripe/errors.ts';
import { observePayment } from '../stripe/observe.ts';
import { readConnection } from './accounts/account-connection.ts';
import { runWithinDayLimits } from './limits/within-day-limits.ts';
import { handlersOf, OPERATIONS } from './operations.ts';
import { readTransfer } from './orders/recoveries.ts';
import { signalOpenOrders } from './orders/signal-orders.ts';
import { readFunds } from './payouts/account-funds.ts';
import { readPayout } from './payouts/payouts.ts';
import { withoutRetriesOfBugs } from './shared/bugs.ts';
import type { ActivityDeps } from './shared/deps.ts';
import type { Handlers } from './shared/run-once.ts';
import { retryableRead } from './shared/run-once.ts';

/** One activity per operation, under its name. */
export type OperationActivities = {
  readonly [Name in OperationName]: (operation: OperationOf<Name>) => Promise<BriefOutcome>;
};

export type Activities = ReturnType<typeof createActivities>;

/**
 * Everything that workflows may ask of Stripe. Each mutating activity takes effect at most once however often it
 * runs. Throws ApplicationFailures of type `StripeRetryable` or `StripeNeedsAttention`, and a bug under its own name.
 */
export function createActivities(deps: ActivityDeps) {
  return withoutRetriesOfBugs({
    ...operationActivities(deps),

    /** What is left of a transfer. */
    readTransfer: (transfer: string): Promise<TransferFacts> =>
      retryableRead(() => readTransfer(deps.stripe, transfer)),

    /** The payment as Stripe knows it now, with what others did to it. */
    observePayment: (request: ObservationRequest): Promise<Observation> =>
      retryableRead(() => observePayment(deps, request)),

    /** The account as Stripe shows it now; null: the platform no longer has access to it. */
    readAccount: (account: string): Promise<AccountFacts | null> =>
      retryableRead(() => readConnection(deps.stripe, account)),

    /** Tells every order that waits for its capture what its account can take now. */
    signalOrders: (notice: AccountNotice): Promise<void> => signalOpenOrders(deps, notice),

    /** The payout of a connected account as Stripe knows it now. */
    readPayout: (connectedAccount: string, payout: string): Promise<PayoutFacts> =>
      retryableRead(() => readPayout(deps, connectedAccount, payout)),

    /** What a connected account has of one currency, and what is pending. */
    readFunds: (connectedAccount: string, currency: string): Promise<AccountFunds> =>
      retryableRead(() => readFunds(deps.stripe, connectedAccount, currency)),

    /** Looks whether an operation took effect, without its idempotency key; null: it did not. */
    findEffect: (operation: StripeOperation): Promise<BriefOutcome | null> =>
      effectOf(retryableRead(handlersOf(deps, operation.operation, operation).findEffect)),

    /** Looks whether the object that an operator names is this operation's effect; null: it is not. */
    verifyEffect: (operation: StripeOperation, stripeId: string): Promise<BriefOutcome | null> =>
      effectOf(
        retryableRead(() =>
          nullIfRefused(() => handlersOf(deps, operation.operation, operation).verify(stripeId)),
        ),
      ),
  });
}

function operationActivities(deps: ActivityDeps): OperationActivities {
  const run = async (operation: StripeOperation): Promise<BriefOutcome> => {
    const handlers = lookingFirst(deps, handlersOf(deps, operation.operation, operation));
    return briefOutcome(await runWithinDayLimits(deps, operation, handlers));
  };
  return Object.fromEntries(Object.keys(OPERATIONS).map((name) => [name, run])) as OperationActivities;
}

async function effectOf(found: Promise<OperationOutcome | null>): Promise<BriefOutcome | null> {
  const outcome = await found;
  return outcome && briefOutcome(outcome);
}

function lookingFirst({ lookBeforeCreate }: ActivityDeps, { findCreated, ...handlers }: Handlers): Handlers {
  return lookBeforeCreate && findCreated ? { ...handlers, findCreated } : handlers;
}
