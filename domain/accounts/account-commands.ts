import type { CommandEnvelope, Resolve } from '../commands/commands.ts';
import { malformed } from '../commands/commands.ts';
import type { Problem } from '../errors.ts';
import { problem } from '../errors.ts';
import { refusalOfResolve } from '../orders/refusals.ts';
import type { Account } from './account.ts';
import { isAccountClosed, statusOfAccount } from './account.ts';

/**
 * What may be said about an account, or asked of it, in words that a workflow's history may keep: identity data and bank
 * numbers are tokens by then. Absent parts stay as they are.
 */
export interface AccountChanges {
  /** `ct_…`: who is behind the account, and that the agreement was accepted. */
  readonly accountToken?: string;
  /** `btok_…` or `tok_…` of a debit card; replaces the default of its currency. */
  readonly externalAccount?: string;
  /** Where no token says it. */
  readonly businessType?: string;
  readonly email?: string;
  readonly businessProfile?: BusinessProfile;
  /** By Stripe's names, to be requested. */
  readonly capabilities?: readonly string[];
  readonly defaultCurrency?: string;
  readonly payoutSchedule?: PayoutScheduleChange;
  readonly statementDescriptor?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Public by nature: customers see it. By Stripe's names. */
interface BusinessProfile {
  readonly mcc?: string | undefined;
  readonly name?: string | undefined;
  readonly product_description?: string | undefined;
  readonly support_email?: string | undefined;
  readonly support_phone?: string | undefined;
  readonly support_url?: string | undefined;
  readonly url?: string | undefined;
}

export interface PayoutScheduleChange {
  readonly interval: 'manual' | 'daily' | 'weekly' | 'monthly';
  readonly delayDays: number | 'minimum' | null;
  readonly weeklyAnchor: (typeof WEEKDAYS)[number] | null;
  readonly monthlyAnchor: number | null;
}

export const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

/** What a new account is to be. */
export interface AccountTerms extends AccountChanges {
  /** Null where `controller` says it. */
  readonly type: 'custom' | 'express' | 'standard' | null;
  readonly controller: ControllerTerms | null;
  readonly country: string | null;
  readonly serviceAgreement: 'full' | 'recipient' | null;
}

/** Stripe's own parameter, as its newer accounts have it instead of a type. */
interface ControllerTerms {
  readonly fees?: { readonly payer: 'account' | 'application' } | undefined;
  readonly losses?: { readonly payments: 'application' | 'stripe' } | undefined;
  readonly requirement_collection?: 'application' | 'stripe' | undefined;
  readonly stripe_dashboard?: { readonly type: 'express' | 'full' | 'none' } | undefined;
}

interface UpdateAccount {
  readonly kind: 'update';
  readonly changes: AccountChanges;
}
interface AddPerson {
  readonly kind: 'add_person';
  /** `cpt_…` */
  readonly token: string;
}
interface AddExternalAccount {
  readonly kind: 'add_external_account';
  /** `btok_…` or `tok_…` of a debit card. */
  readonly token: string;
  readonly defaultForCurrency: boolean;
}
interface RejectAccount {
  readonly kind: 'reject';
  readonly reason: RejectReason;
}
interface DeauthorizeAccount {
  readonly kind: 'deauthorize';
}

export const REJECT_REASONS = ['fraud', 'terms_of_service', 'other'] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

export type AccountCommandBody =
  | UpdateAccount
  | AddPerson
  | AddExternalAccount
  | RejectAccount
  | DeauthorizeAccount
  | Resolve;
export type AccountCommand = CommandEnvelope & AccountCommandBody;
/** With what an account's life begins: made, connected by its owner, or known to Stripe before. */
export type AccountCommandKind = AccountCommandBody['kind'] | 'create' | 'connect' | 'adopt';

const KINDS: readonly unknown[] = [
  'update',
  'add_person',
  'add_external_account',
  'reject',
  'deauthorize',
  'resolve',
] satisfies AccountCommandBody['kind'][];

/** Why a message is no command of an account, as one that is typed by hand in Temporal's UI may be; null if it is one. */
export function malformedAccountCommand(message: unknown): Problem | null {
  const { kind, changes, token }: Record<string, unknown> = Object(message);
  if (!KINDS.includes(kind)) {
    return problem('invalid_request', `kind must be one of ${KINDS.join(', ')}.`, { param: 'kind' });
  }
  if (kind === 'update' && (typeof changes !== 'object' || changes === null)) {
    return problem('invalid_request', 'changes must be an object.', { param: 'changes' });
  }
  if ((kind === 'add_person' || kind === 'add_external_account') && typeof token !== 'string') {
    return problem('invalid_request', 'token must be the id of a token.', { param: 'token' });
  }
  return malformed(message);
}

/** Why this command cannot be carried out in the account's present state; null if it can. */
export function refusalOfAccountCommand(account: Account, command: AccountCommandBody): Problem | null {
  const { attention } = account;
  if (command.kind === 'resolve') return refusalOfResolve(account, command);
  if (attention) {
    return problem(
      'needs_attention',
      `The ${attention.operation} of this account is stuck (${attention.code}). Resolve it first: ${attention.allowedActions.join(', ')}.`,
    );
  }
  if (account.facts === null) return problem('state_conflict', 'Stripe has not created this account yet.');
  if (isAccountClosed(account)) {
    return problem('state_conflict', `This account is ${statusOfAccount(account)} and cannot be changed.`);
  }
  if (command.kind === 'deauthorize' && account.facts.type !== 'standard') {
    return problem(
      'state_conflict',
      `Only a Standard account, which its owner connected by OAuth, can be deauthorized. This one (${account.facts.type ?? 'no type'}) belongs to the platform: reject it instead.`,
    );
  }
  return null;
}
