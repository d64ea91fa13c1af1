/** Stripe's statuses of a dispute: first those to answer, then those with the bank, then those that are decided. */
export const DISPUTE_STATUSES = [
  'needs_response',
  'warning_needs_response',
  'appeal_needs_response',
  'under_review',
  'warning_under_review',
  'appeal_under_review',
  'won',
  'lost',
  'warning_closed',
  'prevented',
];

export const OPEN_DISPUTES = DISPUTE_STATUSES.filter((status) => /needs_response|under_review/.test(status));
