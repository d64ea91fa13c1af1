import { statusOfAccount } from '../../domain/accounts/account.ts';
import { canReceive, canSettle } from '../../domain/accounts/settlement-merchant.ts';
import type { AccountNotice } from '../../domain/orders/account-notice.ts';
import type { Alarm } from '../entity/alarm.ts';
import { earliest } from '../entity/alarm.ts';
import { probe } from '../entity/attention.ts';
import { concludeReading, missedReadingAlarms } from '../entity/missed-reading.ts';
import { isStuck, readAccount, tellOrders } from '../entity/perform.ts';
import { HOUR_MS, MINUTE_MS, nextRepeatAt } from '../shared/time.ts';
import type { AccountRecord } from './account-record.ts';

/** Effort for what nobody waits for. */
const EFFORT = { budgetMs: MINUTE_MS };
const DAY_MS = 24 * HOUR_MS;

/** When the account is read again, if Stripe's events tell nothing; null: never. */
export function nextAccountAlarm(record: AccountRecord): Alarm | null {
  const { account, blocked } = record;
  if (blocked) return { at: blocked.nextProbeAt, ring: () => probe(record, blocked) };
  const missed = missedReadingAlarms(record, () => readAgain(record));
  switch (statusOfAccount(account)) {
    case 'rejected':
    case 'disconnected':
      return null;
    case 'enabled':
      return earliest([rereadAlarm(record, DAY_MS, DAY_MS), ...missed]);
    default:
      return earliest([rereadAlarm(record, MINUTE_MS, 6 * HOUR_MS), ...missed]);
  }
}

/** Reads the account from Stripe and records what is new. */
export async function readAgain(record: AccountRecord): Promise<void> {
  const { facts } = record.account;
  if (facts === null) return;
  const read = await readAccount(facts.id, EFFORT);
  const stuck = isStuck(read) ? read : null;
  const news = concludeReading(record, stuck, record.account.unreadable);
  if (news) record.noteUnreadable(news.failure);
  if (!isStuck(read)) record.observe(read);
}

/** Tells the orders that wait for their capture what the account can take, when that has changed. */
export async function tellOpenOrders(record: AccountRecord): Promise<void> {
  const notice = noticeOf(record);
  // Nobody has paid an account that never took anything.
  if (notice === null || (record.told === null && statusOfAccount(record.account) === 'onboarding')) return;
  const news = `${notice.canReceive} ${notice.canSettle}`;
  if (record.told === news) return;
  // Who was never told otherwise believes that all is well.
  const isKnown = record.told === null && notice.canReceive && notice.canSettle;
  if (isKnown || (await tellOrders(notice, EFFORT)) === null) record.told = news;
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
function rereadAlarm(record: AccountRecord, firstMs: number, maxMs: number): Alarm {
  return {
    at: nextRepeatAt(record.lastActivityAt, record.readings, firstMs, maxMs),
    ring: () => {
      record.countReading();
      return readAgain(record);
    },
  };
}
