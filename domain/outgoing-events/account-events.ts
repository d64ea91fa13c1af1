import type { Account, AccountStatus } from '../accounts/account.ts';
import { accountNotices, statusOfAccount } from '../accounts/account.ts';
import { accountDigest } from '../accounts/account-digest.ts';
import { presentKnownAccount } from '../accounts/present-account.ts';
import { presentPending } from '../commands/present-pending.ts';
import { firstNeed } from '../orders/needs.ts';
import { presentNeed } from '../orders/present-need.ts';
import { newsOfNeed } from './need-news.ts';
import type { News, Publisher } from './outgoing-event.ts';

export interface AccountStanding {
  /** Null: nothing of it is at Stripe. */
  readonly status: AccountStatus | null;
  /** Of what it may do and what Stripe requires. */
  readonly digest: number | null;
  readonly need: string | null;
}

export const ACCOUNT_EVENTS = {
  kind: 'account',
  unborn: { status: null, digest: null, need: null },
  idOf: ({ reference }) => reference,
  standingOf: (account) => ({
    status: account.facts && statusOfAccount(account),
    digest: account.facts && accountDigest(account.facts),
    need: needOf(account)?.code ?? null,
  }),
  newsOf: (before, _, now) => [...newsOfStatus(before, now), ...newsOfNeed('account', before.need, now.need)],
  /** Its bank accounts are read from Stripe alone. */
  present: (account) => ({
    ...presentKnownAccount(account),
    pending: presentPending(account.pending),
    needs_attention: presentNeed(needOf(account)),
    livemode: account.livemode,
  }),
} satisfies Publisher<Account, AccountStanding>;

function needOf(account: Account) {
  return firstNeed(account.attention, accountNotices(account));
}

function newsOfStatus(
  before: AccountStanding,
  { status, digest }: AccountStanding,
): readonly News<'account'>[] {
  if (status === null) return [];
  if (status !== before.status) return [{ type: `account.${status}`, subject: null }];
  return digest === before.digest ? [] : [{ type: 'account.updated', subject: null }];
}
