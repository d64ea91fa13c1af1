import { formatMoney } from '../money/money.ts';
import type { AccountFunds, PayoutFacts, PayoutTerms } from './payout.ts';

interface Explanation {
  readonly why: string;
  readonly todo: string;
}

const REPLACE = 'Ask the account for another bank account or debit card, replace it, then retry.';
const ASK_BANK = 'Ask the account’s holder to talk to the bank, then retry, or replace the external account.';

/** Every `failure_code` of a payout. https://docs.stripe.com/api/payouts/failures */
const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  account_closed: { why: 'The bank account has been closed.', todo: REPLACE },
  account_frozen: { why: 'The bank account has been frozen.', todo: ASK_BANK },
  bank_account_restricted: { why: 'The bank account takes only some kinds of payments.', todo: ASK_BANK },
  bank_ownership_changed: { why: 'The bank account has moved to another bank.', todo: REPLACE },
  could_not_process: {
    why: 'The bank could not process the payout.',
    todo: 'Retry; if it fails again, replace the external account.',
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
export function explainFailure({
  failureCode,
  failureMessage,
}: Pick<PayoutFacts, 'failureCode' | 'failureMessage'>): Explanation {
  const known = EXPLANATIONS[failureCode ?? ''];
  if (known) return known;
  const why = failureMessage ?? `The payout failed (${failureCode ?? 'Stripe gave no reason'}).`;
  return { why, todo: 'Look at the payout in Stripe’s Dashboard, then retry or abandon it.' };
}

/** How many of the days on which funds arrive are named in a sentence. */
const DAYS_MAX = 3;

/** What is missing for a payout, what is on its way, and when. `dayOf`: a time in milliseconds as a day for people. */
export function explainMissingFunds(
  { amount, currency, method }: Pick<PayoutTerms, 'amount' | 'currency' | 'method'>,
  funds: AccountFunds,
  dayOf: (ms: number) => string,
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
    .map((part) => `${shown(part.amount)} on ${dayOf(part.availableOn)}`);
  const more = funds.pending.length > DAYS_MAX ? ', more later' : '';
  return `${has} ${shown(total)} is pending and becomes available: ${days.join(', ')}${more}.`;
}

/** What of these funds a payout of that method may take, in minor units. */
export function spendable(funds: AccountFunds, method: PayoutTerms['method']): number {
  return method === 'instant' ? (funds.instantAvailable ?? funds.available) : funds.available;
}
