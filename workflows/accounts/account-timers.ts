import { statusOfAccount } from '../../domain/accounts/account.ts';
import { canReceive, canSettle } from '../../domain/accounts/settlement-merchant.ts';
import type { AccountNotice } from '../../domain/orders/account-notice.ts';
import { probe } from '../entity/attention.ts';
import { concludeRead, failedReadTimers } from '../entity/failed-reads.ts';
import { isStuck, readAccount, signalOrders } from '../entity/perform.ts';
import type { Timer } from '../entity/timer.ts';
import { earliest } from '../entity/timer.ts';
import { HOUR_MS, MINUTE_MS, nextRepeatAt } from '../shared/time.ts';
import type { AccountRecord } from './account-record.ts';

/** How long to retry what nobody waits for. */
const BUDGET = { budgetMs: MINUTE_MS };
const DAY_MS = 24 * HOUR_MS;

/** When the account is read again without an event; null: never. */
export function nextAccountTimer(record: AccountRecord): Timer | null {
  const { account, blocked } = record;
  if (blocked) return { at: blocked.nextProbeAt, fire: () => probe(record, blocked) };
  const failedReads = failedReadTimers(record, () => readAgain(record));
  switch (statusOfAccount(account)) {
    case 'rejected':
    case 'disconnected':
      return null;
    case 'enabled':
      return earliest([rereadTimer(record, DAY_MS, DAY_MS), ...failedReads]);
    default:
      return earliest([rereadTimer(record, MINUTE_MS, 6 * HOUR_MS), ...failedReads]);
  }
}

/** Reads the account from Stripe and records what is new. */
export async function readAgain(record: AccountRecord): Promise<void> {
  const { facts } = record.account;
  if (facts === null) return;
  const read = await readAccount(facts.id, BUDGET);
  const stuck = isStuck(read) ? read : null;
  const news = concludeRead(record, stuck, record.account.unreadable);
  if (news) record.noteUnreadable(news.failure);
  if (!isStuck(read)) record.observe(read);
}

/** Tells the orders that wait for their capture what the account can take, when that has changed. */
export async function signalOpenOrders(record: AccountRecord): Promise<void> {
  const notice = noticeOf(record);
  // Nobody has paid an account that never took anything.
  if (notice === null || (record.signaled === null && statusOfAccount(record.account) === 'onboarding'))
    return;
  const news = `${notice.canReceive} ${notice.canSettle}`;
  if (record.signaled === news) return;
  // Who was never signaled otherwise believes that all is well.
  const isKnown = record.signaled === null && notice.canReceive && notice.canSettle;
  if (isKnown || (await signalOrders(notice, BUDGET)) === null) record.signaled = news;
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

/** At growing distances from the last thing that happened. */
function rereadTimer(record: AccountRecord, firstMs: number, maxMs: number): Timer {
  return {
    at: nextRepeatAt(record.lastActivityAt, record.readings, firstMs, maxMs),
    fire: () => {
      record.countReading();
      return readAgain(record);
    },
  };
}
