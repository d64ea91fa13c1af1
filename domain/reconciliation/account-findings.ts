import type { Balances } from '../money/money.ts';
import { negated, sumBalances } from '../money/money.ts';
import type { Transaction, Verdict } from './balance-transactions.ts';
import type { AccountTally, Difference, Findings, Patience } from './reconciliation.ts';
import { combine, foundOfTransaction, NOTHING_FOUND } from './reconciliation.ts';

/** One transaction of a connected account, judged. */
export function foundOnAccount(
  account: string,
  transaction: Transaction,
  verdict: Verdict,
  patience: Patience,
): Findings {
  const { transactions, reasons, differences, differenceCount } = foundOfTransaction(
    transaction,
    verdict,
    patience,
  );
  return {
    ...NOTHING_FOUND,
    connected: { ...NOTHING_FOUND.connected, transactions, reasons },
    differences: differences.map((difference) => ({ ...difference, account })),
    differenceCount,
  };
}

/** A connected account's balance, and the transactions that it should be the sum of. */
export interface SummedAccount {
  readonly id: string;
  readonly held: Balances;
  readonly moved: Balances;
  /** Milliseconds since the epoch: when the last of them was made; or, if there is none, the account. */
  readonly movedAt: number;
}

/** One connected account: whether its balance is the sum of all its transactions. */
export function foundOfBalance(
  { id, held, moved, movedAt }: SummedAccount,
  { expectedSince }: Patience,
): Findings {
  const unaccounted = Object.entries(sumBalances([held, negated(moved)]));
  if (unaccounted.length === 0) return accountsFound({ agreeing: 1 });
  if (movedAt > expectedSince) return accountsFound({ pending: 1 });
  const differences = unaccounted.map(
    ([currency, amount]): Difference => ({
      id: `${id}:${currency}`,
      code: 'balance_differs',
      orderId: null,
      transaction: null,
      account: id,
      amount,
      currency,
      since: movedAt,
    }),
  );
  return { ...accountsFound({ differing: 1 }), differences, differenceCount: differences.length };
}

/** An account that is older than what was compared. */
export const UNSUMMED: Findings = accountsFound({ unsummed: 1 });

/** One that was counted as unsummed and that differed before: that its money moved lately is no reason to forget that. */
export function foundOfEarlierBalance(account: SummedAccount): Findings {
  const found = foundOfBalance(account, { expectedSince: Number.POSITIVE_INFINITY });
  return found.differenceCount === 0 ? NOTHING_FOUND : combine(found, accountsFound({ unsummed: -1 }));
}

function accountsFound(accounts: Partial<AccountTally>): Findings {
  const { connected } = NOTHING_FOUND;
  return {
    ...NOTHING_FOUND,
    connected: { ...connected, accounts: { ...connected.accounts, ...accounts } },
  };
}
