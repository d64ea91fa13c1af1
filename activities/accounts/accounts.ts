import type Stripe from 'stripe';
import type {
  ConnectAccountOperation,
  CreateAccountOperation,
  UpdateAccountOperation,
} from '../../contract/account-operations.ts';
import type { OperationOutcome } from '../../contract/operations.ts';
import type { AccountChanges, AccountTerms } from '../../domain/accounts/account-terms.ts';
import { REQUEST_HASH } from '../../domain/commands/operation-stamp.ts';
import { accountMetadata, isMadeBy, LAST_CHANGE } from '../../domain/ids.ts';
import { accountFactsOf } from '../../stripe/account-facts.ts';
import { claim } from '../shared/claim.ts';
import type { ActivityDeps } from '../shared/deps.ts';
import { earliestEffect, newest } from '../shared/recent.ts';
import { refusedCreation } from '../shared/refused-creation.ts';
import type { Handlers } from '../shared/run-once.ts';

/** Creates a connected account; found again, where the answer was lost, by its metadata. */
export function createAccountHandlers({ stripe }: ActivityDeps, operation: CreateAccountOperation): Handlers {
  const { terms, reference, operationId } = operation;
  const metadata = {
    ...terms.metadata,
    ...accountMetadata(reference, operationId),
    [REQUEST_HASH]: operation.requestHash,
  };
  return {
    call: async (idempotencyKey) =>
      accountOutcome(await stripe.accounts.create({ ...createParams(terms), metadata }, { idempotencyKey })),
    findCreated: async () => {
      const recent = await newest(stripe.accounts.list({ limit: 100 }), operation.requestedAt);
      const made = recent.find(({ metadata: known }) => known?.waybill_account === reference);
      if (!made) return null;
      return refusedCreation(operation, made.metadata, 'account') ?? readAccountOutcome(stripe, made.id);
    },
    findEffect: async () => {
      const created = { gte: earliestEffect(operation.requestedAt) };
      for await (const { id, metadata: known } of stripe.accounts.list({ created, limit: 100 })) {
        if (isMadeBy(operation, known)) return readAccountOutcome(stripe, id);
      }
      return null;
    },
    verify: (id) => claimAccount(stripe, operation, id),
  };
}

/** Changes an account. The change leaves its id in the account's metadata, so that it is known whether it arrived. */
export function updateAccountHandlers({ stripe }: ActivityDeps, operation: UpdateAccountOperation): Handlers {
  const { account, changes, operationId } = operation;
  const findEffect = async (): Promise<OperationOutcome | null> => {
    const known = await stripe.accounts.retrieve(account);
    return known.metadata?.[LAST_CHANGE] === operationId ? accountOutcome(known) : null;
  };
  return {
    call: async (idempotencyKey) => {
      const metadata = { ...changes.metadata, [LAST_CHANGE]: operationId };
      return accountOutcome(
        await stripe.accounts.update(account, { ...changeParams(changes), metadata }, { idempotencyKey }),
      );
    },
    findEffect,
    verify: async (id) => (id === account ? findEffect() : null),
  };
}

/** An account that an operator names, which becomes that of this reference. */
export function claimAccount(
  stripe: Stripe,
  operation: CreateAccountOperation | ConnectAccountOperation,
  id: string,
): ReturnType<Handlers['verify']> {
  return claim(operation, {
    retrieve: () => stripe.accounts.retrieve(id),
    isLike: () => true,
    mark: (metadata, options) => stripe.accounts.update(id, { metadata }, options),
    outcome: accountOutcome,
  });
}

export function accountOutcome(account: Stripe.Response<Stripe.Account>): OperationOutcome {
  return {
    type: 'account',
    stripeRequestId: account.lastResponse.requestId,
    account: accountFactsOf(account),
  };
}

export async function readAccountOutcome(stripe: Stripe, id: string): Promise<OperationOutcome> {
  return accountOutcome(await stripe.accounts.retrieve(id));
}

function createParams({ type, controller, country, serviceAgreement, ...changes }: AccountTerms) {
  return {
    ...(type === null ? {} : { type }),
    ...(controller === null ? {} : { controller }),
    ...(country === null ? {} : { country }),
    ...(serviceAgreement === null ? {} : { tos_acceptance: { service_agreement: serviceAgreement } }),
    ...changeParams(changes),
  } as Stripe.AccountCreateParams;
}

function changeParams(changes: AccountChanges): Stripe.AccountUpdateParams {
  const { capabilities, payoutSchedule, statementDescriptor } = changes;
  const settings = {
    ...(payoutSchedule ? { payouts: { schedule: scheduleParams(payoutSchedule) } } : {}),
    ...(statementDescriptor ? { payments: { statement_descriptor: statementDescriptor } } : {}),
  };
  return {
    ...(changes.accountToken ? { account_token: changes.accountToken } : {}),
    ...(changes.externalAccount ? { external_account: changes.externalAccount } : {}),
    ...(changes.businessType ? { business_type: changes.businessType } : {}),
    ...(changes.email ? { email: changes.email } : {}),
    ...(changes.businessProfile ? { business_profile: changes.businessProfile } : {}),
    ...(capabilities ? { capabilities: requested(capabilities) } : {}),
    ...(changes.defaultCurrency ? { default_currency: changes.defaultCurrency } : {}),
    ...(Object.keys(settings).length > 0 ? { settings } : {}),
  } as Stripe.AccountUpdateParams;
}

function requested(capabilities: readonly string[]): Stripe.AccountUpdateParams.Capabilities {
  return Object.fromEntries(capabilities.map((name) => [name, { requested: true }]));
}

function scheduleParams({
  interval,
  delayDays,
  weeklyAnchor,
  monthlyAnchor,
}: NonNullable<AccountChanges['payoutSchedule']>) {
  return {
    interval,
    ...(delayDays === null ? {} : { delay_days: delayDays }),
    ...(weeklyAnchor === null ? {} : { weekly_anchor: weeklyAnchor }),
    ...(monthlyAnchor === null ? {} : { monthly_anchor: monthlyAnchor }),
  };
}
