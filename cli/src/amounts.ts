/** `usd:5000`: a currency and minor units of it; null: it is none. */
export function amountIn(text: string): { readonly currency: string; readonly amount: number } | null {
  const [, currency, amount] = /^([a-z]{3}):(\d{1,12})$/.exec(text) ?? [];
  return currency === undefined ? null : { currency, amount: Number(amount) };
}
