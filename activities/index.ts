import type { BriefOutcome } from '../contract/brief-outcomes.ts';
import { briefOutcome } from '../contract/brief-outcomes.ts';
import type {
  NotClaimed,
  OperationName,
  OperationOf,
  OperationOutcome,
  StripeOperation,
} from '../contract/operations.ts';
import type { AccountFacts } from '../domain/accounts/account.ts';
import type { AccountNotice } from '../domain/orders/account-notice.ts';
import type { Observation, ObservationRequest } from '../domain/orders/observation.ts';
import type { TransferReversal } from '../domain/orders/present-transfer.ts';
import type { TransferFacts } from '../domain/orders/recovery-state.ts';
import type { AccountFunds, PayoutFacts } from '../domain/payouts/payout.ts';
import { nullIfRefused } from '../stripe/errors.ts';
import { observePayment } from '../stripe/observe.ts';
import { readReversals } from '../stripe/reversals.ts';
import {
  connectAccountHandlers,
  deauthorizeHandlers,
  readConnection,
  rejectHandlers,
} from './accounts/account-connection.ts';
import { addExternalAccountHandlers, addPersonHandlers } from './accounts/account-parts.ts';
import { createAccountHandlers, updateAccountHandlers } from './accounts/accounts.ts';
import { runWithinDayLimits } from './limits/within-day-limits.ts';
import { adoptHandlers } from './orders/adoption.ts';
import { acceptDisputeHandlers, submitEvidenceHandlers } from './orders/disputes.ts';
import { updateMetadataHandlers } from './orders/metadata.ts';
import {
  authorizeHandlers,
  cancelHandlers,
  captureHandlers,
  confirmHandlers,
  incrementHandlers,
  reauthorizeHandlers,
  releaseHandlers,
} from './orders/payments.ts';
import { readTransfer, recoverHandlers } from './orders/recoveries.ts';
import { refundHandlers } from './orders/refunds.ts';
import { reverseTransferHandlers } from './orders/reverse-transfer.ts';
import { signalOpenOrders } from './orders/signal-orders.ts';
import { transferHandlers } from './orders/transfers.ts';
import { readFunds } from './payouts/account-funds.ts';
import { cancelPayoutHandlers, payoutHandlers, readPayout } from './payouts/payouts.ts';
import { withoutRetriesOfBugs } from './shared/bugs.ts';
import type { ActivityDeps } from './shared/deps.ts';
import type { Handlers } from './shared/run-once.ts';
import { retryableRead } from './shared/run-once.ts';

type Operations = {
  readonly [Name in OperationName]: (deps: ActivityDeps, operation: OperationOf<Name>) => Handlers;
};

/** How each operation is done at Stripe. Its name is also the type of its activity. */
const OPERATIONS: Operations = {
  authorize: authorizeHandlers,
  confirm: confirmHandlers,
  capture: captureHandlers,
  increment: incrementHandlers,
  update_metadata: updateMetadataHandlers,
  cancel: cancelHandlers,
  reauthorize: reauthorizeHandlers,
  release: releaseHandlers,
  adopt: adoptHandlers,
  refund: refundHandlers,
  transfer: transferHandlers,
  reverse_transfer: reverseTransferHandlers,
  recover: recoverHandlers,
  submit_evidence: submitEvidenceHandlers,
  accept_dispute: acceptDisputeHandlers,
  payout: payoutHandlers,
  cancel_payout: cancelPayoutHandlers,
  create_account: createAccountHandlers,
  connect_account: connectAccountHandlers,
  update_account: updateAccountHandlers,
  add_person: addPersonHandlers,
  add_external_account: addExternalAccountHandlers,
  reject_account: rejectHandlers,
  deauthorize_account: deauthorizeHandlers,
};

/** One activity per operation, under its name. */
export type OperationActivities = {
  readonly [Name in OperationName]: (operation: OperationOf<Name>) => Promise<BriefOutcome>;
};

export type Activities = ReturnType<typeof createActivities>;

/**
 * Everything that workflows may ask of Stripe. Each mutating activity takes effect at most once however often it
 * runs. Throws ApplicationFailures of type `StripeRetryable`, `StripeNeedsAttention` or `StripeKeyRefused`, and a bug under its own name.
 */
export function createActivities(deps: ActivityDeps) {
  return withoutRetriesOfBugs({
    ...operationActivities(deps),

    /** What is left of a transfer. */
    readTransfer: (transfer: string): Promise<TransferFacts> =>
      retryableRead(() => readTransfer(deps.stripe, transfer)),

    /** What was reversed of a transfer until now, whoever did it; newest first. */
    readReversals: (transfer: string): Promise<readonly TransferReversal[]> =>
      retryableRead(() => readReversals(deps.stripe, transfer)),

    /** The payment as Stripe knows it now, with what others did to it. */
    observePayment: (request: ObservationRequest): Promise<Observation> =>
      retryableRead(() => observePayment(deps, request)),

    /** The account as Stripe shows it now; null: the platform no longer has access to it. */
    readAccount: (account: string): Promise<AccountFacts | null> =>
      retryableRead(() => readConnection(deps.stripe, account)),

    /** Signals every order that waits for its capture what its account can take now. */
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

    /**
     * Looks whether the object that an operator names is this operation's effect, and makes one that somebody made by hand no other's;
     * null: it is not.
     */
    verifyEffect: async (
      operation: StripeOperation,
      stripeId: string,
    ): Promise<BriefOutcome | NotClaimed | null> => {
      const found = await retryableRead(() =>
        nullIfRefused(() => verify(operation, stripeId, handlersOf(deps, operation.operation, operation))),
      );
      return found?.type === 'not_claimed' ? found : found && briefOutcome(found);
    },
  });
}

function operationActivities(deps: ActivityDeps): OperationActivities {
  const run = async (operation: StripeOperation): Promise<BriefOutcome> => {
    const handlers = lookingFirst(deps, handlersOf(deps, operation.operation, operation));
    return briefOutcome(await runWithinDayLimits(deps, operation, handlers));
  };
  return Object.fromEntries(Object.keys(OPERATIONS).map((name) => [name, run])) as OperationActivities;
}

/** What can be made by hand as well: its own effect is found by its metadata. */
const REPEATABLE: ReadonlySet<OperationName> = new Set([
  'refund',
  'transfer',
  'reverse_transfer',
  'recover',
  'payout',
]);

/** Its own effect comes first, whatever an operator names: what somebody made by hand is another one then. */
async function verify(
  { operation }: StripeOperation,
  stripeId: string,
  handlers: Handlers,
): Promise<OperationOutcome | NotClaimed | null> {
  const own = REPEATABLE.has(operation) ? await handlers.findEffect() : null;
  return own ?? handlers.verify(stripeId);
}

async function effectOf(found: Promise<OperationOutcome | null>): Promise<BriefOutcome | null> {
  const outcome = await found;
  return outcome && briefOutcome(outcome);
}

function lookingFirst({ lookBeforeCreate }: ActivityDeps, { findCreated, ...handlers }: Handlers): Handlers {
  return lookBeforeCreate && findCreated ? { ...handlers, findCreated } : handlers;
}

function handlersOf<Name extends OperationName>(
  deps: ActivityDeps,
  name: Name,
  operation: OperationOf<Name>,
): Handlers {
  return OPERATIONS[name](deps, operation);
}
