import { readAll } from '../lib/api.mjs';
import { html } from '../lib/html.mjs';
import { useLoaded } from '../lib/load.mjs';
import { pageOf } from '../lib/places-of.mjs';
import { link } from '../lib/router.mjs';
import { Deadline, Status } from '../parts/status.mjs';
import { Table } from '../parts/table.mjs';

/** What Stripe wants of an account, the overdue first. */
export function owedOf({ requirements }) {
  return [...new Set([...requirements.past_due, ...requirements.currently_due])];
}

/** What Stripe announces; known where the account is as Stripe shows it. */
export function Announced({ future }) {
  if (!future || future.currently_due.length === 0) return null;
  return html`<p>Will owe ${future.currently_due.join(', ')}, from: <${Deadline} at=${future.current_deadline} /></p>`;
}

const COLUMNS = [
  {
    head: 'Account',
    cell: ({ id, reference }) =>
      reference && reference !== id ? html`${reference} <span class="dim">${id}</span>` : id,
  },
  { head: 'Status', cell: ({ status }) => html`<${Status} value=${status} />` },
  { head: 'Owes Stripe', cell: (account) => html`<${Owed} account=${account} />` },
  {
    head: 'By',
    kind: 'labelled when',
    cell: ({ requirements }) => html`<${Deadline} at=${requirements.current_deadline} />`,
  },
  {
    head: 'Paid out',
    kind: 'wide',
    cell: ({ payouts_enabled: enabled }) => (enabled ? 'yes' : html`<b class="flag">no</b>`),
  },
  {
    head: 'Country',
    kind: 'wide',
    cell: ({ country, default_currency: currency }) => `${country ?? ''} ${(currency ?? '').toUpperCase()}`,
  },
];

export function AccountsPage({ query }) {
  const onlyOwing = query.get('owing') === 'true';
  const loaded = useLoaded(() => readAll('/v1/accounts', {}), []);
  const rows = loaded.data
    ?.filter((account) => !onlyOwing || owedOf(account).length > 0)
    .sort((a, b) => urgency(a) - urgency(b));
  return html`
    <h1>Accounts</h1>
    <p class="chips">
      <a class="chip" href=${link('/accounts')} aria-current=${onlyOwing ? undefined : 'true'}>all</a>
      <a class="chip" href=${link('/accounts', { owing: 'true' })} aria-current=${onlyOwing ? 'true' : undefined}>owe Stripe something</a>
    </p>
    <${Table} caption="Connected accounts, the most urgent first" columns=${COLUMNS} rows=${rows} href=${pageOf} empty="No account is like that." loaded=${loaded} />
  `;
}

function Owed({ account }) {
  const owed = owedOf(account);
  const { past_due: late, disabled_reason: why, pending_verification: verified } = account.requirements;
  if (owed.length === 0)
    return html`<span class="dim">${verified.length > 0 ? 'Stripe is verifying' : 'nothing'}</span>`;
  return html`${late.length > 0 && html`<b class="flag">overdue</b> `}${owed.slice(0, 3).join(', ')}${owed.length > 3 && ` and ${owed.length - 3} more`}${why && html`<br /><span class="dim">${why}</span>`}`;
}

function urgency(account) {
  const { past_due: late, current_deadline: deadline } = account.requirements;
  if (late.length > 0) return 0;
  if (deadline) return Date.parse(deadline);
  return owedOf(account).length > 0 ? Number.MAX_SAFE_INTEGER - 1 : Number.MAX_SAFE_INTEGER;
}
