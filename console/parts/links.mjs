import { html } from '../lib/html.mjs';
import { session } from '../lib/session.mjs';

/** The object in Stripe's Dashboard; without a Dashboard (in the sandbox) its id alone. */
export function StripeLink({ id, account }) {
  if (!id) return html`<span class="dim">none</span>`;
  const { stripe_dashboard: dashboard } = session.value;
  if (!dashboard) return html`<code>${id}</code>`;
  const base = account ? `${dashboard}/connect/accounts/${account}` : dashboard;
  return html`<a class="code" href=${`${base}/${sectionOf(id)}`} target="_blank" rel="noreferrer">${id}</a>`;
}

const SECTIONS = {
  pi: 'payments',
  ch: 'payments',
  tr: 'connect/transfers',
  po: 'payouts',
  cus: 'customers',
  acct: 'connect/accounts',
  dp: 'disputes',
  fee: 'connect/application_fees',
};

function sectionOf(id) {
  const prefix = id.slice(0, id.indexOf('_'));
  return SECTIONS[prefix] ? `${SECTIONS[prefix]}/${id}` : `search?query=${encodeURIComponent(id)}`;
}

/** The workflow in Temporal UI; null where nobody said where that is. */
export function TemporalLink({ workflowId }) {
  const { temporal_ui: ui, temporal_namespace: namespace } = session.value;
  if (!ui) return null;
  const href = `${ui}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}`;
  return html`<a href=${href} target="_blank" rel="noreferrer">Temporal UI</a>`;
}
