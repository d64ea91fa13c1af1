import type { RejectReason } from '../domain/accounts/account-command-table.ts';
import type { AccountChanges, AccountTerms } from '../domain/accounts/account-terms.ts';
import type { CreationStamp, OperationStamp } from '../domain/commands/operation-stamp.ts';

/** One thing to be done at Stripe for a connected account. */
interface AccountOperationBase extends OperationStamp {
  readonly reference: string;
}

export interface CreateAccountOperation extends AccountOperationBase, CreationStamp {
  readonly operation: 'create_account';
  readonly terms: AccountTerms;
}
export interface ConnectAccountOperation extends AccountOperationBase {
  readonly operation: 'connect_account';
  /** The authorization code: works once, within minutes, and only together with the platform's secret key. */
  readonly code: string;
  /** Newest account of the platform before: if the answer is lost, the new one is looked for among those after it. */
  readonly newestBefore: string | null;
}
export interface UpdateAccountOperation extends AccountOperationBase {
  readonly operation: 'update_account';
  readonly account: string;
  readonly changes: AccountChanges;
}
export interface AddPersonOperation extends AccountOperationBase {
  readonly operation: 'add_person';
  readonly account: string;
  readonly token: string;
}
export interface AddExternalAccountOperation extends AccountOperationBase {
  readonly operation: 'add_external_account';
  readonly account: string;
  readonly token: string;
  readonly defaultForCurrency: boolean;
}
export interface RejectAccountOperation extends AccountOperationBase {
  readonly operation: 'reject_account';
  readonly account: string;
  readonly reason: RejectReason;
}
export interface DeauthorizeAccountOperation extends AccountOperationBase {
  readonly operation: 'deauthorize_account';
  readonly account: string;
}

export type AccountOperation =
  | CreateAccountOperation
  | ConnectAccountOperation
  | UpdateAccountOperation
  | AddPersonOperation
  | AddExternalAccountOperation
  | RejectAccountOperation
  | DeauthorizeAccountOperation;
