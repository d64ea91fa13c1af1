import type { Context } from '../core/context.ts';
import { namesOfFacts, spendEntityToken, withEntity } from '../flows/account-changes.ts';
import { saveAccount, withAnswers } from '../flows/accounts.ts';
import { emitObject } from '../flows/events.ts';
import { readExternalAccount } from '../flows/external-accounts.ts';
import { TEST_PERSON } from '../flows/identity.ts';
import { schedulePayout } from '../flows/payout-schedule.ts';
import { invalid } from '../http/errors.ts';
import type { Parsed } from '../http/params.ts';
import { mergeMetadata } from '../http/params.ts';
import type { Account, AccountFacts, AccountSettings, ExternalAccount } from '../objects/accounts.ts';
import { externalAccountView } from '../views/accounts.ts';
import type { updateAccountShape } from './account-params.ts';
import { companyFacts, namesOf, personFacts } from './person-params.ts';

export type UpdateParams = Parsed<typeof updateAccountShape>;

type Agreement = NonNullable<Account['tos_acceptance']['service_agreement']>;

function requested(
  ctx: Context,
  before: Account,
  params: UpdateParams,
  agreement: Agreement,
): Record<string, number> {
  const old = (params.requested_capabilities ?? []).map((name) => [name, true] as const);
  const result = { ...before.sandbox.requested };
  for (const [name, asked] of [...old, ...Object.entries(params.capabilities ?? {})]) {
    if (asked) result[name] ??= ctx.now;
    else delete result[name];
  }
  if (agreement === 'recipient' && 'card_payments' in result) {
    throw invalid(
      'Accounts under the recipient service agreement cannot request the card_payments capability.',
      'capabilities[card_payments]',
    );
  }
  return result;
}

/** A recipient gets money from abroad and takes no cards; at home the full agreement is the only one. */
function checkAgreement(ctx: Context, account: Account, agreement: Agreement): void {
  const home = ctx.tx.must('account', ctx.settings.platform).country;
  if (agreement !== 'recipient' || account.country !== home) return;
  throw invalid(
    `The recipient ToS agreement is not supported for platforms in ${home} creating accounts in ${account.country}. See https://stripe.com/docs/connect/cross-border-payouts for more details.`,
    'tos_acceptance[service_agreement]',
  );
}

/** Where Stripe collects the requirements, the terms are accepted by the person on Stripe's page, not by the platform. */
function checkAcceptance({ controller, type }: Account, params: UpdateParams): void {
  const accepts = params.tos_acceptance?.date !== undefined || params.tos_acceptance?.ip !== undefined;
  if (!accepts || controller.requirement_collection === 'application') return;
  throw invalid(
    `You cannot accept the Terms of Service on behalf of ${type === 'standard' ? 'Standard' : 'Express'} connected accounts.`,
    'tos_acceptance[date]',
  );
}

function settingsOf(before: AccountSettings, params: UpdateParams): AccountSettings {
  const { payments, payouts, card_payments } = params.settings ?? {};
  const { schedule } = payouts ?? {};
  const delay = schedule?.delay_days === 'minimum' ? undefined : schedule?.delay_days;
  const interval = schedule?.interval ?? before.schedule.interval;
  const anchors = {
    ...(interval === 'weekly'
      ? pick({ ...before.schedule, ...schedule }, ['weekly_anchor', 'weekly_payout_days'])
      : {}),
    ...(interval === 'monthly'
      ? pick({ ...before.schedule, ...schedule }, ['monthly_anchor', 'monthly_payout_days'])
      : {}),
  };
  if (interval === 'weekly' && Object.keys(anchors).length === 0) throw missingAnchor('weekly');
  if (interval === 'monthly' && Object.keys(anchors).length === 0) throw missingAnchor('monthly');
  return {
    debit_negative_balances: payouts?.debit_negative_balances ?? before.debit_negative_balances,
    payout_statement_descriptor: payouts?.statement_descriptor ?? before.payout_statement_descriptor,
    schedule: { delay_days: delay ?? before.schedule.delay_days, interval, ...anchors },
    statement_descriptor: payments?.statement_descriptor ?? before.statement_descriptor,
    statement_descriptor_prefix:
      card_payments?.statement_descriptor_prefix ?? before.statement_descriptor_prefix,
  };
}

function pick<T extends object, K extends keyof T>(from: T, keys: K[]): { [P in K]?: NonNullable<T[P]> } {
  return Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]])) as {
    [P in K]?: NonNullable<T[P]>;
  };
}

