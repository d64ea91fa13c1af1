import type { Context } from '../core/context.ts';
import { chargeStep, convert, formatAmount, MAXIMUM_CHARGE, minimumCharge } from '../core/money.ts';
import { invalid, malformed, noSuch } from '../http/errors.ts';
import type { Account } from '../objects/accounts.ts';
import type { Customer } from '../objects/customers.ts';

const EEA = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'.split(
  ' ',
);
/** Self-serve cross-border transfers work within this group; every other country is a region of its own. */
const OPEN_REGION = new Set(['US', 'CA', 'GB', 'CH', ...EEA]);

function sameRegion(one: string, other: string): boolean {
  return one === other || (OPEN_REGION.has(one) && OPEN_REGION.has(other));
}

export function checkChargeAmount(amount: number, currency: string): void {
  if (amount === 0) {
    throw malformed(
      'The amount must be greater than or equal to the minimum charge amount allowed for your account and the currency set (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).  If you want to save a Payment Method for future use without an immediate payment, use a Setup Intent instead: https://docs.stripe.com/payments/setup-intents',
      'amount',
      'parameter_invalid_integer',
    );
  }
  if (amount < 0) {
    throw malformed('This value must be greater than or equal to 1.', 'amount', 'parameter_invalid_integer');
  }
  if (amount < minimumCharge(currency)) {
    throw malformed(
      `Amount must be at least ${formatAmount(minimumCharge(currency), currency)} ${currency}`,
      'amount',
      'amount_too_small',
    );
  }
  if (amount > MAXIMUM_CHARGE) {
    throw malformed(
      `Amount must be no more than ${formatAmount(MAXIMUM_CHARGE, currency)} ${currency}`,
      'amount',
      'amount_too_large',
    );
  }
  checkChargeStep(amount, currency, 'amount');
}

/** What an amount converts to has to be enough, too: the least is that of the settlement merchant's currency. */
export function checkConverted(
  ctx: Context,
  { amount, currency, onBehalfOf }: { amount: number; currency: string; onBehalfOf: string | null },
): void {
  const home = ctx.tx.get('account', onBehalfOf ?? ctx.account)?.default_currency ?? currency;
  const converted = convert(amount, currency, home);
  if (converted >= minimumCharge(home)) return;
  const least = home === 'usd' ? `${minimumCharge(home)} cents` : formatAmount(minimumCharge(home), home);
  throw malformed(
    `Amount must convert to at least ${least}. ${formatAmount(amount, currency)} converts to approximately ${formatAmount(converted, home)}.`,
    'amount',
    'amount_too_small',
  );
}

/** https://docs.stripe.com/currencies#three-decimal, #special-cases */
export function checkChargeStep(amount: number, currency: string, param: string): void {
  const step = chargeStep(currency);
  if (amount % step === 0) return;
  const code = currency.toUpperCase();
  throw malformed(
    step === 100
      ? `Invalid amount. Currency ${code} has become effectively zero-decimal and charged amounts must be evenly divisible by 100. See https://stripe.com/docs/currencies#zero-decimal for more information.`
      : `Invalid amount. Currency ${code} has three decimals and amounts must be evenly divisible by ${step}. See https://stripe.com/docs/currencies#three-decimal for more information.`,
    param,
  );
}

/** A connected account of this platform. */
function connected(ctx: Context, id: string): Account | undefined {
  const account = ctx.tx.get('account', id);
  const usable = account && !account.deleted && !account.sandbox.disconnected;
  return usable && account.id !== ctx.settings.platform ? account : undefined;
}

const TRANSFER_CAPABILITIES = ['transfers', 'crypto_transfers', 'legacy_payments'];

