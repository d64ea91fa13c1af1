import { DAY_SECONDS, midnightAfter } from '../core/clock.ts';
import type { Context } from '../core/context.ts';
import type { PayoutSchedule } from '../objects/accounts.ts';

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** Behind what becomes available at the same midnight. */
const AFTER_SETTLEMENT_SECONDS = 1;

const LONGEST_WAIT_DAYS = 62;

function isPayoutDay(schedule: PayoutSchedule, midnight: number): boolean {
  const date = new Date(midnight * 1000);
  if (schedule.interval === 'weekly') {
    const days = schedule.weekly_payout_days ?? [schedule.weekly_anchor ?? 'monday'];
    return days.includes(WEEKDAYS[date.getUTCDay()] ?? '');
  }
  if (schedule.interval === 'monthly') {
    const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
    const days = schedule.monthly_payout_days ?? [schedule.monthly_anchor ?? 1];
    // The 31st of a shorter month is its last day.
    return days.some((day) => Math.min(day, last) === date.getUTCDate());
  }
  return schedule.interval === 'daily';
}

/** Seconds; when the schedule next sends money to the bank, and never at once. */
function nextPayoutAt(schedule: PayoutSchedule, now: number): number | null {
  for (let days = 1; days <= LONGEST_WAIT_DAYS; days += 1) {
    const midnight = midnightAfter(now, days);
    if (isPayoutDay(schedule, midnight)) return midnight + AFTER_SETTLEMENT_SECONDS;
  }
  return null;
}

/** There is money to pay out, or the schedule has changed: the one job of an account that sees to it. */
export function schedulePayout(ctx: Context, accountId: string): void {
  const account = ctx.tx.get('account', accountId);
  if (!account) return;
  const id = `pay out ${accountId}`;
  const at = nextPayoutAt(account.settings.schedule, ctx.now);
  const waiting = ctx.tx.get('job', id);
  if (at === null) {
    if (waiting) ctx.tx.delete('job', id);
    return;
  }
  // Money that comes every midnight must not put off, day by day, what is due a second later.
  const isDueBefore =
    waiting !== undefined &&
    waiting.dueMs < at * 1000 &&
    isPayoutDay(account.settings.schedule, waiting.dueMs / 1000 - AFTER_SETTLEMENT_SECONDS);
  if (!isDueBefore && waiting?.dueMs !== at * 1000) {
    ctx.tx.put('job', { id, dueMs: at * 1000, kind: 'pay_out', subject: accountId });
  }
}

/** Seconds: what leaves today is with the bank tomorrow and in the account the day after. */
export function standardArrival(now: number): { inTransit: number; arrival: number } {
  const inTransit = midnightAfter(now, 1);
  return { inTransit, arrival: inTransit + DAY_SECONDS };
}
