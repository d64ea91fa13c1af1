import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Answer {
  readonly status: number;
  /** From the request to its whole answer. */
  readonly ms: number;
  /** Null: the answer names no time. */
  readonly retryAfterMs: number | null;
  /** The answer of an earlier request. */
  readonly isReplayed: boolean;
  readonly body: { readonly id: string; readonly status: string };
}

export async function post(
  apiUrl: string,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const from = performance.now();
  const response = await request(`${apiUrl}${path}`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer dev_service',
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      ...headers,
    },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as Answer['body'];
  const retryAfter = response.headers.get('retry-after');
  return {
    status: response.status,
    ms: performance.now() - from,
    retryAfterMs: retryAfter === null ? null : Number(retryAfter) * 1_000,
    isReplayed: response.headers.get('idempotent-replayed') === 'true',
    body: answer,
  };
}

/** Repeats what is refused for the load under the same key, when the answer says. The times count all of it. */
export async function postUntilTaken(
  apiUrl: string,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const from = performance.now();
  const key = { 'idempotency-key': randomUUID(), ...headers };
  for (;;) {
    const answer = await post(apiUrl, path, body, key);
    if (answer.status !== 429) return { ...answer, ms: performance.now() - from };
    await sleep((answer.retryAfterMs ?? 1_000) * (1 + Math.random() / 2));
  }
}

/** How long a read took, in milliseconds. */
export async function get(apiUrl: string, path: string): Promise<number> {
  const from = performance.now();
  const response = await request(`${apiUrl}${path}`, { headers: { authorization: 'Bearer dev_read' } });
  await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return performance.now() - from;
}

/** Once more where a kept connection was just being closed. Every POST here has a key. */
async function request(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch {
    return fetch(url, init);
  }
}

/** An order of 10.00 USD for that account. */
export function orderFor(account: string) {
  return {
    amount: 1000,
    currency: 'usd',
    payment_method: 'pm_card_visa',
    connected_account: account,
    application_fee_amount: 123,
  };
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
