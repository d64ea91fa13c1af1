import type { OperationName, OperationOf } from '../contract/operations.ts';
import {
  connectAccountHandlers,
  deauthorizeHandlers,
  rejectHandlers,
} from './accounts/account-connection.ts';
import { addExternalAccountHandlers, addPersonHandlers } from './accounts/account-parts.ts';
import { createAccountHandlers, updateAccountHandlers } from './accounts/accounts.ts';
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
} from './orders/payments.ts';
import { recoverHandlers } from './orders/recoveries.ts';
import { refundHandlers } from './orders/refunds.ts';
import { reverseTransferHandlers } from './orders/reverse-transfer.ts';
import { transferHandlers } from './orders/transfers.ts';
import { cancelPayoutHandlers, payoutHandlers } from './payouts/payouts.ts';
import type { ActivityDeps } from './shared/deps.ts';
import type { Handlers } from './shared/run-once.ts';

type Operations = {
  readonly [Name in OperationName]: (deps: ActivityDeps, operation: OperationOf<Name>) => Handlers;
};

/** How each operation is done at Stripe. Its name is also the type of its activity. */
export const OPERATIONS: Operations = {
  authorize: authorizeHandlers,
  confirm: confirmHandlers,
  capture: captureHandlers,
  increment: incrementHandlers,
  update_metadata: updateMetadataHandlers,
  cancel: cancelHandlers,
  reauthorize: reauthorizeHandlers,
  release: (deps, operation) => cancelHandlers(deps, { ...operation, reason: null }),
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

export function handlersOf<Name extends OperationName>(
  deps: ActivityDeps,
  name: Name,
  operation: OperationOf<Name>,
): Handlers {
  return OPERATIONS[name](deps, operation);
}
