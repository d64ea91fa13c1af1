import type { Transaction } from './core/transaction.ts';
import { newAccount } from './flows/accounts.ts';
import type { Account, BankAccount, CapabilityStatus } from './objects/connect.ts';

/** Ids that stay the same everywhere, so that documents and tests can name them. */
export const SEEDED_ACCOUNTS = {
  platform: 'acct_1WaybillPlatform',
  usCustom: 'acct_1WaybillUSCustom',
  usExpress: 'acct_1WaybillUSXpress',
  usStandard: 'acct_1WaybillUSStndrd',
  deCustom: 'acct_1WaybillDECustom',
  gbRecipient: 'acct_1WaybillGBPayee0',
  jpCustom: 'acct_1WaybillJPCustom',
  usNotEnabled: 'acct_1WaybillUSNotYet',
} as const;

type Seed = Partial<Account> & Pick<Account, 'id' | 'country' | 'type'> & { name: string };

const BOTH: Record<string, CapabilityStatus> = { card_payments: 'active', transfers: 'active' };

const IDENTITY_DUE = [
  'business_profile.url',
  'external_account',
  'individual.dob.day',
  'individual.first_name',
  'individual.last_name',
  'individual.ssn_last_4',
  'tos_acceptance.date',
];

/** The first is the oldest: a list starts with the last. */
const CONNECTED: readonly Seed[] = [
  { id: SEEDED_ACCOUNTS.jpCustom, name: 'JP custom, outside the region', country: 'JP', type: 'custom' },
  { id: SEEDED_ACCOUNTS.usStandard, name: 'US standard, enabled', country: 'US', type: 'standard' },
  {
    id: SEEDED_ACCOUNTS.usNotEnabled,
    name: 'US custom, not yet enabled',
    country: 'US',
    type: 'custom',
    capabilities: { card_payments: 'inactive', transfers: 'inactive' },
    details_submitted: false,
    requirements: {
      current_deadline: null,
      currently_due: IDENTITY_DUE,
      disabled_reason: 'requirements.past_due',
      eventually_due: IDENTITY_DUE,
      past_due: IDENTITY_DUE,
      pending_verification: [],
    },
    external_accounts: [],
  },
  {
    id: SEEDED_ACCOUNTS.gbRecipient,
    name: 'GB custom, recipient service agreement',
    country: 'GB',
    type: 'custom',
    capabilities: { transfers: 'active' },
    tos_acceptance: { date: null, ip: null, service_agreement: 'recipient' },
  },
  { id: SEEDED_ACCOUNTS.deCustom, name: 'DE custom, enabled', country: 'DE', type: 'custom' },
  { id: SEEDED_ACCOUNTS.usExpress, name: 'US express, enabled', country: 'US', type: 'express' },
  { id: SEEDED_ACCOUNTS.usCustom, name: 'US custom, enabled', country: 'US', type: 'custom' },
];

function bankOf(account: string, country: string, currency: string): BankAccount {
  return {
    id: `ba_${account.slice('acct_'.length)}Bank0001`,
    object: 'bank_account',
    account_holder_name: null,
    account_holder_type: null,
    bank_name: 'STRIPE TEST BANK',
    country,
    currency,
    default_for_currency: true,
    fingerprint: 'Ba6789Waybill1',
    last4: '6789',
    metadata: {},
    routing_number: country === 'US' ? '110000000' : null,
  };
}

/** The world before the first request: the platform and its connected accounts, without a cent anywhere. */
export function seedAccounts(tx: Transaction, created: number, platformCountry: string): void {
  tx.put(
    'account',
    account(
      { id: SEEDED_ACCOUNTS.platform, name: 'Waybill platform', country: platformCountry, type: 'standard' },
      created,
    ),
  );
  for (const seed of CONNECTED) tx.put('account', account(seed, created));
}

function account({ name, ...fields }: Seed, created: number): Account {
  const base = newAccount({ ...fields, created });
  return newAccount({
    capabilities: BOTH,
    external_accounts: [bankOf(fields.id, fields.country, base.default_currency)],
    business_type: 'individual',
    email: `${fields.id.slice(-8).toLowerCase()}@example.com`,
    ...fields,
    business_profile: { name },
    created,
    metadata: { waybill_seed: name },
  });
}
