import { passDeadline, verifyLater } from '../flows/accounts.ts';
import { payOut } from '../flows/automatic-payouts.ts';
import { makeAvailable } from '../flows/balance.ts';
import { finishDebit } from '../flows/debits.ts';
import { decideDispute, disputePlanned, expireDispute } from '../flows/disputes.ts';
import { expireAuthorization } from '../flows/expiry.ts';
import { advancePayout } from '../flows/payouts.ts';
import { completeRefund, failRefund, referRefund, returnRefund } from '../flows/refund-outcomes.ts';
import { settleChargeLater } from '../flows/settle.ts';
import { fundRefunds } from '../flows/waiting-refunds.ts';
import { retryDelivery } from '../flows/webhooks.ts';
import type { JobKind } from '../objects/records.ts';
import type { Clock } from './clock.ts';
import type { Context } from './context.ts';
import { createContext } from './context.ts';
import { JobQueue } from './job-queue.ts';
import type { Settings } from './settings.ts';
import type { Store } from './store.ts';

/** What comes due by time. A new kind of job is a line here and its handler. */
const HANDLERS: Record<JobKind, (ctx: Context, subject: string) => void> = {
  advance_payout: advancePayout,
  complete_refund: completeRefund,
  decide_dispute: decideDispute,
  expire_authorization: expireAuthorization,
  expire_dispute: expireDispute,
  fail_refund: (ctx, id) => failRefund(ctx, id),
  finish_debit: finishDebit,
  fund_refunds: fundRefunds,
  open_dispute: disputePlanned,
  pass_deadline: passDeadline,
  pay_out: payOut,
  refer_refund: referRefund,
  retry_webhook: retryDelivery,
  return_refund: returnRefund,
  settle_balance: makeAvailable,
  settle_charge: settleChargeLater,
  verify_account: verifyLater,
};

const LONGEST_TIMER_MS = 86_400_000;
const AFTER_FAILURE_MS = 1_000;

/** Runs what is due: before each request, when the clock is moved, and on a timer while nobody asks. */
export class Scheduler {
  private readonly queue: JobQueue;
  private timer: NodeJS.Timeout | undefined;
  private readonly store: Store;
  private readonly clock: Clock;
  private readonly settings: Settings;
  private readonly onError: (error: unknown) => void;

  constructor(store: Store, clock: Clock, settings: Settings, onError: (error: unknown) => void) {
    this.store = store;
    this.clock = clock;
    this.settings = settings;
    this.onError = onError;
    this.queue = new JobQueue(store);
  }

  reload(): void {
    this.queue.reload();
  }

  runDue(): void {
    const now = this.clock.nowMs();
    for (let job = this.queue.peek(); job && job.dueMs <= now; job = this.queue.peek()) {
      const { id, kind, subject, dueMs } = job;
      this.store.transaction((tx) => {
        tx.delete('job', id);
        // Each job happens at its own moment, also where the clock jumped over a week of them.
        HANDLERS[kind](createContext({ tx, settings: this.settings, nowMs: dueMs }), subject);
      });
    }
  }

  /** When the next job is due, in milliseconds of the sandbox's clock; null: there is none. */
  get nextDueMs(): number | null {
    return this.queue.peek()?.dueMs ?? null;
  }

  start(): void {
    this.store.onCommit(() => this.arm());
    this.arm();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private arm(leastMs = 0): void {
    clearTimeout(this.timer);
    const next = this.queue.peek();
    if (!next) return;
    const waitMs = Math.min(Math.max(next.dueMs - this.clock.nowMs(), leastMs), LONGEST_TIMER_MS);
    this.timer = setTimeout(() => {
      try {
        this.runDue();
        this.arm();
      } catch (error) {
        this.onError(error);
        this.arm(AFTER_FAILURE_MS);
      }
    }, waitMs);
    this.timer.unref();
  }
}
