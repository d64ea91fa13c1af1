import type { CardDetails } from '../objects/customers.ts';

/** What a test card does when it is charged. */
type Behaviour =
  | 'succeed'
  | 'bypass_pending'
  | 'authentication_required'
  | 'authentication_then_decline'
  | 'charge_customer_fail'
  | 'dispute_fraudulent'
  | 'dispute_product_not_received'
  | 'dispute_inquiry'
  | 'fraud_warning'
  | 'refund_fail'
  | 'refund_pending'
  | DeclineName;

interface Decline {
  /** What the merchant should do next; Stripe's own names. */
  advice_code: 'confirm_card_data' | 'do_not_try_again' | 'try_again_later';
  code: string;
  decline_code: string;
  message: string;
  /** The card network's own codes; none where Stripe never asked it. */
  network_advice_code?: string;
  network_decline_code?: string;
  param?: string;
}

const DECLINED = 'Your card was declined.';
const LATER = { advice_code: 'try_again_later' } as const;
const NEVER = { advice_code: 'do_not_try_again' } as const;
const CONFIRM = { advice_code: 'confirm_card_data' } as const;

const DECLINES = {
  generic_decline: {
    ...LATER,
    network_decline_code: '01',
    code: 'card_declined',
    decline_code: 'generic_decline',
    message: DECLINED,
  },
  insufficient_funds: {
    ...LATER,
    network_decline_code: '51',
    code: 'card_declined',
    decline_code: 'insufficient_funds',
    message: 'Your card has insufficient funds.',
  },
  lost_card: {
    ...NEVER,
    network_decline_code: '41',
    code: 'card_declined',
    decline_code: 'lost_card',
    message: DECLINED,
  },
  stolen_card: {
    ...NEVER,
    network_decline_code: '43',
    code: 'card_declined',
    decline_code: 'stolen_card',
    message: DECLINED,
  },
  fraudulent: { ...NEVER, code: 'card_declined', decline_code: 'fraudulent', message: DECLINED },
  expired_card: {
    ...CONFIRM,
    network_decline_code: '54',
    code: 'expired_card',
    decline_code: 'expired_card',
    message: 'Your card has expired.',
    param: 'exp_month',
  },
  incorrect_cvc: {
    ...CONFIRM,
    network_decline_code: 'N7',
    code: 'incorrect_cvc',
    decline_code: 'incorrect_cvc',
    message: "Your card's security code is incorrect.",
    param: 'cvc',
  },
  processing_error: {
    ...LATER,
    network_decline_code: '96',
    code: 'processing_error',
    decline_code: 'processing_error',
    message: 'An error occurred while processing your card. Try again in a little bit.',
  },
  authentication_not_handled: {
    ...CONFIRM,
    network_decline_code: '65',
    code: 'authentication_required',
    decline_code: 'authentication_required',
    message: 'Your card was declined. This transaction requires authentication.',
  },
} as const satisfies Record<string, Decline>;

type DeclineName = keyof typeof DECLINES;

/** Cards whose owner has to be asked, once per payment. */
export function needsAuthentication(behaviour: string): boolean {
  return behaviour === 'authentication_required' || behaviour === 'authentication_then_decline';
}

export function declineOf(behaviour: string): Decline | undefined {
  if (behaviour === 'charge_customer_fail' || behaviour === 'authentication_then_decline')
    return DECLINES.generic_decline;
  return Object.hasOwn(DECLINES, behaviour) ? DECLINES[behaviour as DeclineName] : undefined;
}

interface TestCard {
  /** As in `pm_card_<name>` and `tok_<name>`. */
  name: string;
  number: string;
  brand: string;
  behaviour: Behaviour;
  country: string;
  funding: string;
}

function card(
  name: string,
  number: string,
  behaviour: Behaviour = 'succeed',
  extra: Partial<TestCard> = {},
): TestCard {
  return { name, number, brand: 'visa', behaviour, country: 'US', funding: 'credit', ...extra };
}

