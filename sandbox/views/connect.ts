import type { Context } from '../core/context.ts';
import type {
  Account,
  ApplicationFee,
  BalanceTransaction,
  BankAccount,
  FeeRefund,
  Transfer,
  TransferReversal,
} from '../objects/connect.ts';
import type { Json } from './json.ts';
import { sublist } from './json.ts';
import { applicationId } from './payments.ts';

export function transferView(ctx: Context, row: Transfer): Json {
  const { owner: _, ...transfer } = row;
  const reversals = [...ctx.tx.where('transfer_reversal', 'transfer', transfer.id)];
  return {
    object: 'transfer',
    ...transfer,
    livemode: false,
    reversals: sublist(
      reversals.map((reversal) => transferReversalView(ctx, reversal)),
      `/v1/transfers/${transfer.id}/reversals`,
    ),
  };
}

export function transferReversalView(_ctx: Context, row: TransferReversal): Json {
  const { owner: _, ...reversal } = row;
  return { object: 'transfer_reversal', ...reversal };
}

export function applicationFeeView(ctx: Context, row: ApplicationFee): Json {
  const { owner: _, sandbox: __, ...fee } = row;
  const refunds = [...ctx.tx.where('fee_refund', 'fee', fee.id)];
  return {
    object: 'application_fee',
    ...fee,
    application: applicationId,
    fee_source: { charge: fee.charge, type: 'charge' },
    livemode: false,
    refunds: sublist(
      refunds.map((refund) => feeRefundView(ctx, refund)),
      `/v1/application_fees/${fee.id}/refunds`,
    ),
  };
}

export function feeRefundView(_ctx: Context, row: FeeRefund): Json {
  const { owner: _, ...refund } = row;
  return { object: 'fee_refund', ...refund };
}

export function balanceTransactionView(ctx: Context, row: BalanceTransaction): Json {
  const { owner: _, ...transaction } = row;
  return {
    object: 'balance_transaction',
    ...transaction,
    balance_type: 'payments',
    status: transaction.available_on <= ctx.now ? 'available' : 'pending',
  };
}

const NOTHING_DUE = { currently_due: [], errors: [], past_due: [], pending_verification: [] };

export function bankAccountView(account: string | null, bank: BankAccount): Json {
  return {
    ...bank,
    ...(account === null
      ? {}
      : {
          account,
          available_payout_methods: ['standard'],
          future_requirements: NOTHING_DUE,
          requirements: NOTHING_DUE,
        }),
    account_type: null,
    ...(account === null ? { metadata: undefined, default_for_currency: undefined } : {}),
    status: 'new',
  };
}

export function accountView(_ctx: Context, row: Account): Json {
  if (row.deleted) return { id: row.id, object: 'account', deleted: true };
  const {
    owner: _,
    deleted: __,
    external_accounts,
    schedule,
    statement_descriptor,
    controller,
    ...account
  } = row;
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
    controller: { ...controller, is_controller: true, type: 'application' },
    external_accounts: sublist(
      external_accounts.map((bank) => bankAccountView(row.id, bank)),
      `/v1/accounts/${row.id}/external_accounts`,
    ),
    future_requirements: {
      alternatives: [],
      current_deadline: null,
      currently_due: [],
      disabled_reason: null,
      errors: [],
      eventually_due: [],
      past_due: [],
      pending_verification: [],
    },
    requirements: { alternatives: [], errors: [], ...account.requirements },
    settings: accountSettings(row),
    tos_acceptance: { user_agent: null, ...account.tos_acceptance },
  };
}

function accountSettings({ schedule, statement_descriptor, business_profile }: Account): Json {
  return {
    bacs_debit_payments: { display_name: null, service_user_number: null },
    branding: { icon: null, logo: null, primary_color: null, secondary_color: null },
    card_issuing: { tos_acceptance: { date: null, ip: null } },
    card_payments: {
      decline_on: { avs_failure: false, cvc_failure: false },
      statement_descriptor_prefix: null,
      statement_descriptor_prefix_kana: null,
      statement_descriptor_prefix_kanji: null,
    },
    dashboard: { display_name: business_profile.name ?? null, timezone: 'Etc/UTC' },
    invoices: { default_account_tax_ids: null, hosted_payment_method_save: 'offer' },
    payments: { statement_descriptor, statement_descriptor_kana: null, statement_descriptor_kanji: null },
    payouts: { debit_negative_balances: false, schedule, statement_descriptor: null },
    sepa_debit_payments: {},
  };
}
