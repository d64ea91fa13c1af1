import { newKey, read, send } from '../lib/api.mjs';
import { html } from '../lib/html.mjs';
import { useLoaded } from '../lib/load.mjs';
import { pageOf } from '../lib/places-of.mjs';
import { link } from '../lib/router.mjs';
import { may } from '../lib/session.mjs';
import { ago } from '../lib/time.mjs';
import { note } from '../parts/notes.mjs';
import { Status } from '../parts/status.mjs';
import { Table } from '../parts/table.mjs';

const COLUMNS = [
  {
    head: 'Event',
    cell: ({ id, type }) => html`<b>${type ?? 'unreadable'}</b><br /><span class="dim">${id}</span>`,
  },
  {
    head: 'Of',
    cell: ({ data }) => {
      const page = data && pageOf(data);
      return page ? html`<a href=${page} data-row>${data.reference ?? data.id}</a>` : data?.object;
    },
  },
  {
    head: 'Deliveries',
    cell: ({ deliveries = [] }) =>
      deliveries.length === 0
        ? html`<span class="dim">nobody wants it</span>`
        : deliveries.map(
            ({ subscription, status, detail }) =>
              html`<div title=${subscription}><${Status} value=${status} /> <span class="dim">${detail}</span></div>`,
          ),
  },
  { head: 'When', cell: ({ created }) => ago(created) },
];

/** Whose events may be asked for. */
const OBJECTS = ['order', 'payout', 'transfer', 'account'];

/** What Waybill told its subscribers, and whether they took it. */
export function EventsPage({ query }) {
  const type = query.get('type') ?? undefined;
  const of = OBJECTS.find((name) => query.has(name));
  const whose = of ? { [of]: query.get(of) } : {};
  const asked = { ...whose, type, starting_after: query.get('after') ?? undefined, limit: 50 };
  const loaded = useLoaded(() => read('/v1/events', asked), [JSON.stringify(asked)]);
  const replay = async ({ id }) => {
    try {
      await send(`/v1/events/${encodeURIComponent(id)}/replay`, {}, newKey());
      note(`${id} is delivered once more.`);
      loaded.reload();
    } catch (error) {
      note(error.message, true);
    }
  };
  const columns = may('ops')
    ? [
        ...COLUMNS,
        {
          head: 'Do',
          cell: (event) =>
            html`<button type="button" class="quiet" onClick=${() => replay(event)}>Replay</button>`,
        },
      ]
    : COLUMNS;
  const types = [...new Set((loaded.data?.data ?? []).map((event) => event.type).filter(Boolean))];
  return html`
    <h1>Events</h1>
    <p class="chips">
      <a class="chip" href=${link('/events', whose)} aria-current=${type ? undefined : 'true'}>all</a>
      ${types.map((one) => html`<a class="chip" href=${link('/events', { ...whose, type: one })} aria-current=${type === one ? 'true' : undefined}>${one}</a>`)}
      ${of && html`<a class="chip" href=${link('/events', { type })} aria-current="true">${of} ${whose[of]} ✕</a>`}
    </p>
    <${Table} caption="Outgoing events, newest first" columns=${columns} rows=${loaded.data?.data} empty="There are no such events." loaded=${loaded} />
    ${loaded.data?.has_more && html`<p><a href=${link('/events', { ...whose, type, after: loaded.data.data.at(-1).id })}>Older events</a></p>`}
  `;
}
