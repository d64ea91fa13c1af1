import { Ids } from './ids.ts';
import type { Settings } from './settings.ts';
import type { Transaction } from './transaction.ts';

/** What a handler works with: one transaction, at one moment, in the name of one account. */
export interface Context {
  readonly tx: Transaction;
  readonly ids: Ids;
  readonly settings: Settings;
  readonly nowMs: number;
  /** Seconds, as Stripe counts. */
  readonly now: number;
  readonly version: string;
  /** The account acted as: the platform, or the one named by Stripe-Account. */
  readonly account: string;
  readonly request: { id: string | null; idempotency_key: string | null };
}

/** The version Stripe's library of this project pins; events are written in it. */
export const DEFAULT_VERSION = '2026-10-28.endive';

export interface ContextOptions {
  tx: Transaction;
  settings: Settings;
  nowMs: number;
  account?: string;
  version?: string;
  request?: { id: string; idempotency_key: string | null };
}

export function createContext(options: ContextOptions): Context {
  const { tx, settings, nowMs } = options;
  const next = (): number => {
    const meta = tx.must('meta', 'meta');
    tx.put('meta', { ...meta, counter: meta.counter + 1 });
    return meta.counter;
  };
  return {
    tx,
    settings,
    nowMs,
    now: Math.floor(nowMs / 1000),
    ids: new Ids(tx.must('meta', 'meta').seed, next),
    account: options.account ?? settings.platform,
    version: options.version ?? DEFAULT_VERSION,
    request: options.request ?? { id: null, idempotency_key: null },
  };
}

/** Versions are dates first: `2023-10-16` or `2026-10-28.endive`, perhaps with betas after a semicolon. */
export function versionBefore(version: string, date: string): boolean {
  return version.slice(0, 10) < date;
}
