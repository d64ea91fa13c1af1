import { defineQuery } from '@temporalio/workflow';
import type { Account } from '../domain/accounts/account.ts';
import type { AccountTerms } from '../domain/accounts/account-terms.ts';
import type { CommandEnvelope } from '../domain/commands/command.ts';
import type { Usual } from './brief.ts';
import { beginningUpdate } from './command-messages.ts';
import type { OrderPolicy } from './orders.ts';

export const ACCOUNT_WORKFLOW = 'account';

/** Argument of the `account` workflow. Identity data and bank numbers are tokens here. */
export interface AccountInput {
  readonly reference: string;
  readonly livemode: boolean;
  readonly policy: Pick<OrderPolicy, 'retryBudgetMs'>;
  readonly origin: AccountOrigin;
  /** The command that it begins with. */
  readonly begin: CommandEnvelope;
  /** It may have had a workflow before, which told its open orders that it takes no money; absent: it had none. */
  readonly mayBeKnown?: true;
  /** There is a subscriber; absent: not yet. */
  readonly announced?: true;
}

/** How an account came to be one of the platform's. */
export type AccountOrigin =
  | { readonly kind: 'create'; readonly terms: AccountTerms }
  /** Its owner let the platform connect it. */
  | { readonly kind: 'connect'; readonly code: string; readonly newestBefore: string | null }
  /** It was made without Waybill, or before. */
  | { readonly kind: 'adopt'; readonly account: string };

/** Waits for the answer to the account's first command; sent together with the start. */
export const beginAccountUpdate = beginningUpdate<Account>('begin');

/** What most accounts have: left out of what their updates answer. */
export const USUAL_ACCOUNT: Usual<Account> = { pending: null, attention: null, unreadable: null };

export const accountQuery = defineQuery<Account>('account');
