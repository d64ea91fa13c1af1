const NO_DECIMALS = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '));
/** Between groups of three digits; a comma or a point never is, since elsewhere it stands before the decimals. */
const GROUPS = '\u202f';
const THREE_DECIMALS = new Set('bhd jod kwd omr tnd'.split(' '));

/** Digits of the minor unit, by Stripe's rules. A test holds it against the service's own. */
export function decimalsOf(currency) {
  if (NO_DECIMALS.has(currency)) return 0;
  return THREE_DECIMALS.has(currency) ? 3 : 2;
}

/** `-12.30`, for a column that names the currency once. */
export function digits(amount, currency) {
  const decimals = decimalsOf(currency);
  const text = String(Math.abs(amount)).padStart(decimals + 1, '0');
  const whole = text.slice(0, text.length - decimals).replace(/\B(?=(\d{3})+$)/g, GROUPS);
  const sign = amount < 0 ? '−' : '';
  return decimals === 0 ? `${sign}${whole}` : `${sign}${whole}.${text.slice(-decimals)}`;
}

/** `12.30 USD` */
export function money(amount, currency) {
  return `${digits(amount, currency)} ${currency.toUpperCase()}`;
}

/** Amounts by currency in one text. */
export function balances(list) {
  if (list === null) return 'not known yet';
  return list.length === 0 ? '0.00' : list.map(({ amount, currency }) => money(amount, currency)).join(' + ');
}

/** Minor units of what a person typed, `12.30`, or copied from a page; null: it is no amount of that currency. */
export function parseAmount(text, currency) {
  const decimals = decimalsOf(currency);
  const match = /^(\d{1,12})(?:[.,](\d{1,3}))?$/.exec(text.replaceAll(GROUPS, '').trim());
  if (!match || (match[2] ?? '').length > decimals) return null;
  const amount = Number(match[1] + (match[2] ?? '').padEnd(decimals, '0'));
  return amount > 0 ? amount : null;
}

/** The same back, for a field. */
export function amountText(amount, currency) {
  return digits(amount, currency).replaceAll(GROUPS, '');
}
