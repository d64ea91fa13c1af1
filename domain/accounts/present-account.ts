import { withoutOwn } from '../orders/metadata.ts';
import { rfc3339 } from '../rfc3339.ts';
import type { Account, AccountFacts } from './account.ts';
import { statusOfAccount } from './account.ts';

/** An account as far as its workflow knows it. */
export function presentKnownAccount(account: Account) {
  return {
    ...presentFacts(account.facts ?? NOTHING_KNOWN),
    id: account.facts?.id ?? null,
    reference: account.reference,
    status: statusOfAccount(account),
  };
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

export function presentFacts(facts: AccountFacts) {
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
    metadata: withoutOwn(facts.metadata),
    created: facts.createdAt === null ? null : rfc3339(facts.createdAt),
  };
}
