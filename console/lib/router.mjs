import { signal } from './html.mjs';

const BASE = '/console';

/** Where the browser is: the path below /console, and the query. */
export const place = signal(here());

function here() {
  const { pathname, search } = location;
  return { path: pathname.slice(BASE.length) || '/', query: new URLSearchParams(search) };
}

/** The address of a page. Filters are part of it: every view is a link. */
export function link(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(given).toString();
  return BASE + path + (text === '' ? '' : `?${text}`);
}

export function go(href) {
  const { path } = place.value;
  history.pushState(null, '', href);
  place.value = here();
  scrollTo(0, 0);
  // Readers hear the new page, and Tab begins at its top; a filter keeps the focus.
  if (place.value.path !== path) document.getElementById('page')?.focus({ preventScroll: true });
}

/** Follows links within the console without loading it anew. */
export function startRouter() {
  addEventListener('popstate', () => {
    place.value = here();
  });
  document.addEventListener('click', (event) => {
    const anchor = event.target instanceof Element ? event.target.closest('a[href]') : null;
    const isPlain = !(event.metaKey || event.ctrlKey || event.shiftKey || event.button);
    if (
      !anchor ||
      !isPlain ||
      anchor.hasAttribute('target') ||
      !anchor.getAttribute('href').startsWith(`${BASE}/`)
    )
      return;
    event.preventDefault();
    go(anchor.getAttribute('href'));
  });
}

/** The parameters of a path that fits the pattern `/orders/:id`; null: it does not. */
export function match(pattern, path) {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return null;
  const found = {};
  for (const [index, part] of wanted.entries()) {
    if (part.startsWith(':')) found[part.slice(1)] = decodeURIComponent(given[index]);
    else if (part !== given[index]) return null;
  }
  return found;
}
