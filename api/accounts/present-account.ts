import type Stripe from 'stripe';
import type { Account } from '../../domain/accounts/account.ts';
import { accountNotices, accountStatus } from '../../domain/accounts/account.ts';
import { presentFacts, presentKnownAccount } from '../../domain/accounts/present-account.ts';
import { presentPending } from '../../domain/commands/present-pending.ts';
import { accountReference } from '../../domain/ids.ts';
import { firstNeed, nextAttemptAt } from '../../domain/orders/needs.ts';
import { presentNeed } from '../../domain/orders/present-need.ts';
import { rfc3339 } from '../../domain/rfc3339.ts';
import { accountFactsOf } from '../../stripe/account-facts.ts';
import type { AccountResource, ExternalAccountResource } from './account-schema.ts';

/** What others may know of a connected account: no identity data, no bank numbers. */
export function presentAccount(
  account: Stripe.Account,
  externalAccounts: readonly Stripe.ExternalAccount[],
): AccountResource {
  const facts = accountFactsOf(account);
  const shown = presentFacts(facts);
  const errors = account.requirements?.errors ?? [];
  return {
    ...shown,
    requirements: {
      ...shown.requirements,
      errors: errors.map(({ requirement, code, reason }) => ({ requirement, code, reason })),
    },
    future_requirements: futureRequirementsOf(account),
    reference: accountReference(account),
    status: accountStatus(facts),
    external_accounts: externalAccounts.flatMap(presentExternalAccount),
  };
}

function futureRequirementsOf({ future_requirements: future }: Stripe.Account) {
  const deadline = future?.current_deadline ?? null;
  return {
    currently_due: future?.currently_due ?? [],
    current_deadline: deadline === null ? null : rfc3339(deadline * 1_000),
  };
}

/** An account that Stripe cannot be asked about: not created yet, or disconnected. */
export function presentFromWorkflow(account: Account): AccountResource {
  return {
    ...presentKnownAccount(account),
    external_accounts: [],
    pending: presentPending(account.pending, null),
    needs_attention: presentNeedsOfAccount(account),
  };
}

export function presentNeedsOfAccount(account: Account) {
  return presentNeed(firstNeed(account.attention, accountNotices(account)), nextAttemptAt(account));
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
      status: external.object === 'bank_account' ? external.status : null,
    },
  ];
}
