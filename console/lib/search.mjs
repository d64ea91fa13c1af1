/** Which filter of `GET /v1/orders` a text means; null: it is an order's id. */
export function filterOf(text) {
  const [, key, value] = /^([^=[\]]+)=(.+)$/.exec(text) ?? [];
  if (key) return { [`metadata[${key}]`]: value };
  if (text.startsWith('pi_')) return { payment_intent: text };
  if (text.startsWith('ch_')) return { charge: text };
  if (text.startsWith('cus_')) return { customer: text };
  if (text.startsWith('acct_')) return { connected_account: text };
  return text.includes('@') ? { customer_email: text } : null;
}