export function checkDestination(ctx: Context, id: string, param: string): Account {
  const account = connected(ctx, id);
  if (!account) throw noSuch('destination', id, param);
  if (!TRANSFER_CAPABILITIES.some((name) => account.capabilities[name] === 'active')) {
    throw invalid(
      `Your destination account needs to have at least one of the following capabilities enabled: ${TRANSFER_CAPABILITIES.join(', ')}`,
      param,
      'insufficient_capabilities_for_transfer',
    );
  }
  return account;
}

export function checkOnBehalfOf(ctx: Context, id: string): Account {
  const account = connected(ctx, id);
  if (!account) throw noSuch('on_behalf_of', id, 'on_behalf_of');
  if (account.tos_acceptance.service_agreement === 'recipient') {
    throw invalid(
      `The account ${id} is under the recipient service agreement and cannot be the settlement merchant: on_behalf_of requires the card_payments capability, which recipient accounts cannot have.`,
      'on_behalf_of',
    );
  }
  if (account.capabilities.card_payments !== 'active') {
    throw invalid(
      `You cannot use on_behalf_of with the account ${id}, because it does not have the card_payments capability enabled.`,
      'on_behalf_of',
    );
  }
  return account;
}

/** Without on_behalf_of the funds settle on the platform, and have to be able to leave its region. */
export function checkRegion(ctx: Context, destination: Account): void {
  const home = ctx.tx.must('account', ctx.settings.platform).country;
  if (sameRegion(home, destination.country)) return;
  if (home === 'US' && destination.tos_acceptance.service_agreement === 'recipient') return;
  throw invalid(
    `Cannot create a destination charge for connected accounts in ${destination.country} because funds would be settled on the platform and the connected account is outside the platform's region. You may use the \`on_behalf_of\` parameter to make the charge settle in the connected account's country. If you still need help, please contact us at https://support.stripe.com.`,
    'transfer_data[destination]',
  );
}

export function checkTransferRegion(ctx: Context, destination: Account): void {
  const home = ctx.tx.must('account', ctx.settings.platform).country;
  if (sameRegion(home, destination.country)) return;
  if (home === 'US' && destination.tos_acceptance.service_agreement === 'recipient') return;
  throw invalid(
    `Funds can't be sent to accounts located in ${destination.country} because it's restricted outside of your platform's region. Learn more here: https://stripe.com/docs/connect/account-capabilities#transfers-cross-border.`,
    'destination',
    'transfers_not_allowed',
  );
}

/** A customer lives on one account and is unknown to every other. */
export function checkCustomer(ctx: Context, id: string, status: 400 | 404 = 400): Customer {
  const customer = ctx.tx.get('customer', id);
  if (!customer || customer.deleted || customer.owner !== ctx.account) {
    throw noSuch('customer', id, status === 404 ? 'id' : 'customer', status);
  }
  return customer;
}

interface FeeParams {
  amount: number;
  applicationFeeAmount: number | null;
  transferData: { destination: string; amount?: number | null } | null;
}

/**
 * The two ways to keep a part of a destination charge exclude each other. A transfer above the amount is refused; a fee
 * above it is capped when it is collected.
 */
export function checkPlatformShare(
  ctx: Context,
  { amount, applicationFeeAmount, transferData }: FeeParams,
): void {
  if ((transferData?.amount ?? 0) > amount) {
    throw invalid(
      'The transfer_data[amount] must be less than or equal to the amount.',
      'transfer_data[amount]',
    );
  }
  if (applicationFeeAmount === null) return;
  if (transferData?.amount !== undefined && transferData.amount !== null) {
    throw invalid(
      'You may not provide the application_fee_amount parameter and the transfer_data[amount] parameter simultaneously. They are mutually exclusive.',
      'application_fee_amount',
    );
  }
  if (!transferData && ctx.account === ctx.settings.platform) {
    throw invalid(
      'Can only apply an application_fee_amount when the PaymentIntent is attempting a direct payment (using an OAuth key or Stripe-Account header) or destination payment (using `transfer_data[destination]`).',
      'application_fee_amount',
    );
  }
}
