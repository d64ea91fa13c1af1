import { html } from '../lib/html.mjs';
import { balances, money } from '../lib/money.mjs';
import { Problem } from '../parts/status.mjs';

const SIDES = [
  ['customer', 'Customer'],
  ['platform', 'You'],
  ['connected', 'Seller'],
];

/** What the API says a command would do. Nothing has happened yet. */
export function PreviewBox({ seen, error, missing }) {
  return html`<div class="preview" role="status" aria-live="polite" aria-label="Preview">
    ${missing && html`<p class="dim">${missing}</p>`}
    <${Problem} error=${error} />
    ${
      seen &&
      html`
      <p><strong>${seen.summary}</strong></p>
      ${
        seen.movements.length > 0 &&
        html`<ul class="movements">
        ${seen.movements.map(({ type, from, to, amount, currency }) => html`<li><span>${type.replaceAll('_', ' ')}</span> <span class="dim">${partyName(from)} → ${partyName(to)}</span> <b class="amount">${money(amount, currency)}</b></li>`)}
      </ul>
      <dl class="sides">${SIDES.map(([side, label]) => html`<div><dt>${label}</dt><dd>${seen[side] === null ? 'Stripe converts it' : balances(seen[side])}</dd></div>`)}</dl>`
      }
    `
    }
    ${!seen && !error && !missing && html`<p aria-busy="true">Previewing …</p>`}
  </div>`;
}

/** Accounts keep their ids: a transfer may go to another one than the order's. */
function partyName(party) {
  return party === 'platform' ? 'you' : party;
}
