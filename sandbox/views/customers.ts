import type { Context } from '../core/context.ts';
import type { CardDetails, Customer, PaymentMethod, Token } from '../objects/customers.ts';
import { externalAccountView } from './accounts.ts';
import { addedIn, customerAccount, DAHLIA } from './additions.ts';
import type { Json } from './json.ts';

export function customerView(ctx: Context, row: Customer): Json {
  if (row.deleted) return { id: row.id, object: 'customer', deleted: true };
  const { owner: _, deleted: __, invoice_settings, ...customer } = row;
  return {
    object: 'customer',
    ...customer,
    ...customerAccount(ctx),
    balance: 0,
    currency: null,
    delinquent: false,
    discount: null,
    invoice_prefix: row.id.slice(-8).toUpperCase(),
    invoice_settings: { custom_fields: null, footer: null, rendering_options: null, ...invoice_settings },
    livemode: false,
    next_invoice_sequence: 1,
    tax_exempt: 'none',
    test_clock: null,
  };
}

/** The security code is checked when the card is attached, or charged. */
function checksOf({ customer, sandbox }: PaymentMethod): Json {
  const isChecked = customer !== null || sandbox.tried === true;
  const cvc = isChecked ? cvcCheck(sandbox.behaviour) : 'unchecked';
  return { address_line1_check: null, address_postal_code_check: null, cvc_check: cvc };
}

export function cvcCheck(behaviour: string): 'fail' | 'pass' {
  return behaviour === 'incorrect_cvc' ? 'fail' : 'pass';
}

export function paymentMethodView(ctx: Context, row: PaymentMethod): Json {
  const { owner: _, sandbox: __, card, us_bank_account: bank, ...kept } = row;
  const method = {
    allow_redisplay: 'unspecified',
    ...kept,
    ...customerAccount(ctx),
    ...addedIn(ctx, DAHLIA, { shared_payment_granted_token: null }),
  };
  if (bank) {
    return {
      object: 'payment_method',
      ...method,
      livemode: false,
      type: 'us_bank_account',
      us_bank_account: {
        ...bank,
        financial_connections_account: null,
        networks: { preferred: 'ach', supported: ['ach'] },
        status_details: {},
      },
    };
  }
  return {
    object: 'payment_method',
    ...method,
    card: card && {
      ...card,
      checks: checksOf(row),
      display_brand: card.brand,
      generated_from: null,
      networks: { available: [card.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    livemode: false,
    type: 'card',
  };
}

/** The older face of a saved card, as `sources` and tokens show it. */
export function cardView(id: string, card: CardDetails, customer: string | null, name: string | null): Json {
  return {
    id,
    object: 'card',
    ...card,
    address_city: null,
    address_country: null,
    address_line1: null,
    address_line1_check: null,
    address_line2: null,
    address_state: null,
    address_zip: null,
    address_zip_check: null,
    customer,
    cvc_check: 'unchecked',
    dynamic_last4: null,
    metadata: {},
    name,
    regulated_status: 'unregulated',
    tokenization_method: null,
  };
}

export function tokenView(_ctx: Context, row: Token): Json {
  const { owner: _, account: __, person: ___, idNumber: ____, card, bank_account, ...token } = row;
  return {
    object: 'token',
    ...token,
    ...(card ? { card: tokenCard(card) } : {}),
    ...(bank_account ? { bank_account: externalAccountView(null, bank_account) } : {}),
    client_ip: null,
    livemode: false,
  };
}

function tokenCard(token: NonNullable<Token['card']>): Json {
  const { id, behaviour: _, currency: __, name, ...card } = token;
  return cardView(id, card, null, name);
}
