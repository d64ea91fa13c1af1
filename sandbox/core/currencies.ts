/**
 * Stripe's currencies (docs.stripe.com/currencies): decimals of the minor unit, the minimum charge in minor units, and the
 * fixed units per US dollar that stand in for the market. The rates never move, so the same request always gives the same
 * cents.
 */
export interface Currency {
  exponent: 0 | 2 | 3;
  minimumCharge: number;
  unitsPerUsd: number;
  symbol: string;
  /** Charges are multiples of it: three decimals end in 0, and what Stripe writes with two decimals for old times' sake in 00. */
  chargeStep: number;
  /** The same for payouts, which leave some currencies in whole units. */
  payoutStep: number;
}

const ZERO_DECIMAL = 'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' ');
const THREE_DECIMAL = 'bhd jod kwd omr tnd'.split(' ');
const WHOLE_CHARGES = 'isk ugx'.split(' ');
const WHOLE_PAYOUTS = 'huf isk twd ugx'.split(' ');

const UNITS_PER_USD =
  'usd 1 eur 0.92 gbp 0.79 cad 1.36 aud 1.52 nzd 1.64 chf 0.88 dkk 6.87 nok 10.6 sek 10.4 pln 3.97 czk 23.1 brl 5.1 mxn 17.1 ' +
  'inr 83.2 sgd 1.35 hkd 7.81 jpy 151.2 krw 1342 clp 945 bhd 0.377 jod 0.709 kwd 0.308 omr 0.385 tnd 3.1 huf 360 isk 138 twd 32 ' +
  'ugx 3800 aed 3.67 afn 71 all 94 amd 390 ang 1.79 aoa 830 ars 850 awg 1.79 azn 1.7 bam 1.8 bbd 2 bdt 110 bgn 1.8 bif 2870 ' +
  'bmd 1 bnd 1.35 bob 6.9 bsd 1 bwp 13.6 byn 3.27 bzd 2 cdf 2780 cny 7.2 cop 3900 crc 510 cve 101 djf 178 dop 59 dzd 134.5 ' +
  'egp 47.5 etb 57 fjd 2.25 fkp 0.79 gel 2.7 gip 0.79 gmd 68 gnf 8600 gtq 7.8 gyd 209 hnl 24.7 htg 132.5 idr 15900 ils 3.7 ' +
  'jmd 155 kes 131 kgs 89 khr 4060 kmf 452 kyd 0.82 kzt 450 lak 21000 lbp 89500 lkr 300 lrd 193 lsl 18.6 mad 10 mdl 17.7 ' +
  'mga 4400 mkd 56.6 mmk 2100 mnt 3400 mop 8.05 mur 46 mvr 15.4 mwk 1735 myr 4.75 mzn 63.9 nad 18.6 ngn 1300 nio 36.8 npr 133 ' +
  'pab 1 pen 3.7 pgk 3.8 php 56.5 pkr 278 pyg 7400 qar 3.64 ron 4.57 rsd 107.7 rub 92.5 rwf 1290 sar 3.75 sbd 8.4 scr 13.5 ' +
  'shp 0.79 sle 22.5 sos 571 srd 35 std 22500 szl 18.6 thb 36.5 tjs 10.9 top 2.4 try 32 ttd 6.8 tzs 2570 uah 39 uyu 38.5 ' +
  'uzs 12600 vnd 24900 vuv 119 wst 2.75 xaf 603 xcd 2.7 xof 603 xpf 110 yer 250 zar 18.6 zmw 25';

const MINIMUM_CHARGES =
  'usd 50 aed 200 aud 50 bgn 100 brl 50 cad 50 chf 50 czk 1500 dkk 250 eur 50 gbp 30 hkd 400 huf 17500 inr 50 jpy 50 mxn 1000 ' +
  'myr 200 nok 300 nzd 50 pln 200 ron 200 sek 300 sgd 50 thb 1000';

const SYMBOLS: Record<string, string> = {
  usd: '$',
  eur: '€',
  gbp: '£',
  cad: 'CA$',
  aud: 'A$',
  nzd: 'NZ$',
  dkk: 'kr ',
  nok: 'kr ',
  sek: 'kr ',
  pln: 'zł ',
  czk: 'Kč ',
  brl: 'R$',
  mxn: 'MX$',
  inr: '₹',
  sgd: 'S$',
  hkd: 'HK$',
  jpy: '¥',
  krw: '₩',
  ugx: 'USh',
};

/** The least of a currency for which Stripe publishes none is what this comes to. */
const LEAST_USD = 0.5;

const minimums = numbersByCode(MINIMUM_CHARGES);

export const CURRENCIES: ReadonlyMap<string, Currency> = new Map(
  [...numbersByCode(UNITS_PER_USD)].map(([code, unitsPerUsd]) => [code, currencyOf(code, unitsPerUsd)]),
);

function currencyOf(code: string, unitsPerUsd: number): Currency {
  const exponent = ZERO_DECIMAL.includes(code) ? 0 : THREE_DECIMAL.includes(code) ? 3 : 2;
  const chargeStep = exponent === 3 ? 10 : WHOLE_CHARGES.includes(code) ? 100 : 1;
  const least = Math.ceil((LEAST_USD * unitsPerUsd * 10 ** exponent) / chargeStep) * chargeStep;
  return {
    exponent,
    minimumCharge: minimums.get(code) ?? least,
    unitsPerUsd,
    symbol: SYMBOLS[code] ?? `${code.toUpperCase()} `,
    chargeStep,
    payoutStep: WHOLE_PAYOUTS.includes(code) ? 100 : 1,
  };
}

/** `usd 1 eur 0.92` → a number for each code. */
function numbersByCode(table: string): Map<string, number> {
  const words = table.split(' ');
  const pairs = words.flatMap((code, i): [string, number][] =>
    i % 2 === 0 ? [[code, Number(words[i + 1])]] : [],
  );
  return new Map(pairs);
}
