/** By which the customer's bank finds a refund. Stripe learns it from its partners, up to 7 business days after the refund. */
export interface RefundReference {
  /** Stripe's word: `pending`, `available` or `unavailable`. */
  readonly status: string;
  /** Absent: there is none yet, or there will be none. */
  readonly value?: string;
  /** Of a card's: what number it is, such as `acquirer_reference_number`. */
  readonly type?: string;
}

/** What is kept of a reference to see whether another one is news: its value, or its status. */
export function digestOf({ status, value }: RefundReference): string {
  return value ?? status;
}

/**
 * Whether Stripe shows another reference than the known one. The answer to a refund that is sent again, and what an older worker reads,
 * are as they were at first: they take nothing away.
 */
export function isReferenceNews(known: string | undefined, observed: RefundReference | undefined): boolean {
  if (observed === undefined || digestOf(observed) === known) return false;
  return known === undefined || observed.status !== 'pending';
}

export function laterReference(
  known: RefundReference | undefined,
  observed: RefundReference | undefined,
): RefundReference | undefined {
  return isReferenceNews(known && digestOf(known), observed) ? observed : known;
}

/** For people: the number, and which number it is. */
export function referenceText({ value, type }: RefundReference): string | null {
  return value === undefined ? null : [type, value].filter((part) => part !== undefined).join(' ');
}
