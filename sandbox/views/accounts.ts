import type { Context } from '../core/context.ts';
import { personLacks } from '../flows/requirements.ts';
import type { Account, Company, ExternalAccount, Person } from '../objects/accounts.ts';
import type { Json } from './json.ts';
import { sublist } from './json.ts';

const NOTHING_OWED = { currently_due: [], errors: [], past_due: [], pending_verification: [] };

/** As an account has it, or, without one, as a token shows it. */
export function externalAccountView(account: string | null, row: ExternalAccount): Json {
  const { sandbox, metadata, default_for_currency, status, ...shown } = row;
  const owned =
    account === null
      ? {}
      : {
          account,
          available_payout_methods: sandbox.instant ? ['standard', 'instant'] : ['standard'],
          default_for_currency,
          metadata,
          status,
        };
  if (row.object === 'bank_account') {
    return {
      ...shown,
      ...owned,
      ...(account === null ? {} : { future_requirements: NOTHING_OWED, requirements: NOTHING_OWED }),
      account_type: null,
      status,
    };
  }
  return {
    ...shown,
    ...owned,
    address_city: null,
    address_country: null,
    address_line1: null,
    address_line1_check: null,
    address_line2: null,
    address_state: null,
    address_zip: null,
    address_zip_check: null,
    cvc_check: 'unchecked',
    dynamic_last4: null,
    regulated_status: 'unregulated',
    tokenization_method: null,
  };
}

function documentView({ back, front }: { back: string | null; front: string | null }): Json {
  return { back, details: null, details_code: null, front };
}

const VERIFICATION = { failed: 'unverified', open: 'pending', passed: 'verified' } as const;

export function personView(ctx: Context, row: Person): Json {
  const { owner: _, sandbox, document, email, phone, ...person } = row;
  const account = ctx.tx.must('account', row.account);
  const { current, eventual } = personLacks(account, row);
  const failed = sandbox.check === 'failed' ? ['verification.document'] : [];
  const due = [...current, ...failed];
  return {
    object: 'person',
    ...person,
    address: { ...person.address, country: person.address.country ?? account.country },
    ...(email === null ? {} : { email }),
    ...(phone === null ? {} : { phone }),
    future_requirements: {
      alternatives: [],
      currently_due: [],
      errors: [],
      eventually_due: [],
      past_due: [],
      pending_verification: [],
    },
    requirements: {
      alternatives: [],
      currently_due: due,
      errors: [],
      eventually_due: [...due, ...eventual],
      past_due: due,
      pending_verification: [],
    },
    verification: {
      additional_document: { back: null, details: null, details_code: null, front: null },
      details: null,
      details_code: sandbox.check === 'failed' ? 'failed_keyed_identity' : null,
      document: documentView(document),
      status: VERIFICATION[sandbox.check],
    },
  };
}

function companyView({ sandbox: _, document, ...company }: Company): Json {
  return {
    ...company,
    structure: company.structure ?? undefined,
    verification: { document: documentView(document) },
  };
}

const NOTHING_DUE_LATER = {
  alternatives: [],
  current_deadline: null,
  currently_due: [],
  disabled_reason: null,
  errors: [],
  eventually_due: [],
  past_due: [],
  pending_verification: [],
};

export function accountView(ctx: Context, row: Account): Json {
  if (row.deleted) return { id: row.id, object: 'account', deleted: true };
  const { owner: _, deleted: __, sandbox: ___, company, controller, external_accounts, ...account } = row;
  return {
    object: 'account',
    ...account,
    business_profile: {
      annual_revenue: null,
      estimated_worker_count: null,
      mcc: null,
      minority_owned_business_designation: null,
      name: null,
      product_description: null,
      support_address: null,
      support_email: null,
      support_phone: null,
      support_url: null,
      url: null,
      ...account.business_profile,
    },
    ...particulars(ctx, row),
    controller: { ...controller, is_controller: true, type: 'application' },
    external_accounts: sublist(
      external_accounts.map((one) => externalAccountView(row.id, one)),
      `/v1/accounts/${row.id}/external_accounts`,
    ),
    future_requirements: { ...NOTHING_DUE_LATER, ...row.sandbox.forced.future_requirements },
    ...(controller.stripe_dashboard.type === 'express'
      ? { login_links: sublist([], `/v1/accounts/${row.id}/login_links`) }
      : {}),
    requirements: { alternatives: [], ...account.requirements },
    settings: settingsView(row),
    ...onboardedView(row),
  };
}

