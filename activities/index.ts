import type {
  AccountOperation,
  AddExternalAccountOperation,
  AddPersonOperation,
  ConnectAccountOperation,
  CreateAccountOperation,
  DeauthorizeAccountOperation,
  RejectAccountOperation,
  UpdateAccountOperation,
} from '../contract/account-operations.ts';
import type {
  AcceptDisputeOperation,
  AdoptOperation,
  AuthorizeOperation,
  CancelOperation,
  CaptureOperation,
  ConfirmOperation,
  IncrementOperation,
  OperationOutcome,
  ReauthorizeOperation,
  RecoverOperation,
  RefundOperation,
  ReleaseOperation,
  ReverseTransferOperation,
  StripeOperation,
  SubmitEvidenceOperation,
  TransferOperation,
} from '../contract/operations.ts';
import type {
  CancelPayoutOperation,
  CreatePayoutOperation,
  PayoutOperation,
} from '../contract/payout-operations.ts';
import type { AccountFacts } from '../domain/accounts/account.ts';
import type { AccountNotice } from '../domain/orders/account-notice.ts';
import type { Observation, ObservationRequest } from '../domain/orders/observation.ts';
import type { TransferFacts } from '../domain/orders/recovery-state.ts';
import type { AccountFunds, PayoutFacts } from '../domain/payouts/payout.ts';
import { nullIfRefused } from '../stripe/errors.ts';
import { observePayment } from '../stripe/observe.ts';
import {
  connectAccountHandlers,
  deauthorizeHandlers,
  readConnection,
  rejectHandlers,
} from './accounts/account-connection.ts';
import { addExternalAccountHandlers, addPersonHandlers } from './accounts/account-parts.ts';
import { createAccountHandlers, updateAccountHandlers } from './accounts/accounts.ts';
import { adoptHandlers } from './orders/adoption.ts';
import { acceptDisputeHandlers, submitEvidenceHandlers } from './orders/disputes.ts';
import {
  authorizeHandlers,
  cancelHandlers,
  captureHandlers,
  confirmHandlers,
  incrementHandlers,
  reauthorizeHandlers,
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
import { retryableRead, runOnce } from './shared/run-once.ts';

export type Activities = ReturnType<typeof createActivities>;

/**
 * Everything that workflows may ask of Stripe. Each mutating activity takes effect at most once however often it
 * runs. Throws ApplicationFailures of type `StripeRetryable` or `StripeNeedsAttention`, and a bug under its own name.
 */
export function createActivities(deps: ActivityDeps) {
  const run = (operation: StripeOperation): Promise<OperationOutcome> =>
    runOnce(operation, deps.now(), lookingFirst(deps, handlersOf(deps, operation)));
  return withoutRetriesOfBugs({
    authorizePayment: (operation: AuthorizeOperation) => run(operation),
    confirmPayment: (operation: ConfirmOperation) => run(operation),
    capturePayment: (operation: CaptureOperation) => run(operation),
    cancelPayment: (operation: CancelOperation) => run(operation),
    createRefund: (operation: RefundOperation) => run(operation),
    createTransfer: (operation: TransferOperation) => run(operation),
    reverseTransfer: (operation: ReverseTransferOperation) => run(operation),
    adoptPayment: (operation: AdoptOperation) => run(operation),
    createPayout: (operation: CreatePayoutOperation) => run(operation),
    cancelPayout: (operation: CancelPayoutOperation) => run(operation),
    incrementAuthorization: (operation: IncrementOperation) => run(operation),
    reauthorizePayment: (operation: ReauthorizeOperation) => run(operation),
    releasePayment: (operation: ReleaseOperation) => run(operation),
    recoverTransfer: (operation: RecoverOperation) => run(operation),
    submitEvidence: (operation: SubmitEvidenceOperation) => run(operation),
    acceptDispute: (operation: AcceptDisputeOperation) => run(operation),

    /** What is left of a transfer. */
    readTransfer: (transfer: string): Promise<TransferFacts> =>
      retryableRead(() => readTransfer(deps.stripe, transfer)),

    /** The payment as Stripe knows it now, with what others did to it. */
    observePayment: (request: ObservationRequest): Promise<Observation> =>
      retryableRead(() => observePayment(deps, request)),

    createAccount: (operation: CreateAccountOperation) => run(operation),
    connectAccount: (operation: ConnectAccountOperation) => run(operation),
    updateAccount: (operation: UpdateAccountOperation) => run(operation),
    addPerson: (operation: AddPersonOperation) => run(operation),
    addExternalAccount: (operation: AddExternalAccountOperation) => run(operation),
    rejectAccount: (operation: RejectAccountOperation) => run(operation),
    deauthorizeAccount: (operation: DeauthorizeAccountOperation) => run(operation),

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
    findEffect: (operation: StripeOperation): Promise<OperationOutcome | null> =>
      retryableRead(handlersOf(deps, operation).findEffect),

    /** Looks whether the object that an operator names is this operation's effect; null: it is not. */
    verifyEffect: (operation: StripeOperation, stripeId: string): Promise<OperationOutcome | null> =>
      retryableRead(() => nullIfRefused(() => handlersOf(deps, operation).verify(stripeId))),
  });
}

function lookingFirst({ lookBeforeCreate }: ActivityDeps, { findCreated, ...handlers }: Handlers): Handlers {
  return lookBeforeCreate && findCreated ? { ...handlers, findCreated } : handlers;
}

function handlersOf(deps: ActivityDeps, operation: StripeOperation): Handlers {
  switch (operation.operation) {
    case 'authorize':
      return authorizeHandlers(deps, operation);
    case 'confirm':
      return confirmHandlers(deps, operation);
    case 'capture':
      return captureHandlers(deps, operation);
    case 'cancel':
      return cancelHandlers(deps, operation);
    case 'refund':
      return refundHandlers(deps, operation);
    case 'transfer':
      return transferHandlers(deps, operation);
    case 'reverse_transfer':
      return reverseTransferHandlers(deps, operation);
    case 'adopt':
      return adoptHandlers(deps, operation);
    case 'payout':
    case 'cancel_payout':
      return payoutHandlersOf(deps, operation);
    case 'increment':
      return incrementHandlers(deps, operation);
    case 'reauthorize':
      return reauthorizeHandlers(deps, operation);
    case 'release':
      return cancelHandlers(deps, { ...operation, reason: null });
    case 'recover':
      return recoverHandlers(deps, operation);
    case 'submit_evidence':
      return submitEvidenceHandlers(deps, operation);
    case 'accept_dispute':
      return acceptDisputeHandlers(deps, operation);
    default:
      return accountHandlersOf(deps, operation);
  }
}

function accountHandlersOf(deps: ActivityDeps, operation: AccountOperation): Handlers {
  switch (operation.operation) {
    case 'create_account':
      return createAccountHandlers(deps, operation);
    case 'connect_account':
      return connectAccountHandlers(deps, operation);
    case 'update_account':
      return updateAccountHandlers(deps, operation);
    case 'add_person':
      return addPersonHandlers(deps, operation);
    case 'add_external_account':
      return addExternalAccountHandlers(deps, operation);
    case 'reject_account':
      return rejectHandlers(deps, operation);
    case 'deauthorize_account':
      return deauthorizeHandlers(deps, operation);
  }
}

function payoutHandlersOf(deps: ActivityDeps, operation: PayoutOperation): Handlers {
  return operation.operation === 'payout'
    ? payoutHandlers(deps, operation)
    : cancelPayoutHandlers(deps, operation);
}
