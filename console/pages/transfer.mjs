import { html } from '../lib/html.mjs';
import { money } from '../lib/money.mjs';
import { pageOf } from '../lib/places-of.mjs';
import { stamp } from '../lib/time.mjs';
import { TRANSFER_COMMANDS } from '../order/commands.mjs';
import { MovementPage } from '../order/movement-page.mjs';
import { StripeLink } from '../parts/links.mjs';

/** A special-case transfer without an order. */
export function TransferPage({ id }) {
  return html`<${MovementPage} of=${{ object: 'transfer', id }} title="Transfer" commands=${TRANSFER_COMMANDS} factsOf=${factsOf} />`;
}

function factsOf(transfer) {
  const { amount, currency, amount_reversed: reversed, destination } = transfer;
  return [
    ['Amount', money(amount, currency)],
    ['Reversed', reversed === null ? 'Stripe did not answer' : money(reversed, currency)],
    ['Account', html`<a href=${pageOf({ object: 'account', id: destination })}>${destination}</a>`],
    ['At Stripe', html`<${StripeLink} id=${transfer.stripe_transfer} />`],
    ['Description', transfer.description],
    ['Created', `${stamp(transfer.created)} UTC`],
  ];
}
