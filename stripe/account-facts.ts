import type Stripe from 'stripe';
import type { AccountFacts, Controller, PayoutSchedule, Requirements } from '../domain/accounts/account.ts';

/** What is kept of a Stripe account: no identity data. */
export function accountFactsOf(account: Stripe.Account): AccountFacts {
  return {
    id: account.id,
    type: account.type ?? null,
    country: account.country ?? null,
    currency: account.default_currency ?? null,
    chargesEnabled: account.charges_enabled ?? false,
    payoutsEnabled: account.payouts_enabled ?? false,
    detailsSubmitted: account.details_submitted ?? false,
    serviceAgreement: account.tos_acceptance?.service_agreement ?? null,
    controller: controllerOf(account),
    capabilities: { ...account.capabilities } as Record<string, string>,
    requirements: requirementsOf(account),
    payoutSchedule: payoutScheduleOf(account),
    statementDescriptor: account.settings?.payments?.statement_descriptor ?? null,
    statementDescriptorPrefix: account.settings?.card_payments?.statement_descriptor_prefix ?? null,
    metadata: account.metadata ?? {},
    createdAt: account.created === undefined ? null : account.created * 1_000,
  };
}

function controllerOf({ controller }: Stripe.Account): Controller | null {
  if (!controller) return null;
  return {
    feesPayer: controller.fees?.payer ?? null,
    lossesPayer: controller.losses?.payments ?? null,
    requirementCollection: controller.requirement_collection ?? null,
    dashboard: controller.stripe_dashboard?.type ?? null,
  };
}

function requirementsOf({ requirements }: Stripe.Account): Requirements {
  return {
    currentlyDue: requirements?.currently_due ?? [],
    eventuallyDue: requirements?.eventually_due ?? [],
    pastDue: requirements?.past_due ?? [],
    pendingVerification: requirements?.pending_verification ?? [],
    disabledReason: requirements?.disabled_reason ?? null,
    currentDeadline: requirements?.current_deadline ? requirements.current_deadline * 1_000 : null,
  };
}

function payoutScheduleOf({ settings }: Stripe.Account): PayoutSchedule | null {
  const schedule = settings?.payouts?.schedule;
  if (!schedule) return null;
  return {
    interval: schedule.interval,
    delayDays: schedule.delay_days ?? null,
    weeklyAnchor: schedule.weekly_anchor ?? null,
    monthlyAnchor: schedule.monthly_anchor ?? null,
  };
}