function missingAnchor(interval: 'monthly' | 'weekly') {
  const param = `settings[payouts][schedule][${interval}_anchor]`;
  return invalid(
    `You must provide ${interval}_anchor when the payout interval is ${interval}.`,
    param,
    'parameter_missing',
  );
}

/** The account that stands in the request takes the place of those it had in that currency. */
function externalAccounts(ctx: Context, before: Account, params: UpdateParams): ExternalAccount[] {
  for (const param of ['external_account', 'bank_account'] as const) {
    const given = params[param];
    if (given === undefined) continue;
    const added = readExternalAccount(ctx, given, param, before);
    emitObject(ctx, 'account.external_account.created', externalAccountView(before.id, added), before.id);
    return [added, ...before.external_accounts.filter((one) => one.currency !== added.currency)];
  }
  return before.external_accounts;
}

function entityOf(ctx: Context, params: UpdateParams): AccountFacts {
  const { account_token, business_type, company, individual } = params;
  if (account_token === undefined) {
    return {
      ...(business_type === undefined ? {} : { business_type }),
      ...(company ? { company: companyFacts(company) } : {}),
      ...(individual ? { individual: personFacts(individual) } : {}),
    };
  }
  for (const [name, value] of Object.entries({ business_type, company, individual })) {
    if (value === undefined) continue;
    throw invalid(
      `You cannot pass '${name}' together with 'account_token': the token already carries the legal entity.`,
      name,
    );
  }
  return spendEntityToken(ctx, account_token, 'account', 'account_token');
}

const HERE = '127.0.0.1';

/** Applies parameters to an account, at its creation or later, and keeps it with all that follows. */
export function changeAccount(
  ctx: Context,
  before: Account,
  params: UpdateParams,
  time: 'created' | 'later' = 'later',
): Account {
  const named = params.tos_acceptance?.service_agreement;
  const agreement = named ?? before.tos_acceptance.service_agreement;
  if (named !== undefined) checkAgreement(ctx, before, named);
  checkAcceptance(before, params);
  const facts = entityOf(ctx, params);
  const accepted = facts.tosAccepted ? { date: ctx.now, ip: HERE } : {};
  const changed: Account = {
    ...before,
    business_profile: { ...before.business_profile, ...params.business_profile },
    default_currency: params.default_currency ?? before.default_currency,
    email: params.email === undefined ? before.email : params.email,
    external_accounts: externalAccounts(ctx, before, params),
    metadata: mergeMetadata(before.metadata, params.metadata),
    settings: settingsOf(before.settings, params),
    tos_acceptance: {
      date: params.tos_acceptance?.date ?? before.tos_acceptance.date,
      ip: params.tos_acceptance?.ip ?? before.tos_acceptance.ip,
      user_agent: params.tos_acceptance?.user_agent ?? before.tos_acceptance.user_agent,
      ...accepted,
      ...(agreement === undefined ? {} : { service_agreement: agreement }),
    },
    sandbox: { ...before.sandbox, requested: requested(ctx, before, params, agreement ?? 'full') },
  };
  const { company: _, individual: __, account_token: ___, ...plain } = params;
  const given = [...namesOf(plain, ''), ...namesOfFacts(facts)];
  const known =
    time === 'created' && isTestIndividual(before, params) ? withTestIndividual(ctx, changed) : changed;
  const told = withEntity(ctx, withAnswers(known, given), facts);
  const saved = saveAccount(ctx, told);
  // A new schedule holds for what is already there.
  if (params.settings?.payouts?.schedule) schedulePayout(ctx, saved.id);
  return saved;
}

/**
 * A Custom account that is created as an individual's, without any data of that individual, counts as one
 * whose particulars are on file: the recordings of such accounts leave them out, and most tests do not care.
 */
function isTestIndividual({ type }: Account, params: UpdateParams): boolean {
  const told = [
    params.individual,
    params.account_token,
    params.business_profile,
    params.tos_acceptance?.date,
  ];
  return (
    type === 'custom' && params.business_type === 'individual' && told.every((value) => value === undefined)
  );
}

function withTestIndividual(ctx: Context, account: Account): Account {
  return withEntity(
    ctx,
    {
      ...account,
      business_profile: { mcc: '5734', url: 'https://accessible.stripe.com', ...account.business_profile },
      tos_acceptance: { ...account.tos_acceptance, date: ctx.now, ip: HERE },
    },
    { business_type: 'individual', individual: TEST_PERSON },
  );
}
