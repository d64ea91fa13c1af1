/** Who sells in the customer's eyes, and what follows from it for a charge. */
export interface SettlementMerchant {
  /** `platform`, or the id of the connected account. */
  readonly merchant: string;
  readonly country: string | null;
  /** In which the charge is settled. */
  readonly currency: string | null;
  /** What the card statement says; null where Stripe derives it from the business' name. */
  readonly statementDescriptor: string | null;
  /** How many days the funds are held before they can be paid out. */
  readonly delayDays: number | null;
}
