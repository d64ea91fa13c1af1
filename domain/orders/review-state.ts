/** Stripe's Radar, or a person, wants somebody to look whether a payment is fraud. Its money moves meanwhile as that of any other. */
export interface Review {
  readonly id: string;
  /** The payment that takes its place, as after a renewal, is not in review. */
  readonly paymentIntent: string;
  /** Null: Stripe does not show it to Waybill's key. */
  readonly isOpen: boolean | null;
  /** `rule` or `manual`; null: not known. */
  readonly openedReason: string | null;
  /** `approved`, `refunded`, `refunded_as_fraud`, `disputed` …; absent: it is open, or nobody knows. */
  readonly closedReason?: string;
}
