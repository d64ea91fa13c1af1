import type { Observation, ObservationRequest } from '../domain/observation.ts';
import type {
  AuthorizeOperation,
  CancelOperation,
  CaptureOperation,
  ConfirmOperation,
  OperationOutcome,
  RefundOperation,
  StripeOperation,
  TransferOperation,
} from '../domain/operations.ts';
import type { ActivityDeps } from './deps.ts';
import { observePayment } from './observe.ts';
import { authorizeHandlers, cancelHandlers, captureHandlers, confirmHandlers } from './payments.ts';
import { refundHandlers } from './refunds.ts';
import type { Handlers } from './run-once.ts';
import { nullIfRefused, retryableRead, runOnce } from './run-once.ts';
import { transferHandlers } from './transfers.ts';

export type Activities = ReturnType<typeof createActivities>;

/**
 * Everything that workflows may ask of Stripe. Each mutating activity takes effect at most once however often it
 * runs, and throws only ApplicationFailures of type `StripeRetryable` or `StripeNeedsAttention`.
 */
export function createActivities(deps: ActivityDeps) {
  const run = (operation: StripeOperation): Promise<OperationOutcome> =>
    runOnce(operation, deps.now(), handlersOf(deps, operation));
  return {
    authorizePayment: (operation: AuthorizeOperation) => run(operation),
    confirmPayment: (operation: ConfirmOperation) => run(operation),
    capturePayment: (operation: CaptureOperation) => run(operation),
    cancelPayment: (operation: CancelOperation) => run(operation),
    createRefund: (operation: RefundOperation) => run(operation),
    createTransfer: (operation: TransferOperation) => run(operation),

    /** The payment as Stripe knows it now, with what others did to it. */
    observePayment: (request: ObservationRequest): Promise<Observation> =>
      retryableRead(() => observePayment(deps, request)),

    /** Looks whether an operation took effect, without its idempotency key; null: it did not. */
    findEffect: (operation: StripeOperation): Promise<OperationOutcome | null> =>
      retryableRead(handlersOf(deps, operation).findEffect),

    /** Looks whether the object that an operator names is this operation's effect; null: it is not. */
    verifyEffect: (operation: StripeOperation, stripeId: string): Promise<OperationOutcome | null> =>
      retryableRead(() => nullIfRefused(() => handlersOf(deps, operation).verify(stripeId))),
  };
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
  }
}