/** What Stripe has collected itself it keeps to itself. */
function onboardedView({ controller, details_submitted, tos_acceptance }: Account): Json {
  if (controller.requirement_collection !== 'stripe' || !details_submitted) return {};
  const { date, service_agreement } = tos_acceptance;
  return { business_type: undefined, tos_acceptance: { date, service_agreement } };
}

/** The company of somebody who has none, as US accounts show it. */
function companyOf(individual: Person | undefined): Json {
  const nowhere = { city: null, line1: null, line2: null, postal_code: null, state: null };
  return {
    address: { ...(individual?.address ?? nowhere), country: individual?.address.country ?? 'US' },
    directors_provided: true,
    executives_provided: true,
    name: null,
    owners_provided: true,
    ...(individual?.phone ? { phone: individual.phone } : {}),
    tax_id_provided: false,
    verification: { document: documentView({ back: null, front: null }) },
  };
}

/** Who is behind it, shown only to the platform that collects it. */
function particulars(ctx: Context, { id, business_type, company, controller, country }: Account): Json {
  if (controller.requirement_collection !== 'application') return {};
  const individual = [...ctx.tx.where('person', 'account', id)].find(({ sandbox }) => sandbox.individual);
  const hasNone = business_type === 'individual' && country === 'US';
  return {
    ...(company ? { company: companyView(company) } : hasNone ? { company: companyOf(individual) } : {}),
    ...(individual ? { individual: personView(ctx, individual) } : {}),
  };
}

function settingsView({ settings, business_profile }: Account): Json {
  return {
    bacs_debit_payments: { display_name: null, service_user_number: null },
    branding: { icon: null, logo: null, primary_color: null, secondary_color: null },
    card_issuing: { tos_acceptance: { date: null, ip: null } },
    card_payments: {
      decline_on: { avs_failure: false, cvc_failure: false },
      statement_descriptor_prefix: settings.statement_descriptor_prefix,
      statement_descriptor_prefix_kana: null,
      statement_descriptor_prefix_kanji: null,
    },
    dashboard: { display_name: business_profile.name ?? null, timezone: 'Etc/UTC' },
    invoices: { default_account_tax_ids: null, hosted_payment_method_save: 'offer' },
    payments: {
      statement_descriptor: settings.statement_descriptor,
      statement_descriptor_kana: null,
      statement_descriptor_kanji: null,
    },
    payouts: {
      debit_negative_balances: settings.debit_negative_balances,
      schedule: settings.schedule,
      statement_descriptor: settings.payout_statement_descriptor,
    },
    sepa_debit_payments: {},
  };
}

/** One capability of an account with what it waits for. */
export function capabilityView(account: Account, name: string): Json {
  const { currently_due, past_due, eventually_due, pending_verification, current_deadline, errors } =
    account.requirements;
  const status = account.capabilities[name] ?? 'unrequested';
  const requestedAt = account.sandbox.requested[name];
  const asked = requestedAt !== undefined;
  return {
    id: name,
    object: 'capability',
    account: account.id,
    future_requirements: NOTHING_DUE_LATER,
    requested: asked,
    requested_at: requestedAt ?? null,
    requirements: {
      alternatives: [],
      current_deadline: asked ? current_deadline : null,
      currently_due: asked ? currently_due : [],
      disabled_reason: asked && status === 'inactive' ? capabilityReason(account) : null,
      errors: asked ? errors : [],
      eventually_due: asked ? eventually_due : [],
      past_due: asked ? past_due : [],
      pending_verification: asked ? pending_verification : [],
    },
    status,
  };
}

function capabilityReason({ sandbox }: Account): string {
  return sandbox.rejected === null ? 'requirements.fields_needed' : 'rejected.other';
}
