import { blockedBy } from '../attention/blocked-by.ts';
import type { Problem } from '../errors.ts';
import { problem } from '../errors.ts';
import { refusalOfResolve } from '../orders/resolve-refusals.ts';
import type { Account } from './account.ts';
import { isAccountClosed, statusOfAccount } from './account.ts';
import type { AccountCommandBody } from './account-command-table.ts';

/** Why this command cannot be carried out in the account's present state; null if it can. */
export function refusalOfAccountCommand(account: Account, command: AccountCommandBody): Problem | null {
  const { attention } = account;
  if (command.kind === 'resolve') return refusalOfResolve(account, command);
  if (attention) return blockedBy(attention);
  if (account.facts === null) return problem('state_conflict', 'Stripe has not created this account yet.');
  if (isAccountClosed(account)) {
    return problem('state_conflict', `This account is ${statusOfAccount(account)} and cannot be changed.`);
  }
  if (command.kind === 'deauthorize' && account.facts.type !== 'standard') {
    return problem(
      'state_conflict',
      `Only a Standard account, which its owner connected by OAuth, can be deauthorized. This one (${account.facts.type ?? 'no type'}) belongs to the platform: reject it instead.`,
    );
  }
  return null;
}
