import { isAccountClosed, statusOfAccount } from '../../domain/accounts/account.ts';
import { canReceive, canSettle } from '../../domain/accounts/settlement-merchant.ts';
import type { AccountNotice } from '../../domain/orders/account-notice.ts';
import { ask, isStuck } from '../entity/perform.ts';
import type { Rhythm } from '../entity/readings.ts';
import { failedReadTimers, readFromStripe } from '../entity/readings.ts';
import type { Timer } from '../entity/timer.ts';
import { HOUR_MS, MINUTE_MS, nextRepeatAt, workflowNow } from '../shared/time.ts';
import type { AccountRecord } from './account-record.ts';

const DAILY: Rhythm = { firstMs: 24 * HOUR_MS, maxMs: 24 * HOUR_MS };
const UNTIL_ENABLED: Rhythm = { firstMs: MINUTE_MS, maxMs: 6 * HOUR_MS };
const SIGNAL_AGAIN: Rhythm = { firstMs: MINUTE_MS, maxMs: 15 * MINUTE_MS };

/** When the account is read again without an event, and its open orders are signaled again. */
export function accountTimers(record: AccountRecord): readonly Timer[] {
  const signals = signalTimers(record);
  if (record.blocked || isAccountClosed(record.account)) return signals;
  const read = () => readAgain(record);
  const rhythm = statusOfAccount(record.account) === 'enabled' ? DAILY : UNTIL_ENABLED;
  return [record.rereads.timer(rhythm, read), ...failedReadTimers(record, read), ...signals];
}

function signalTimers({ failedSignals }: AccountRecord): readonly Timer[] {
  if (failedSignals === null) return [];
  const { since, count } = failedSignals;
  const at = nextRepeatAt(since, count - 1, SIGNAL_AGAIN.firstMs, SIGNAL_AGAIN.maxMs);
  // That follows whatever happens.
  return [{ at, summary: 'Signal the open orders again', fire: () => {} }];
}

/** Reads the account from Stripe and records what is new. */
export async function readAgain(record: AccountRecord): Promise<void> {
  const { facts } = record.account;
  if (facts === null) return;
  const read = await readFromStripe(record, 'read the account', ({ readAccount }) => readAccount(facts.id));
  if (isStuck(read)) return;
  record.observe(read ? { type: 'account_observed', facts: read } : { type: 'account_disconnected' });
}

/** Signals the authorized orders of the account when what it can receive has changed. */
export async function signalOpenOrders(record: AccountRecord): Promise<void> {
  const notice = noticeOf(record);
  // An account that is still onboarding has no paid orders.
  if (notice === null || (record.signaled === null && statusOfAccount(record.account) === 'onboarding'))
    return;
  const news = `${notice.canReceive} ${notice.canSettle}`;
  // Orders assume that all is well until they are signaled.
  const isUnheard = record.signaled === null && record.input.mayBeKnown !== true;
  const isKnown = isUnheard && notice.canReceive && notice.canSettle;
  const isDone =
    record.signaled === news ||
    isKnown ||
    !isStuck(await ask('signal open orders', ({ signalOrders }) => signalOrders(notice)));
  const { since, count } = record.failedSignals ?? { since: workflowNow(), count: 0 };
  record.failedSignals = isDone ? null : { since, count: count + 1 };
  if (isDone) record.signaled = news;
}

function noticeOf({ account }: AccountRecord): AccountNotice | null {
  const { facts } = account;
  if (facts === null) return null;
  const status = statusOfAccount(account);
  const gone = status === 'rejected' || status === 'disconnected';
  const due = facts.requirements.pastDue.join(', ');
  return {
    account: facts.id,
    canReceive: !gone && canReceive(facts),
    canSettle: !gone && canSettle(facts),
    detail: `The connected account ${facts.id} is ${status}.${due === '' ? '' : ` Stripe requires: ${due}.`}`,
  };
}
