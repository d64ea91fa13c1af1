/**
 * As much of Stripe.js as this shop needs, for the sandbox. With a Stripe account, load https://js.stripe.com/v3/ instead: the call
 * and its answer are the same. The card's data go from the page to Stripe; the shop's backend sees only the id of what comes of it.
 */
export function Stripe(publishableKey, { apiBase }) {
  return {
    async createPaymentMethod({ type, card }) {
      const response = await fetch(`${apiBase}/v1/payment_methods`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${publishableKey}` },
        body: new URLSearchParams({ type, 'card[token]': card.token }),
      });
      const answer = await response.json();
      return response.ok ? { paymentMethod: answer } : { error: answer.error };
    },
  };
}
