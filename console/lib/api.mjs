import { session } from './session.mjs';

/** What the API refused: its problem (RFC 9457). */
class ApiProblem extends Error {
  constructor(problem) {
    super(problem.detail ?? 'The API did not answer.');
    this.problem = problem;
  }
}

/** Reads from the API. `query`: parameters; those without a value are left out. */
export function read(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(given).toString();
  return call(text === '' ? path : `${path}?${text}`, { method: 'GET' });
}

/** The same of an answer that is text. */
export function readText(path) {
  return call(path, { method: 'GET' }, (response) => response.text());
}

/** All pages of a list, up to `max` items. Of a list that is longer `isCut` is true: what is not read may be the most urgent. */
export async function readAll(path, query, max = 500) {
  const found = Object.assign([], { isCut: false });
  for (let after; ; ) {
    const page = await read(path, { ...query, limit: 100, starting_after: after });
    found.push(...page.data);
    const last = page.data.at(-1);
    // An account that is being made has nothing but its reference.
    after = last?.id ?? last?.reference;
    if (!page.has_more || after === undefined) return found;
    if (found.length >= max) return Object.assign(found, { isCut: true });
  }
}

/** Several such lists as one. */
export function joined(lists) {
  return Object.assign(lists.flat(), { isCut: lists.some(({ isCut }) => isCut) });
}

/** Sends a command. `key`: its Idempotency-Key; a preview needs none. */
export function send(path, body, key) {
  return call(path, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'X-CSRF-Token': session.value?.csrf_token ?? '',
      ...(key === undefined ? {} : { 'Idempotency-Key': key }),
    },
    body: JSON.stringify(body),
  });
}

/** A new Idempotency-Key. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `console-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

async function call(path, init, contentOf = (response) => response.json()) {
  let response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new ApiProblem({ code: 'unavailable', detail: 'The API cannot be reached.' });
  }
  if (response.ok) return contentOf(response).catch(() => ({}));
  const body = await response.json().catch(() => ({}));
  if (response.status === 401) session.value = null;
  throw new ApiProblem(body);
}