const TEST_CARDS: readonly TestCard[] = [
  card('visa', '4242424242424242'),
  card('visa_debit', '4000056655665556', 'succeed', { funding: 'debit' }),
  card('visa_debit_us_transferSuccess', '4000056655665556', 'succeed', { funding: 'debit' }),
  card('visa_debit_us_transferFail', '4000056655665572', 'succeed', { funding: 'debit' }),
  card('visa_debit_us_instantPayoutUnsupported', '4000056755665555', 'succeed', { funding: 'debit' }),
  card('mastercard_debit_us_transferSuccess', '5200828282828210', 'succeed', {
    brand: 'mastercard',
    funding: 'debit',
  }),
  card('mastercard', '5555555555554444', 'succeed', { brand: 'mastercard' }),
  card('amex', '378282246310005', 'succeed', { brand: 'amex' }),
  card('discover', '6011111111111117', 'succeed', { brand: 'discover' }),
  card('us', '4000000000000002003', 'succeed'),
  card('gb', '4000008260000000', 'succeed', { country: 'GB' }),
  card('de', '4000002760000016', 'succeed', { country: 'DE' }),
  card('bypassPending', '4000000000000077', 'bypass_pending'),
  card('createDispute', '4000000000000259', 'dispute_fraudulent'),
  card('createDisputeProductNotReceived', '4000000000002685', 'dispute_product_not_received'),
  card('createDisputeInquiry', '4000000000001976', 'dispute_inquiry'),
  card('createIssuerFraudRecord', '4000000000005423', 'fraud_warning'),
  card('refundFail', '4000000000005126', 'refund_fail'),
  card('pendingRefund', '4000000000007726', 'refund_pending'),
  card('chargeDeclined', '4000000000000002', 'generic_decline'),
  card('visa_chargeDeclined', '4000000000000002', 'generic_decline'),
  card('chargeDeclinedInsufficientFunds', '4000000000009995', 'insufficient_funds'),
  card('visa_chargeDeclinedInsufficientFunds', '4000000000009995', 'insufficient_funds'),
  card('chargeDeclinedLostCard', '4000000000009987', 'lost_card'),
  card('visa_chargeDeclinedLostCard', '4000000000009987', 'lost_card'),
  card('chargeDeclinedStolenCard', '4000000000009979', 'stolen_card'),
  card('visa_chargeDeclinedStolenCard', '4000000000009979', 'stolen_card'),
  card('chargeDeclinedFraudulent', '4100000000000019', 'fraudulent'),
  card('radarBlock', '4100000000000019', 'fraudulent'),
  card('chargeDeclinedExpiredCard', '4000000000000069', 'expired_card'),
  card('chargeDeclinedIncorrectCvc', '4000000000000127', 'incorrect_cvc'),
  card('chargeDeclinedProcessingError', '4000000000000119', 'processing_error'),
  card('chargeCustomerFail', '4000000000000341', 'charge_customer_fail'),
  card('authenticationRequired', '4000002760003184', 'authentication_required', { country: 'DE' }),
  card('authenticationRequiredOnSetup', '4000002500003155', 'authentication_required', { country: 'FR' }),
  card('threeDSecure2Required', '4000000000003220', 'authentication_required', { country: 'IE' }),
  card('threeDSecureRequired', '4000000000003063', 'authentication_required'),
  card('threeDSecureRequiredChargeDeclined', '4000008400001629', 'authentication_then_decline'),
  card('threeDSecureOptional', '4000000000003055'),
];

export interface UsableCard extends CardDetails {
  behaviour: string;
}

function usable({ number, brand, country, funding, behaviour }: TestCard): UsableCard {
  return {
    brand,
    country,
    exp_month: 12,
    exp_year: 2034,
    fingerprint: fingerprintOf(number),
    funding,
    last4: number.slice(-4),
    behaviour,
  };
}

/** The same card has the same fingerprint everywhere, and no digit of it can be read back. */
function fingerprintOf(number: string): string {
  let hash = 0;
  for (const digit of number) hash = (hash * 31 + (digit.codePointAt(0) ?? 0)) % 2_176_782_336;
  return `Fp${hash.toString(36).padStart(6, '0')}Waybill1`;
}

/** `pm_card_visa` → visa, `tok_visa` → visa. */
export function testCardByName(id: string): UsableCard | undefined {
  const name = /^(?:pm_card_|tok_)(\w+)$/.exec(id)?.[1];
  const found = TEST_CARDS.find((one) => one.name === name);
  return found && usable(found);
}

export function testCardByNumber(number: string): UsableCard | undefined {
  const found = TEST_CARDS.find((one) => one.number === number);
  return found && usable(found);
}
