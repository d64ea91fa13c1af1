import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { Account } from '../domain/accounts/account.ts';
import type { AccountCommand, AccountTerms } from '../domain/accounts/account-commands.ts';
import type { CommandEnvelope, CommandResult } from '../domain/commands/commands.ts';
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
}

/** How an account came to be one of the platform's. */
export type AccountOrigin =
  | { readonly kind: 'create'; readonly terms: AccountTerms }
  /** Its owner let the platform connect it. */
  | { readonly kind: 'connect'; readonly code: string; readonly newestBefore: string | null }
  /** It was made without Waybill, or before. */
  | { readonly kind: 'adopt'; readonly account: string };

export interface AccountAnswer {
  readonly result: CommandResult;
  readonly account: Account;
}

/** Waits for the answer to the account's first command; sent together with the start. */
export const beginAccountUpdate = defineUpdate<AccountAnswer, [CommandEnvelope]>('begin');

/** Every later command; its `kind` says which. */
export const accountCommandUpdate = defineUpdate<AccountAnswer, [AccountCommand]>('command');

export const accountQuery = defineQuery<Account>('account');
