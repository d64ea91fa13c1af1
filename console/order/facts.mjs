import { html } from '../lib/html.mjs';
import { balances, money } from '../lib/money.mjs';
import { pageOf } from '../lib/places-of.mjs';
import { link } from '../lib/router.mjs';
import { stamp } from '../lib/time.mjs';
import { StripeLink } from '../parts/links.mjs';
import { Deadline } from '../parts/status.mjs';

/** What is known of an order, with its objects at Stripe. */
export function OrderFacts({ order }) {
  const { currency, funds } = order;
  const account = order.connected_account;
  const rows = [
    ['Amount', money(order.amount, currency)],
    order.amount_capturable > 0 && ['Capturable', money(order.amount_capturable, currency)],
    ['Captured', money(order.amount_captured, currency)],
    order.amount_refunded > 0 && ['Refunded', money(order.amount_refunded, currency)],
    order.capture_before &&
      order.status === 'authorized' && ['Capture before', html`<${Deadline} at=${order.capture_before} />`],
    order.application_fee_amount !== null && [
      'Application fee',
      money(order.application_fee_amount, currency),
    ],
    order.transfer_amount !== null && ['Transfer', money(order.transfer_amount, currency)],
    ['You have', balances(funds.platform)],
    ['Seller has', balances(funds.connected)],
    [
      'Account',
      html`<a href=${pageOf({ object: 'account', id: account })}>${account}</a>${order.on_behalf_of && ' is the settlement merchant'}`,
    ],
    [
      'Customer',
      order.customer
        ? html`<a href=${link('/orders', { customer: order.customer })}>${order.customer}</a>`
        : html`<span class="dim">none</span>`,
    ],
    ['Payment', html`<${StripeLink} id=${order.payment_intent} />`],
    ['Charge', html`<${StripeLink} id=${order.latest_charge} />`],
    order.transfer && ['Transfer at Stripe', html`<${StripeLink} id=${order.transfer} />`],
    order.last_decline && ['Declined', `${order.last_decline.message} (${order.last_decline.code})`],
    order.description && ['Description', order.description],
    ...Object.entries(order.metadata).map(([name, value]) => [
      name,
      html`<a href=${link('/orders', { q: `${name}=${value}` })}>${value}</a>`,
    ]),
    ['Created', `${stamp(order.created)} UTC`],
  ];
  return html`<dl class="facts">${rows.filter(Boolean).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
