import type { Account, CapabilityStatus, Controller, Requirements } from '../objects/connect.ts';

const CURRENCY_OF: Record<string, string> = {
  AU: 'aud',
  BR: 'brl',
  CA: 'cad',
  CH: 'chf',
  CZ: 'czk',
  DK: 'dkk',
  GB: 'gbp',
  HK: 'hkd',
  IN: 'inr',
  JP: 'jpy',
  MX: 'mxn',
  NO: 'nok',
  NZ: 'nzd',
  PL: 'pln',
  SE: 'sek',
  SG: 'sgd',
  US: 'usd',
};

/** Every other country of the sandbox's world pays in euros. */
export function homeCurrency(country: string): string {
  return CURRENCY_OF[country] ?? 'eur';
}

const SHORT_DELAY_DAYS = 2;
const LONG_DELAY_DAYS = 7;
const FAST_COUNTRIES = new Set(['AU', 'US']);

export function defaultDelayDays(country: string): number {
  return FAST_COUNTRIES.has(country) ? SHORT_DELAY_DAYS : LONG_DELAY_DAYS;
}

export const CONTROLLERS: Record<'custom' | 'express' | 'standard', Controller> = {
  custom: {
    fees: { payer: 'application_custom' },
    losses: { payments: 'application' },
    requirement_collection: 'application',
    stripe_dashboard: { type: 'none' },
  },
  express: {
    fees: { payer: 'application_express' },
    losses: { payments: 'application' },
    requirement_collection: 'stripe',
    stripe_dashboard: { type: 'express' },
  },
  standard: {
    fees: { payer: 'account' },
    losses: { payments: 'stripe' },
    requirement_collection: 'stripe',
    stripe_dashboard: { type: 'full' },
  },
};

export const NOTHING_DUE: Requirements = {
  current_deadline: null,
  currently_due: [],
  disabled_reason: null,
  eventually_due: [],
  past_due: [],
  pending_verification: [],
};

function anyActive(capabilities: Record<string, CapabilityStatus>): boolean {
  return Object.values(capabilities).includes('active');
}

/**
 * What follows from capabilities and bank accounts. Identity is taken as proven here: the life of requirements before
 * that belongs to onboarding.
 */
export function withConsequences(account: Account): Account {
  const hasBank = account.external_accounts.length > 0;
  const active = anyActive(account.capabilities);
  const own = account.requirements.currently_due.filter((name) => name !== 'external_account');
  const due = hasBank || !account.details_submitted ? own : [...own, 'external_account'];
  const pastDue = account.requirements.past_due.filter((name) => due.includes(name));
  const blocking =
    due.includes('external_account') && !pastDue.includes('external_account') ? ['external_account'] : [];
  return {
    ...account,
    charges_enabled:
      account.capabilities.card_payments === 'active' || account.capabilities.transfers === 'active',
    payouts_enabled: hasBank && active,
    requirements: {
      ...account.requirements,
      currently_due: due,
      eventually_due: [
        ...new Set([
          ...account.requirements.eventually_due.filter((name) => name !== 'external_account'),
          ...due,
        ]),
      ],
      past_due: [...pastDue, ...blocking],
      disabled_reason:
        due.length > 0 ? (account.requirements.disabled_reason ?? 'requirements.past_due') : null,
    },
  };
}

export function newAccount(
  fields: Partial<Account> & Pick<Account, 'id' | 'country' | 'created' | 'type'>,
): Account {
  const kind = fields.type === 'none' ? 'custom' : fields.type;
  return withConsequences({
    owner: fields.id,
    business_profile: {},
    business_type: null,
    capabilities: {},
    charges_enabled: false,
    controller: CONTROLLERS[kind],
    default_currency: homeCurrency(fields.country),
    deleted: false,
    details_submitted: true,
    email: null,
    external_accounts: [],
    metadata: {},
    payouts_enabled: false,
    requirements: NOTHING_DUE,
    schedule: { delay_days: defaultDelayDays(fields.country), interval: 'daily' },
    statement_descriptor: null,
    tos_acceptance: { date: null, ip: null, service_agreement: 'full' },
    ...fields,
  });
}
