import { signal } from './html.mjs';
import { go, link } from './router.mjs';

/** `g` and then one of these. */
export const PLACES = {
  i: ['Inbox', '/inbox'],
  o: ['Orders', '/orders'],
  a: ['Accounts', '/accounts'],
  p: ['Payouts', '/payouts'],
  d: ['Disputes', '/disputes'],
  x: ['Expiring', '/expiring'],
  r: ['Reconciliation', '/reconciliation'],
  e: ['Events', '/events'],
  w: ['Webhooks', '/webhooks'],
};

export const isHelpOpen = signal(false);
const GO_WITHIN_MS = 1_500;
let goUntil = 0;

/** Everything can be done from the keyboard: links and buttons as usual, and these for the frequent ways. */
export function startKeys() {
  document.addEventListener('keydown', (event) => {
    // Out of the search, so that the keys below work again.
    if (event.key === 'Escape' && event.target === elements('#search')[0]) elements('#search')[0].blur();
    if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector('dialog[open]')) return;
    if (act(event.key)) event.preventDefault();
  });
}

function isTyping(target) {
  return target.matches?.('input, textarea, select, [contenteditable]');
}

function act(key) {
  const isGoing = Date.now() < goUntil;
  goUntil = 0;
  if (isGoing && PLACES[key]) {
    go(link(PLACES[key][1]));
    return true;
  }
  switch (key) {
    case 'g':
      goUntil = Date.now() + GO_WITHIN_MS;
      return true;
    case '/':
      elements('#search')[0]?.focus();
      return true;
    case '?':
      isHelpOpen.value = true;
      return true;
    case 'j':
      return moveRow(1);
    case 'k':
      return moveRow(-1);
    default:
      return press(key);
  }
}

/** To the next or the previous row: each has one link that names it. */
function moveRow(step) {
  const rows = elements('a[data-row]');
  if (rows.length === 0) return false;
  const at = rows.findIndex((row) => row.matches(':focus'));
  const next = at === -1 ? (step > 0 ? 0 : rows.length - 1) : at + step;
  rows[Math.min(Math.max(next, 0), rows.length - 1)].focus();
  return true;
}

/** A button that has this key. */
function press(key) {
  if (!/^[a-z]$/.test(key)) return false;
  const [button] = elements(`button[data-key="${key}"]:not(:disabled)`);
  button?.click();
  return button !== undefined;
}

/** @returns {HTMLElement[]} */
function elements(selector) {
  return [...document.querySelectorAll(selector)];
}
