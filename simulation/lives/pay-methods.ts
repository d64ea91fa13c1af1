import type { Chance } from '../world/chance.ts';

/** Methods that ask for their customer, that a bank decides on later, and that decline. */
const CARDS = [
  'pm_card_authenticationRequired',
  'pm_card_authenticationRequired',
  'pm_card_threeDSecureRequiredChargeDeclined',
  'pm_card_chargeDeclined',
] as const;
const BANKS = [
  'pm_usBankAccount_success',
  'pm_usBankAccount_success',
  'pm_usBankAccount_insufficientFunds',
  'pm_usBankAccount_debitNotAuthorized',
  'pm_usBankAccount_dispute',
  'pm_usBankAccount_processing',
] as const;
const OTHERS = ['pm_card_visa', 'pm_card_visa', ...CARDS, ...BANKS] as const;

/** How a customer pays at first. A debit cannot be captured by hand. */
export function firstMethod(chance: Chance, lot: string, isManual: boolean): string {
  return chance.pick(lot, isManual ? CARDS : [...CARDS, ...BANKS]);
}

/** How the customer pays after that. */
export function otherMethod({ amount }: { readonly amount: number }): string {
  return OTHERS[amount % OTHERS.length] ?? 'pm_card_visa';
}
