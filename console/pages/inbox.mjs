import { read } from '../lib/api.mjs';
import { html, useCallback, useEffect, useState } from '../lib/html.mjs';
import { ELSEWHERE, readInstallation } from '../lib/installation.mjs';
import { useLive, useLoaded } from '../lib/load.mjs';
import { money } from '../lib/money.mjs';
import { readNeeds } from '../lib/needs.mjs';
import { nextStep } from '../lib/next-step.mjs';
import { pageOf } from '../lib/places-of.mjs';
import { link } from '../lib/router.mjs';
import { may } from '../lib/session.mjs';
import { ago } from '../lib/time.mjs';
import { BulkRetry } from '../parts/bulk-retry.mjs';
import { inboxCount } from '../parts/inbox-count.mjs';
import { Deadline, Status } from '../parts/status.mjs';
import { Table } from '../parts/table.mjs';

const COLUMNS = [
  {
    head: 'What',
    cell: ({ id, kind }) => html`${id}${kind !== 'order' && html` <span class="dim">${kind}</span>`}`,
  },
  {
    head: 'Cause',
    cell: ({ code, message, operation }) =>
      html`<b>${code}</b>${operation && html` <span class="dim">${operation.replaceAll('_', ' ')}</span>`}<br /><span class="message">${message}</span>`,
  },
  { head: 'At risk', kind: 'amount', cell: ({ amount, currency }) => currency && money(amount, currency) },
  { head: 'Deadline', kind: 'labelled when', cell: ({ deadline }) => html`<${Deadline} at=${deadline} />` },
  { head: 'If nobody acts', kind: 'labelled', cell: nextStep },
  { head: 'State', kind: 'wide', cell: ({ status }) => html`<${Status} value=${status} />` },
  { head: 'Since', kind: 'wide when', cell: ({ since }) => ago(since) },
];

const PENDING_FOR_SECONDS = 60;

export function InboxPage({ query }) {
  const loaded = useLoaded(readNeeds, []);
  const pending = useLoaded(
    () => read('/v1/orders', { 'pending_for[gte]': PENDING_FOR_SECONDS, limit: 20 }),
    [],
  );
  const installation = useLoaded(readInstallation, []);
  const reload = useCallback(() => {
    for (const one of [loaded, pending, installation]) one.reload();
  }, [loaded.reload, pending.reload, installation.reload]);
  useLive('', reload);
  const all = loaded.data;
  const { codes: elsewhere, isKnown } = installation.data ?? { codes: [], isKnown: !installation.error };
  useEffect(() => {
    if (all) inboxCount.value = all.length + elsewhere.length;
  }, [all, elsewhere.length]);
  const [code, kind] = [query.get('code'), query.get('kind')];
  const rows = all?.filter((need) => (!code || need.code === code) && (!kind || need.kind === kind));
  return html`
    <h1>Inbox</h1>
    ${all && all.length > 0 && html`<${Filters} all=${all} code=${code} kind=${kind} />`}
    ${code && rows && html`<${RetryAll} needs=${rows} code=${code} done=${reload} />`}
    ${elsewhere.length > 0 && html`<p class="chips">${elsewhere.map((one) => html`<a class="chip" href=${link(ELSEWHERE[one])}><b class="flag">${one}</b></a>`)}</p>`}
    ${!isKnown && html`<p><b class="flag">Not all is known:</b> what concerns the whole installation cannot be read now.</p>`}
    <${Table} caption="What needs somebody" columns=${COLUMNS} rows=${rows} href=${({ href }) => href}
      empty=${elsewhere.length > 0 || !isKnown ? 'Nothing else needs anybody.' : 'Nothing needs anybody.'} loaded=${loaded} />
    <${Retried} list=${pending.data} />
  `;
}

/** Every filter is a link, so that it can be kept and sent to somebody. */
function Filters({ all, code, kind }) {
  const causes = countBy(all, (need) => need.code);
  const kinds = countBy(all, (need) => need.kind);
  const chip = (label, count, isOn, query) =>
    html`<a class="chip" href=${link('/inbox', query)} aria-current=${isOn ? 'true' : undefined}>${label} <span class="dim">${count}</span></a>`;
  return html`<p class="chips">
    ${chip('everything', all.length, !code && !kind, {})}
    ${[...causes].map(([name, count]) => chip(name, count, code === name, { code: name, kind: kind ?? undefined }))}
    ${kinds.size > 1 && [...kinds].map(([name, count]) => chip(`${name}s`, count, kind === name, { kind: name, code: code ?? undefined }))}
  </p>`;
}

function countBy(list, keyOf) {
  const counts = new Map();
  for (const one of list) counts.set(keyOf(one), (counts.get(keyOf(one)) ?? 0) + 1);
  return counts;
}

/** One cause, such as a key that was revoked, stops many: once it is fixed, all are retried together. */
function RetryAll({ needs, code, done }) {
  const [isOpen, setOpen] = useState(false);
  const retryable = needs.filter(({ actions }) => actions.includes('retry'));
  if (!may('ops') || retryable.length === 0) return null;
  return html`<p>
    <button type="button" data-key="r" onClick=${() => setOpen(true)}>Retry all ${retryable.length} <kbd>r</kbd></button>
    ${isOpen && html`<${BulkRetry} needs=${retryable} code=${code} close=${() => setOpen(false)} done=${done} />`}
  </p>`;
}

/** On their way without anybody: shown so that nobody wonders. */
function Retried({ list }) {
  if (!list || list.data.length === 0) return null;
  return html`<section>
    <h2>Retried by Waybill</h2>
    <p class="dim">On their way for more than ${PENDING_FOR_SECONDS} s. Nothing to do yet.</p>
    <p class="chips">${list.data.map(({ id }) => html`<a class="chip" href=${pageOf({ object: 'order', id })}>${id}</a>`)}${list.has_more && ' and more'}</p>
  </section>`;
}
