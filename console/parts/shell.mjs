import { html, useEffect, useRef } from '../lib/html.mjs';
import { isHelpOpen, PLACES } from '../lib/keys.mjs';
import { go, link } from '../lib/router.mjs';
import { session, signOut } from '../lib/session.mjs';
import { Dialog } from './dialog.mjs';
import { inboxCount } from './inbox-count.mjs';
import { Notes } from './notes.mjs';

/** What is around every page: where one can go, the search, and who is signed in. */
export function Shell({ path, children }) {
  const { name, role, livemode, stripe_dashboard: dashboard, docs } = session.value;
  const count = inboxCount.value;
  useEffect(() => {
    const name = decodeURIComponent(path.slice(path.lastIndexOf('/') + 1));
    document.title = `${count > 0 ? `(${count}) ` : ''}${name} · Waybill`;
    // On a telephone the last places are beyond the edge.
    document.querySelector('.places [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [path, count]);
  const mode = livemode ? 'live' : dashboard ? 'test' : 'sandbox';
  return html`
    <a class="skip" href="#page">Skip to the page</a>
    <header class="bar">
      <a class="brand" href=${link('/inbox')}>Waybill</a>
      <span class="tag ${livemode ? 'live' : ''}">${mode}</span>
      <${Search} />
      ${docs && html`<a href=${docs} target="_blank" rel="noreferrer">Docs</a>`}
      <span class="who">${name} · ${role}</span>
      <button type="button" class="quiet" onClick=${() => signOut()}>Sign out</button>
    </header>
    <nav class="places" aria-label="Pages">
      ${Object.entries(PLACES).map(([key, place]) => html`<${Place} shortcut=${key} place=${place} path=${path} />`)}
    </nav>
    <main id="page" tabindex="-1">${children}</main>
    <${Notes} />
    <${Help} />
  `;
}

function Place({ shortcut, place: [label, to], path }) {
  const current = path === to || path.startsWith(`${to}/`);
  const count = to === '/inbox' ? inboxCount.value : 0;
  return html`<a href=${link(to)} aria-current=${current ? 'page' : undefined} title=${`g ${shortcut}`}>
    ${label}${count > 0 && html` <span class="count">${count}</span>`}
  </a>`;
}

function Search() {
  const field = useRef(null);
  const submit = (event) => {
    event.preventDefault();
    const q = field.current.value.trim();
    if (q !== '') go(link('/orders', { q }));
    field.current.blur();
  };
  return html`<form role="search" onSubmit=${submit}>
    <input id="search" ref=${field} type="search" placeholder="Order, pi_, ch_, cus_, acct_, e-mail, key=value" aria-label="Search orders" />
  </form>`;
}

const KEYS = [
  ['/', 'Search'],
  ['j k', 'Next row, previous row'],
  ['Enter', 'Open the row'],
  ['Esc', 'Close a dialog'],
  ['?', 'This help'],
];

function Help() {
  useEffect(() => {
    isHelpOpen.value = false;
  }, []);
  if (!isHelpOpen.value) return null;
  const goes = Object.entries(PLACES).map(([key, [label]]) => [`g ${key}`, label]);
  return html`<${Dialog} title="Keyboard" close=${() => {
    isHelpOpen.value = false;
  }}>
    <dl class="keys">
      ${[...KEYS, ...goes].map(([key, what]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${what}</dd></div>`)}
    </dl>
    <p class="dim">Buttons show their own key where they have one.</p>
  <//>`;
}
