import { html } from '../lib/html.mjs';
import { digits, money } from '../lib/money.mjs';
import { Problem } from '../parts/status.mjs';
import { flowsOf, LANES } from './flows.mjs';

const WIDTH = 640;
const TOP = 46;
const ROW = 34;
const NAMES = { customer: 'Customer', stripe: 'Stripe', platform: 'You', seller: 'Seller', bank: 'Bank' };
const laneX = (lane) => Math.round(((LANES.indexOf(lane) + 0.5) * WIDTH) / LANES.length);

/**
 * Where an order's money went: a lane for each holder, an arrow for each movement, and what each has at the end. `transactions`: its
 * balance transactions, as they were read.
 */
export function MoneyPicture({ order, transactions: { data: transactions, error }, shares }) {
  if (!transactions && order.amount_captured > 0) {
    return error ? html`<${Problem} error=${error} />` : html`<p aria-busy="true">Reading …</p>`;
  }
  const flows = flowsOf(order, transactions?.data ?? [], shares);
  if (flows.length === 0) return html`<p class="empty">No money has moved yet.</p>`;
  const unit = unitOf(order);
  const height = TOP + flows.length * ROW + 44;
  const spoken = flows.map(
    ({ label, from, to, amount, currency }) =>
      `${label} ${money(amount, currency)}, ${NAMES[from]} to ${NAMES[to]}`,
  );
  return html`<figure class="picture">
    <svg viewBox=${`0 0 ${WIDTH} ${height}`} role="img" aria-label=${`The money: ${spoken.join('; ')}.`}>
      <defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0 8 4 0 8z" class="tip" /></marker></defs>
      ${LANES.map((lane) => html`<${Lane} lane=${lane} height=${height} />`)}
      ${flows.map((one, index) => html`<${Arrow} flow=${one} unit=${unit} y=${TOP + (index + 0.7) * ROW} />`)}
      ${netsOf(order).map(([lane, text]) => html`<text class="net" x=${laneX(lane)} y=${height - 10} text-anchor="middle">${text}</text>`)}
    </svg>
    <figcaption class="dim">${captionOf(order, unit)}${isUnfollowed(flows, shares) && ' Dashed: the seller’s share, not followed to the bank yet.'}</figcaption>
  </figure>`;
}

function Lane({ lane, height }) {
  const x = laneX(lane);
  return html`<g class="lane">
    <text x=${x} y="18" text-anchor="middle">${NAMES[lane]}</text>
    <line x1=${x} y1="28" x2=${x} y2=${height - 30} />
  </g>`;
}

function Arrow({ flow: { from, to, label, amount, currency, isExpected }, unit, y }) {
  const [start, end] = [laneX(from), laneX(to)];
  const inset = start < end ? 5 : -5;
  const sum = currency === unit ? digits(amount, currency) : money(amount, currency);
  return html`<g class=${`flow ${isExpected ? 'expected' : ''}`}>
    <text x=${(start + end) / 2} y=${y - 5} text-anchor="middle">${label} <tspan class="sum">${sum}</tspan></text>
    <line x1=${start + inset} y1=${y} x2=${end - inset} y2=${y} marker-end="url(#tip)" />
  </g>`;
}

/** What each holder has of the order; unknown sums are left out. */
function netsOf(order) {
  const { funds, currency, amount_captured: captured, amount_refunded: refunded, disputes } = order;
  const settled = unitOf(order);
  const disputed = disputes.reduce((sum, dispute) => sum + withdrawnFor(dispute), 0);
  const nets = [
    ['customer', captured > 0 ? refunded + disputed - captured : null, currency],
    ['stripe', funds.stripe_fee, settled],
    ['platform', funds.platform_net, settled],
    ['seller', funds.connected_net, settled],
  ];
  return nets.flatMap(([lane, amount, unit]) => (amount === null ? [] : [[lane, digits(amount, unit)]]));
}

/** What the customer's bank has got back; after a conversion the dispute's own amount says it. */
function withdrawnFor({ withdrawn, amount, currency }) {
  const inKind = withdrawn.find((one) => one.currency === currency);
  return inKind ? inKind.amount : withdrawn.length > 0 ? amount : 0;
}

function captionOf({ outstanding }, unit) {
  return outstanding.length === 0
    ? `Amounts in ${unit.toUpperCase()}. The last line is what each has of it.`
    : `Amounts in ${unit.toUpperCase()}. Not reported by Stripe yet: ${outstanding.join(', ')}.`;
}

function unitOf({ funds, currency }) {
  return funds.settlement_currency ?? currency;
}

function isUnfollowed(flows, shares) {
  return !shares && flows.some(({ to }) => to === 'bank');
}
