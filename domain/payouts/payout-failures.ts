import { formatMoney } from '../money/money.ts';
import { utcDay } from '../rfc3339.ts';
import type { AccountFunds, PayoutFacts, PayoutTerms } from './payout.ts';

interface Explanation {
  readonly why: string;
  readonly todo: string;
}

const REPLACE = 'Ask the account for another bank account or debit card, replace it, then retry.';
const ASK_BANK = 'Ask the account’s holder to talk to the bank, then retry, or replace the external account.';
const RETRY = 'Retry; if it fails again, replace the external account.';

/** How the money goes out once more: `again`: to what is the account's default then; `named`: to where it failed; `elsewhere`: by no payout of Waybill’s. */
export type PaidOutOnceMore = 'again' | 'named' | 'elsewhere';

/** Where a retry does not go to what the external account was replaced by. */
const TODO_OF_NAMED: Readonly<Record<string, string>> = {
  [REPLACE]:
    'Ask the account for another bank account or debit card. This payout names the old one: abandon it, and pay out to the new one.',
  [ASK_BANK]:
    'Ask the account’s holder to talk to the bank, then retry. It would go to the same external account: to use another, abandon it and pay out anew.',
  [RETRY]: 'Retry; if it fails again, abandon it and pay out to another external account.',
};
const NEXT_PAYOUT = 'The money is on the account’s balance, and goes out with its next payout.';
const TODO_OF_ELSEWHERE: Readonly<Record<string, string>> = {
  [REPLACE]: `Ask the account for another bank account or debit card, and replace it. ${NEXT_PAYOUT}`,
  [ASK_BANK]: `Ask the account’s holder to talk to the bank, and replace or correct the external account. ${NEXT_PAYOUT}`,
};

/** Every `failure_code` of a payout. https://docs.stripe.com/api/payouts/failures */
const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  account_closed: { why: 'The bank account has been closed.', todo: REPLACE },
  account_frozen: { why: 'The bank account has been frozen.', todo: ASK_BANK },
  bank_account_restricted: { why: 'The bank account takes only some kinds of payments.', todo: ASK_BANK },
  bank_ownership_changed: { why: 'The bank account has moved to another bank.', todo: REPLACE },
  could_not_process: {
    why: 'The bank could not process the payout.',
    todo: RETRY,
  },
  debit_not_authorized: { why: 'Debits are not allowed on the bank account.', todo: ASK_BANK },
  declined: { why: 'The bank declined the payout.', todo: ASK_BANK },
  expired_card: { why: 'The debit card has expired.', todo: REPLACE },
  incorrect_account_holder_address: {
    why: 'The account holder’s address is not the one the bank knows.',
    todo: 'Have the address corrected, then retry.',
  },
  incorrect_account_holder_name: {
    why: 'The account holder’s name is not the one the bank knows.',
    todo: 'Have the name corrected, then retry.',
  },
  incorrect_account_holder_tax_id: {
    why: 'The account holder’s tax id is not the one the bank knows.',
    todo: 'Have the tax id corrected, then retry.',
  },
  incorrect_account_type: { why: 'The bank account is of another type than was said.', todo: REPLACE },
  instant_payouts_unsupported: {
    why: 'This external account takes no instant payouts.',
    todo: 'Abandon it, and pay out with method standard or to another card.',
  },
  insufficient_funds: {
    why: 'The account’s balance at Stripe did not cover the payout.',
    todo: 'Retry once funds are available.',
  },
  invalid_account_number: { why: 'The bank account’s number is not valid.', todo: REPLACE },
  invalid_card: { why: 'The debit card is not valid.', todo: REPLACE },
  invalid_currency: {
    why: 'The bank account does not take this currency.',
    todo: 'Add a bank account in this currency, then retry.',
  },
  lost_or_stolen_card: { why: 'The debit card was reported lost or stolen.', todo: REPLACE },
  method_limit_exceeded: {
    why: 'The card takes no more payouts for now.',
    todo: 'Retry later, or pay out a smaller amount.',
  },
  no_account: { why: 'There is no bank account with these details.', todo: REPLACE },
  refer_to_card_issuer: { why: 'The card’s issuer declined the payout without a reason.', todo: ASK_BANK },
  unsupported_card: { why: 'The card’s bank takes no payouts to it.', todo: REPLACE },
};

/** A failed payout in a sentence, and what to do. The money is back in the account's balance. */
export function explainFailure(
  { failureCode, failureMessage }: Pick<PayoutFacts, 'failureCode' | 'failureMessage'>,
  how: PaidOutOnceMore,
): Explanation {
  const known = EXPLANATIONS[failureCode ?? ''];
  if (known) return { ...known, todo: todoOf(known.todo, how) };
  const why = failureMessage ?? `The payout failed (${failureCode ?? 'Stripe gave no reason'}).`;
  const look = 'Look at the payout in Stripe’s Dashboard';
  return {
    why,
    todo: how === 'elsewhere' ? `${look}. ${NEXT_PAYOUT}` : `${look}, then retry or abandon it.`,
  };
}

function todoOf(todo: string, how: PaidOutOnceMore): string {
  switch (how) {
    case 'again':
      return todo;
    case 'named':
      return TODO_OF_NAMED[todo] ?? todo;
    case 'elsewhere':
      return TODO_OF_ELSEWHERE[todo] ?? `Have the cause corrected. ${NEXT_PAYOUT}`;
  }
}

/** How a payout of Waybill's is made again. */
export function paidOutOnceMore({ destination }: Pick<PayoutTerms, 'destination'>): PaidOutOnceMore {
  return destination === null ? 'again' : 'named';
}

/** How many of the days on which funds arrive are named in a sentence. */
const DAYS_MAX = 3;

/** What is missing for a payout, what is on its way, and when. */
export function explainMissingFunds(
  { amount, currency, method }: Pick<PayoutTerms, 'amount' | 'currency' | 'method'>,
  funds: AccountFunds,
): string {
  const shown = (minor: number) => formatMoney({ amount: minor, currency });
  const available = spendable(funds, method);
  const kind =
    method === 'instant' && funds.instantAvailable !== null ? 'available for instant payouts' : 'available';
  const short =
    available < amount
      ? `${shown(amount - available)} too little for a payout of ${shown(amount)}`
      : `which Stripe does not let it pay out: a fee or a reserve comes first`;
  const has = `The account has ${shown(available)} ${kind}, ${short}.`;
  const total = funds.pending.reduce((sum, part) => sum + part.amount, 0);
  if (funds.pending.length === 0) return `${has} Nothing is pending.`;
  const days = funds.pending
    .slice(0, DAYS_MAX)
    .map((part) => `${shown(part.amount)} on ${utcDay(part.availableOn)}`);
  const more = funds.pending.length > DAYS_MAX ? ', more later' : '';
  return `${has} ${shown(total)} is pending and becomes available: ${days.join(', ')}${more}.`;
}

/** What of these funds a payout of that method may take, in minor units. */
export function spendable(funds: AccountFunds, method: PayoutTerms['method']): number {
  return method === 'instant' ? (funds.instantAvailable ?? funds.available) : funds.available;
}
