import { html } from '../lib/html.mjs';
import { money } from '../lib/money.mjs';
import { pageOf } from '../lib/places-of.mjs';
import { stamp } from '../lib/time.mjs';
import { PAYOUT_COMMANDS } from '../order/commands.mjs';
import { MovementPage } from '../order/movement-page.mjs';
import { StripeLink } from '../parts/links.mjs';

/** A payout of a connected account, however old: the list shows only what is new. */
export function PayoutPage({ account, id }) {
  const of = { object: 'payout', id, connected_account: account };
  return html`<${MovementPage} of=${of} title="Payout" commands=${PAYOUT_COMMANDS} factsOf=${factsOf} />`;
}

function factsOf(payout) {
  const { connected_account: account, arrival_date: arrival, failure } = payout;
  const { trace_id: trace, reversed_by: reversedBy, original_payout: original } = payout;
  return [
    ['Amount', money(payout.amount, payout.currency)],
    ['Account', html`<a href=${pageOf({ object: 'account', id: account })}>${account}</a>`],
    ['At Stripe', html`<${StripeLink} id=${payout.stripe_payout} account=${account} />`],
    ['Arrives', arrival ? stamp(arrival).slice(0, 10) : html`<span class="dim">not known yet</span>`],
    ...(trace?.value ? [['Bank’s number', html`<code>${trace.value}</code>`]] : []),
    ...(reversedBy ? [['Reversed by', html`<${StripeLink} id=${reversedBy} account=${account} />`]] : []),
    ...(original ? [['Reverses', html`<${StripeLink} id=${original} account=${account} />`]] : []),
    ...(failure ? [['Failure', `${failure.reason} ${failure.todo}`]] : []),
    ['Description', payout.description ?? html`<span class="dim">none</span>`],
    ['Created', `${stamp(payout.created)} UTC`],
  ];
}
