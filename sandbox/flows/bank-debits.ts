import type { BankDebitDetails } from '../objects/customers.ts';

/** What a US bank account does when it is debited. */
type DebitBehaviour = 'debit_dispute' | 'debit_processing' | 'debit_succeeds' | keyof typeof DEBIT_FAILURES;

/** How a debit ends that the bank sends back days later. */
export const DEBIT_FAILURES = {
  account_closed: "The customer's bank account has been closed.",
  debit_not_authorized: 'The customer has notified their bank that this payment was unauthorized.',
  insufficient_funds: "The customer's account has insufficient funds to cover this payment.",
  no_account: "The customer's bank account could not be located.",
} as const;

export function debitFailure(behaviour: string): { code: string; message: string } | undefined {
  if (!Object.hasOwn(DEBIT_FAILURES, behaviour)) return undefined;
  return { code: behaviour, message: DEBIT_FAILURES[behaviour as keyof typeof DEBIT_FAILURES] };
}

/** `pm_usBankAccount_<name>` and the account number that does the same. */
const TEST_ACCOUNTS: readonly { name: string; number: string; behaviour: DebitBehaviour }[] = [
  { name: 'success', number: '000123456789', behaviour: 'debit_succeeds' },
  { name: 'accountClosed', number: '000111111113', behaviour: 'account_closed' },
  { name: 'noAccount', number: '000111111116', behaviour: 'no_account' },
  { name: 'insufficientFunds', number: '000222222227', behaviour: 'insufficient_funds' },
  { name: 'debitNotAuthorized', number: '000333333335', behaviour: 'debit_not_authorized' },
  { name: 'dispute', number: '000555555559', behaviour: 'debit_dispute' },
  { name: 'processing', number: '000000000009', behaviour: 'debit_processing' },
];

const BANK_METHOD_PREFIX = 'pm_usBankAccount_';

export interface UsableBank extends BankDebitDetails {
  behaviour: string;
}

function usable({ number, behaviour }: { number: string; behaviour: string }): UsableBank {
  return {
    account_holder_type: 'individual',
    account_type: 'checking',
    bank_name: 'STRIPE TEST BANK',
    fingerprint: `Bd${number.slice(-4)}Waybill1`,
    last4: number.slice(-4),
    routing_number: '110000000',
    behaviour,
  };
}

export function testBankByName(id: string): UsableBank | undefined {
  const found = TEST_ACCOUNTS.find(({ name }) => id === `${BANK_METHOD_PREFIX}${name}`);
  return found && usable(found);
}

export function testBankByNumber(number: string): UsableBank | undefined {
  const found = TEST_ACCOUNTS.find((one) => one.number === number);
  return found && usable(found);
}
