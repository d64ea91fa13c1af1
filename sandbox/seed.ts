import type { Transaction } from './core/transaction.ts';
import { assessed, newAccount } from './flows/accounts.ts';
import type { Account, BankAccount } from './objects/accounts.ts';

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

interface Seed extends Pick<Account, 'id' | 'country' | 'type'> {
  name: string;
  agreement?: Account['tos_acceptance']['service_agreement'];
  /** Nothing is known of it yet. */
  unknown?: true;
}

/** The first is the oldest: a list starts with the last. */
const CONNECTED: readonly Seed[] = [
  { id: SEEDED_ACCOUNTS.jpCustom, name: 'JP custom, outside the region', country: 'JP', type: 'custom' },
  { id: SEEDED_ACCOUNTS.usStandard, name: 'US standard, enabled', country: 'US', type: 'standard' },
  {
    id: SEEDED_ACCOUNTS.usNotEnabled,
    name: 'US custom, not yet enabled',
    country: 'US',
    type: 'custom',
    unknown: true,
  },
  {
    id: SEEDED_ACCOUNTS.gbRecipient,
    name: 'GB custom, recipient service agreement',
    country: 'GB',
    type: 'custom',
    agreement: 'recipient',
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
    status: 'new',
    sandbox: { payout: 'paid', instant: country === 'US' },
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

function account(seed: Seed, created: number): Account {
  const { id, country, type, name, agreement = 'full', unknown = false } = seed;
  const asked = agreement === 'recipient' ? ['transfers'] : ['card_payments', 'transfers'];
  const base = newAccount({
    id,
    country,
    type,
    created,
    business_profile: { name },
    business_type: 'individual',
    email: `${id.slice(-8).toLowerCase()}@example.com`,
    metadata: { waybill_seed: name },
    sandbox: {
      enabled: !unknown,
      known: !unknown,
      requested: Object.fromEntries(asked.map((capability) => [capability, created])),
    },
  });
  const { settings, tos_acceptance, default_currency } = base;
  const complete: Account = {
    ...base,
    details_submitted: !unknown,
    external_accounts: unknown ? [] : [bankOf(id, country, default_currency)],
    // Their money stays where a test put it, unless the test pays it out.
    settings: { ...settings, schedule: { ...settings.schedule, interval: 'manual' } },
    tos_acceptance:
      agreement === 'full' ? tos_acceptance : { ...tos_acceptance, service_agreement: agreement },
  };
  return assessed(complete, [], created);
}
