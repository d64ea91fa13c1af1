import type Stripe from 'stripe';
import { rfc3339 } from './rfc3339.ts';
import type { AccountResource } from './schemas/account.ts';

/** What others may know of a connected account: no identity data, no bank numbers. */
export function presentAccount(account: Stripe.Account): AccountResource {
  const { requirements } = account;
  return {
    id: account.id,
    object: 'account',
    type: account.type ?? null,
    country: account.country ?? null,
    default_currency: account.default_currency ?? null,
    status: accountStatus(account),
    charges_enabled: account.charges_enabled,
    payouts_enabled: account.payouts_enabled,
    details_submitted: account.details_submitted,
    service_agreement: account.tos_acceptance?.service_agreement ?? null,
    capabilities: { ...account.capabilities } as Record<string, string>,
    requirements: {
      currently_due: requirements?.currently_due ?? [],
      eventually_due: requirements?.eventually_due ?? [],
      past_due: requirements?.past_due ?? [],
      pending_verification: requirements?.pending_verification ?? [],
      disabled_reason: requirements?.disabled_reason ?? null,
      current_deadline: requirements?.current_deadline ? fromSeconds(requirements.current_deadline) : null,
    },
    metadata: account.metadata ?? {},
    created: account.created === undefined ? null : fromSeconds(account.created),
  };
}

/** The account's state in one word, for people. */
function accountStatus({
  requirements,
  capabilities,
  details_submitted,
}: Stripe.Account): AccountResource['status'] {
  const disabledReason = requirements?.disabled_reason ?? null;
  const active = Object.values(capabilities ?? {}).includes('active');
  if (disabledReason?.startsWith('rejected.')) return 'rejected';
  if (!active && !details_submitted) return 'onboarding';
  if (!active || disabledReason !== null || (requirements?.past_due ?? []).length > 0) return 'restricted';
  return requirements?.current_deadline ? 'restricted_soon' : 'enabled';
}

function fromSeconds(seconds: number): string {
  return rfc3339(seconds * 1_000);
}
