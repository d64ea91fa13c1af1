import type { Attention } from '../attention/attention.ts';
import type { Notice } from '../attention/notice.ts';
import type { ReadingFailure, Unreadable } from '../attention/reading.ts';
import { unreadableBy, unreadableNotices } from '../attention/reading.ts';
import type { PendingOperation } from '../commands/pending.ts';
import { IllegalTransition } from '../illegal-transition.ts';

/** What Stripe says about a connected account: what it may do and what it lacks. No identity data, no bank numbers. */
export interface AccountFacts {
  readonly id: string;
  /** `standard`, `express`, `custom`, or `none` where only `controller` says what it is. */
  readonly type: string | null;
  readonly country: string | null;
  /** In which it is settled. */
  readonly currency: string | null;
  readonly chargesEnabled: boolean;
  readonly payoutsEnabled: boolean;
  readonly detailsSubmitted: boolean;
  readonly serviceAgreement: string | null;
  readonly controller: Controller | null;
  readonly capabilities: Readonly<Record<string, string>>;
  readonly requirements: Requirements;
  readonly payoutSchedule: PayoutSchedule | null;
  readonly statementDescriptor: string | null;
  /** What stands before the suffix of a card payment on the customer's statement. */
  readonly statementDescriptorPrefix: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly createdAt: number | null;
}

/** Who pays fees, bears losses, collects requirements, and which dashboard the account has. */
export interface Controller {
  readonly feesPayer: string | null;
  readonly lossesPayer: string | null;
  readonly requirementCollection: string | null;
  readonly dashboard: string | null;
}

/** By Stripe's own names of fields. */
export interface Requirements {
  readonly currentlyDue: readonly string[];
  readonly eventuallyDue: readonly string[];
  readonly pastDue: readonly string[];
  readonly pendingVerification: readonly string[];
  readonly disabledReason: string | null;
  /** Milliseconds since the epoch: what is due by then disables the account after it. */
  readonly currentDeadline: number | null;
}

export interface PayoutSchedule {
  readonly interval: string;
  /** How many days funds are held before they are paid out. */
  readonly delayDays: number | null;
  readonly weeklyAnchor: string | null;
  readonly monthlyAnchor: number | null;
}

/** The account's state in one word, for people. */
export const ACCOUNT_STATUSES = [
  'onboarding',
  'restricted_soon',
  'restricted',
  'enabled',
  'rejected',
  'disconnected',
] as const;
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];

/** One word for what Stripe says about a connected account. */
export function accountStatus(facts: AccountFacts): Exclude<AccountStatus, 'disconnected'> {
  const { requirements, capabilities } = facts;
  const statuses = Object.values(capabilities);
  const active = statuses.includes('active');
  if (requirements.disabledReason?.startsWith('rejected.')) return 'rejected';
  if (!active && (!facts.detailsSubmitted || isUnderReview(facts))) return 'onboarding';
  const stopped =
    requirements.disabledReason !== null || requirements.pastDue.length > 0 || !facts.payoutsEnabled;
  if (!active || stopped || statuses.includes('inactive')) return 'restricted';
  return requirements.currentDeadline === null ? 'enabled' : 'restricted_soon';
}

/** Everything has been submitted, and Stripe has not checked it yet. */
function isUnderReview({ requirements, capabilities }: AccountFacts): boolean {
  const waits =
    requirements.pendingVerification.length > 0 || Object.values(capabilities).includes('pending');
  return waits && requirements.currentlyDue.length === 0 && requirements.pastDue.length === 0;
}

/** A connected account's life, as its workflow knows it. */
export interface Account {
  /** The caller's own id of it, or Stripe's. */
  readonly reference: string;
  readonly livemode: boolean;
  /** Milliseconds since the epoch of its workflow's start. */
  readonly createdAt: number;
  /** `pending`: Stripe was not asked yet, or has not answered. `refused`: nothing of it exists. */
  readonly connection: 'pending' | 'connected' | 'disconnected' | 'refused';
  readonly facts: AccountFacts | null;
  readonly pending: PendingOperation | null;
  readonly attention: Attention | null;
  /** Why it cannot be read: what is known of it may no longer be so. */
  readonly unreadable: Unreadable | null;
}

export type AccountEvent =
  | { readonly type: 'account_observed'; readonly facts: AccountFacts }
  /** The platform no longer has access to it. */
  | { readonly type: 'account_disconnected' }
  /** Null: it was read again. */
  | { readonly type: 'reading_failed'; readonly failure: ReadingFailure | null; readonly at: number }
  | { readonly type: 'attention_raised'; readonly attention: Attention }
  | { readonly type: 'attention_cleared' }
  | { readonly type: 'given_up' };

/** An account before Stripe was asked for anything. `createdAt`: milliseconds since the epoch. */
export function newAccount(reference: string, createdAt: number, livemode: boolean): Account {
  const unknown = { facts: null, pending: null, attention: null, unreadable: null };
  return { reference, livemode, createdAt, connection: 'pending', ...unknown };
}

/** The account after an event. Pure; an impossible event throws {@link IllegalTransition}. */
export function transitionAccount(account: Account, event: AccountEvent): Account {
  switch (event.type) {
    case 'account_observed':
      if (account.facts && account.facts.id !== event.facts.id) {
        throw new IllegalTransition(`observed ${event.facts.id}, the account is ${account.facts.id}`);
      }
      return { ...account, connection: 'connected', facts: event.facts, unreadable: null };
    case 'account_disconnected':
      return { ...account, connection: 'disconnected', unreadable: null };
    case 'reading_failed':
      return { ...account, unreadable: unreadableBy(account.unreadable, event.failure, event.at) };
    case 'attention_raised':
      return { ...account, attention: event.attention };
    case 'attention_cleared':
      return { ...account, attention: null };
    case 'given_up':
      return account.connection === 'pending' ? { ...account, connection: 'refused' } : account;
  }
}

export function statusOfAccount({ connection, facts }: Account): AccountStatus {
  if (connection === 'disconnected') return 'disconnected';
  if (connection === 'refused') return 'rejected';
  return facts ? accountStatus(facts) : 'onboarding';
}

/** What people have to look at though nothing is stuck. */
export function accountNotices({ facts, reference, unreadable }: Account): readonly Notice[] {
  return unreadableNotices('account', facts?.id ?? reference, unreadable);
}

/** Nothing more can happen to such an account. */
export function isAccountClosed(account: Account): boolean {
  const status = statusOfAccount(account);
  return status === 'rejected' || status === 'disconnected';
}
