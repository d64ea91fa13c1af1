/** Whether a caller named an account by Stripe's id, not by a reference of its own. */
export function isStripeId(name: string): boolean {
  return name.startsWith('acct_');
}
