import type { Notice } from '../attention/notice.ts';
import { unreadableNotices } from '../attention/reading.ts';
import { approvalNotices } from '../commands/approval.ts';
import type { Payout } from './payout.ts';
import { stripePayoutOf } from './payout.ts';
import { overduePayoutNotices } from './payout-overdue.ts';

/** What people have to look at though nothing is stuck. */
export function payoutNotices(payout: Payout): readonly Notice[] {
  const subject = stripePayoutOf(payout)?.id ?? payout.terms.connectedAccount;
  return [
    ...approvalNotices(payout.approvals),
    ...unreadableNotices('payout', subject, payout.unreadable),
    ...overduePayoutNotices(payout, subject),
  ];
}
