/**
 * Stripe's rules for a presentment currency (docs.stripe.com/currencies).
 * `decimals`: digits of the minor unit. `minimumAmount`: smallest charge, in minor units
 * (docs.stripe.com/currencies, "Minimum and maximum charge amounts"). Currencies whose minimum Stripe does not
 * publish have 1: Stripe itself compares the converted amount then.
 * `chargeStep`, `payoutStep`: amounts are multiples of it, in minor units. Three-decimal amounts end in 0. ISK and UGX have no
 * decimals, and are still written with two; payouts of HUF and TWD are whole, too.
 */
export interface CurrencyRules {
  readonly decimals: 0 | 2 | 3;
  readonly minimumAmount: number;
  readonly chargeStep: 1 | 10 | 100;
  readonly payoutStep: 1 | 100;
}

const PUBLISHED_MINIMUMS: Readonly<Record<string, number>> = {
  usd: 50,
  aed: 200,
  aud: 50,
  bgn: 100,
  brl: 50,
  cad: 50,
  chf: 50,
  czk: 1500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 17500,
  inr: 50,
  jpy: 50,
  mxn: 1000,
  myr: 200,
  nok: 300,
  nzd: 50,
  pln: 200,
  ron: 200,
  sek: 300,
  sgd: 50,
  thb: 1000,
};

const ZERO_DECIMAL = 'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' ');
const THREE_DECIMAL = 'bhd jod kwd omr tnd'.split(' ');
/** Written with two decimals, which are 00. */
const WHOLE_CHARGES = ['isk', 'ugx'];
const WHOLE_PAYOUTS = ['huf', 'isk', 'twd', 'ugx'];
const TWO_DECIMAL = (
  'aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny cop crc ' +
  'cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg huf idr ils inr isk jmd kes kgs khr ' +
  'kyd kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk ' +
  'php pkr pln qar ron rsd rub sar sbd scr sek sgd shp sle sos srd std szl thb tjs top try ttd twd tzs uah ugx usd ' +
  'uyu uzs wst xcd yer zar zmw'
).split(' ');

const RULES: ReadonlyMap<string, CurrencyRules> = new Map([
  ...TWO_DECIMAL.map((currency) => rulesFor(currency, 2)),
  ...ZERO_DECIMAL.map((currency) => rulesFor(currency, 0)),
  ...THREE_DECIMAL.map((currency) => rulesFor(currency, 3)),
]);

/** All that Stripe presents in. */
export const CURRENCIES: readonly string[] = [...RULES.keys()];

/**
 * What accounts that are paid across borders hold and nobody can be charged in
 * (docs.stripe.com/connect/cross-border-payouts/special-requirements).
 */
const ONLY_PAID_OUT = ['btn', 'ghs'];

/** All that Stripe pays out in. */
export const PAYOUT_CURRENCIES: readonly string[] = [...CURRENCIES, ...ONLY_PAID_OUT];

/** The rules of a lowercase ISO 4217 code, or `undefined` if Stripe does not present in it. */
export function currencyRules(currency: string): CurrencyRules | undefined {
  return RULES.get(currency);
}

function rulesFor(currency: string, decimals: CurrencyRules['decimals']): [string, CurrencyRules] {
  return [
    currency,
    {
      decimals,
      minimumAmount: PUBLISHED_MINIMUMS[currency] ?? 1,
      chargeStep: decimals === 3 ? 10 : WHOLE_CHARGES.includes(currency) ? 100 : 1,
      payoutStep: WHOLE_PAYOUTS.includes(currency) ? 100 : 1,
    },
  ];
}
