import { read, readText } from '../lib/api.mjs';
import { html } from '../lib/html.mjs';
import { useLoaded } from '../lib/load.mjs';
import { gaugeOf, samplesOf } from '../lib/metrics.mjs';
import { may } from '../lib/session.mjs';
import { ago, span } from '../lib/time.mjs';
import { Status } from '../parts/status.mjs';
import { Table } from '../parts/table.mjs';

const SUBSCRIPTIONS = [
  { head: 'Subscription', cell: ({ id, url }) => html`${url}<br /><span class="dim">${id}</span>` },
  {
    head: 'Status',
    cell: ({ status, disabled, missed }) =>
      html`<${Status} value=${status} />${[disabled, missed].map((end) => end && html`<br /><span class="message">${end.reason}, ${ago(end.at)}</span>`)}`,
  },
  { head: 'Events', kind: 'wide', cell: ({ events }) => events.join(', ') },
];
const RECEIVED = [
  { head: 'Stripe event', cell: ({ labels }) => labels.type },
  { head: 'Outcome', cell: ({ labels }) => html`<${Status} value=${labels.outcome} />` },
  { head: 'Received', kind: 'amount', cell: ({ value }) => String(value) },
];
const FAILING = [
  { head: 'Workflow', cell: ({ workflow_id: id }) => id },
  { head: 'Error', cell: ({ last_error: error }) => error ?? '' },
  { head: 'Attempt', kind: 'amount', cell: ({ attempt }) => String(attempt) },
  { head: 'Since', cell: ({ failing_since: since }) => (since ? ago(since) : '') },
];

/** Whether Stripe's events come in, whether ours go out, and whether everything between them runs. */
export function WebhooksPage() {
  const ready = useLoaded(async () => (await fetch('/readyz')).json(), []);
  const metrics = useLoaded(() => readText('/v1/metrics'), []);
  // Their addresses are for those who act.
  const subscriptions = useLoaded(
    async () => (may('ops') ? read('/v1/event_subscriptions') : { data: [] }),
    [],
  );
  const failing = useLoaded(() => read('/v1/reports/failing_workflows'), []);
  const received = metrics.data && samplesOf(metrics.data, 'waybill_stripe_events_total');
  return html`
    <h1>Webhooks and health</h1>
    <dl class="sides">
      ${ready.data && ['temporal', 'workers', 'stripe'].map((part) => html`<div><dt>${part}</dt><dd><${Status} value=${ready.data[part]} /></dd></div>`)}
      ${metrics.data && factsOf(metrics.data).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
    </dl>
    <h2>From Stripe</h2>
    <p class="dim">Received by this API process since it started. What was missed is found by the feed of events.</p>
    <${Table} caption="Stripe's events by type and outcome" columns=${RECEIVED} rows=${received?.map(keyed).sort((a, b) => b.value - a.value)} empty="None yet. Orders then learn of changes from the feed of events, up to a minute later." loaded=${metrics} />
    <h2>To subscribers</h2>
    <${Table} caption="Event subscriptions" columns=${SUBSCRIPTIONS} rows=${subscriptions.data?.data} empty=${may('ops') ? 'Nobody has subscribed.' : 'Shown to keys of the role ops.'} loaded=${subscriptions} />
    <h2>Failing workflow tasks</h2>
    <${Table} caption="Workflows that their code cannot carry out, or no worker gets" columns=${FAILING} rows=${failing.data?.data.map((row) => ({ ...row, key: row.run_id }))} empty=${noneOf(failing.data)} loaded=${failing} />
  `;
}

/** A page looks at the newest of the running workflows. */
function noneOf(page) {
  return page?.has_more ? `None of the newest ${page.scanned} running workflows.` : 'None.';
}

function keyed(sample) {
  return { ...sample, key: JSON.stringify(sample.labels) };
}

/** What the metrics say of the way in and the way out, in few numbers. */
function factsOf(text) {
  const [lag, count] = ['sum', 'count'].map((part) =>
    gaugeOf(text, `waybill_stripe_event_lag_seconds_${part}`),
  );
  const late = samplesOf(text, 'waybill_schedule_lag_seconds').filter(({ value }) => value > 0);
  const facts = [
    ['events waiting for their order', gaugeOf(text, 'waybill_stripe_events_parked')],
    ['events a subscriber lacks', gaugeOf(text, 'waybill_undelivered_events')],
    ['operations being retried', gaugeOf(text, 'waybill_pending_operations')],
    ['webhooks arrive after', count > 0 ? span((lag / count) * 1_000) : null],
    ['schedules too late', late.length === 0 ? 'none' : late.map(({ labels }) => labels.schedule).join(', ')],
  ];
  return facts.filter(([, value]) => value !== null);
}
