import { html } from '../lib/html.mjs';
import { money } from '../lib/money.mjs';
import { StripeLink } from '../parts/links.mjs';
import { Problem, Status } from '../parts/status.mjs';
import { standingOf } from './bank-flows.mjs';

/** Where the seller's share is now. To know it costs some reads at Stripe, so that somebody has to `ask`. */
export function SellerShare({ account, payouts: { data, error, isLoading }, isAsked, ask }) {
  if (!data) {
    return html`<p><button type="button" class="quiet" data-key="b" aria-busy=${isAsked && isLoading ? 'true' : undefined} onClick=${ask}>Follow it to the bank <kbd>b</kbd></button> <span class="dim">Reads the seller's payouts at Stripe.</span></p>
      <${Problem} error=${error} />`;
  }
  return html`<h3>The seller's share</h3>
    ${data.data.length === 0 && html`<p class="dim">Nothing has reached the seller's balance.</p>`}
    <ul class="parts">${data.data.map(
      (share) => html`<li key=${share.balance_transactions[0]}>
        ${share.payout && html`<${StripeLink} id=${share.payout.id} account=${account} /> <${Status} value=${share.payout.status} /> `}<b class="amount">${money(share.amount, share.currency)}</b>
        <br /><span class="dim">${standingOf(share)}</span></li>`,
    )}</ul>`;
}
