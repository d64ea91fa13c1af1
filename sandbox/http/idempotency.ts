import { createHash } from 'node:crypto';
import { KEPT_SECONDS } from '../core/retention.ts';
import type { Store } from '../core/store.ts';
import type { IdempotencyRecord } from '../objects/records.ts';
import type { Json } from '../views/json.ts';
import { keyInUse, keyOfAnotherEndpoint, keyReused, malformed } from './errors.ts';

const MAX_KEY_LENGTH = 255;

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, canonical(item)]),
  );
}

/** A digest: what was sent may hold card, bank and identity numbers, and the journal keeps this. */
export function fingerprintOf(method: string, path: string, params: Json): string {
  const request = `${method} ${path} ${JSON.stringify(canonical(params))}`;
  return createHash('sha256').update(request).digest('base64');
}

/** Answers given under a key, and the keys whose request is still running. */
export class Idempotency {
  private readonly store: Store;
  private readonly running = new Set<string>();

  constructor(store: Store) {
    this.store = store;
  }

  /** Keys belong to the account acted as, as at Stripe. */
  idOf(account: string, key: string): string {
    if (key.length > MAX_KEY_LENGTH) {
      throw malformed(
        `Idempotency key must be at most ${MAX_KEY_LENGTH} characters long, but is ${key.length}.`,
      );
    }
    return `${account} ${key}`;
  }

  /** The stored answer, or nothing and the key is taken until `release`. */
  claim(
    id: string,
    key: string,
    { path, fingerprint }: Pick<IdempotencyRecord, 'fingerprint' | 'path'>,
    now: number,
  ): IdempotencyRecord | undefined {
    if (this.running.has(id)) throw keyInUse(key);
    const record = this.store.get('idempotency_key', id);
    if (record && record.created > now - KEPT_SECONDS.idempotency_key) {
      if (record.path !== path) throw keyOfAnotherEndpoint(key, path, record.path);
      if (record.fingerprint !== fingerprint) throw keyReused(key);
      return record;
    }
    this.running.add(id);
    return undefined;
  }

  release(id: string): void {
    this.running.delete(id);
  }
}
