import type Stripe from 'stripe';
import type { Account, AccountFacts } from '../../domain/accounts/account.ts';
import { accountNotices, accountStatus, statusOfAccount } from '../../domain/accounts/account.ts';
import { accountReference, RESERVED_METADATA_PREFIX } from '../../domain/ids.ts';
import { accountFactsOf } from '../../stripe/account-facts.ts';
import { presentNeeds } from '../commands/present-attention.ts';
import { presentPending } from '../commands/present-pending.ts';
import { rfc3339 } from '../http/rfc3339.ts';
import type { AccountResource, ExternalAccountResource } from './account-schema.ts';

/** What others may know of a connected account: no identity data, no bank numbers. */
export function presentAccount(
  account: Stripe.Account,
  externalAccounts: readonly Stripe.ExternalAccount[],
): AccountResource {
  const facts = accountFactsOf(account);
  return {
    ...presentFacts(facts),
    reference: accountReference(account),
    status: accountStatus(facts),
    external_accounts: externalAccounts.flatMap(presentExternalAccount),
  };
}

/** An account that Stripe cannot be asked about: not created yet, or disconnected. */
export function presentFromWorkflow(account: Account): AccountResource {
  return {
    ...presentFacts(account.facts ?? NOTHING_KNOWN),
    id: account.facts?.id ?? null,
    reference: account.reference,
    status: statusOfAccount(account),
    external_accounts: [],
    pending: presentPending(account.pending, null),
    needs_attention: presentNeedsOfAccount(account),
  };
}

export function presentNeedsOfAccount(account: Account) {
  return presentNeeds(account.attention, accountNotices(account));
}

const NOTHING_KNOWN: AccountFacts = {
  id: '',
  type: null,
  country: null,
  currency: null,
  chargesEnabled: false,
  payoutsEnabled: false,
  detailsSubmitted: false,
  serviceAgreement: null,
  controller: null,
  capabilities: {},
  requirements: {
    currentlyDue: [],
    eventuallyDue: [],
    pastDue: [],
    pendingVerification: [],
    disabledReason: null,
    currentDeadline: null,
  },
  payoutSchedule: null,
  statementDescriptor: null,
  statementDescriptorPrefix: null,
  metadata: {},
  createdAt: null,
};

function presentFacts(facts: AccountFacts) {
  const { controller, requirements, payoutSchedule } = facts;
  return {
    id: facts.id,
    object: 'account' as const,
    type: facts.type,
    controller: controller && {
      fees_payer: controller.feesPayer,
      losses_payer: controller.lossesPayer,
      requirement_collection: controller.requirementCollection,
      dashboard: controller.dashboard,
    },
    country: facts.country,
    default_currency: facts.currency,
    charges_enabled: facts.chargesEnabled,
    payouts_enabled: facts.payoutsEnabled,
    details_submitted: facts.detailsSubmitted,
    service_agreement: facts.serviceAgreement,
    capabilities: { ...facts.capabilities },
    requirements: {
      currently_due: [...requirements.currentlyDue],
      eventually_due: [...requirements.eventuallyDue],
      past_due: [...requirements.pastDue],
      pending_verification: [...requirements.pendingVerification],
      disabled_reason: requirements.disabledReason,
      current_deadline: requirements.currentDeadline === null ? null : rfc3339(requirements.currentDeadline),
    },
    payout_schedule: payoutSchedule && {
      interval: payoutSchedule.interval,
      delay_days: payoutSchedule.delayDays,
      weekly_anchor: payoutSchedule.weeklyAnchor,
      monthly_anchor: payoutSchedule.monthlyAnchor,
    },
    settlement: {
      country: facts.country,
      currency: facts.currency,
      statement_descriptor: facts.statementDescriptor,
      delay_days: payoutSchedule?.delayDays ?? null,
    },
    metadata: callersOwn(facts.metadata),
    created: facts.createdAt === null ? null : rfc3339(facts.createdAt),
  };
}

function callersOwn(metadata: AccountFacts['metadata']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata).filter(([key]) => !key.startsWith(RESERVED_METADATA_PREFIX)),
  );
}

function presentExternalAccount(external: Stripe.ExternalAccount): ExternalAccountResource[] {
  const methods = 'available_payout_methods' in external ? (external.available_payout_methods ?? []) : [];
  if (external.object !== 'bank_account' && external.object !== 'card') return [];
  return [
    {
      id: external.id,
      object: external.object,
      name: external.object === 'card' ? external.brand : (external.bank_name ?? null),
      last4: external.last4 ?? '',
      country: external.country ?? null,
      currency: external.currency ?? null,
      default_for_currency: external.default_for_currency ?? false,
      instant: methods.includes('instant'),
    },
  ];
}
