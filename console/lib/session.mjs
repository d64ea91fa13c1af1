import { signal } from './html.mjs';

/** Who is signed in; null: nobody; undefined: not known yet. */
export const session = signal(undefined);

const RANK = { read: 0, service: 1, ops: 2 };

/** Whether the session's role may do what needs `role`. The API decides; this only hides what it would refuse. */
export function may(role) {
  return session.value ? RANK[session.value.role] >= RANK[role] : false;
}

export async function loadSession() {
  const response = await fetch('/console/session');
  session.value = response.ok ? await response.json() : null;
}

/** Throws with what is wrong. */
export async function signIn(key) {
  const response = await fetch('/console/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ key }),
  });
  const body = await response.json();
  if (!response.ok) throw new Error(body.detail);
  session.value = body;
}

export async function signOut() {
  await fetch('/console/session', {
    method: 'DELETE',
    headers: { 'X-CSRF-Token': session.value?.csrf_token ?? '' },
  });
  session.value = null;
}
