import type { Played } from './play.ts';
import type { Tour } from './tour.ts';

/** The result for programs: amounts in minor units by currency. `api` is null where the API does not say. */
export function document({ ok, played, ledgerSum }: Tour, tookMs: number): string {
  return JSON.stringify(
    { ok, took_ms: tookMs, ledger_sum: ledgerSum, error: null, scenarios: played.map(scenario) },
    null,
    2,
  );
}

/** The same when there is no result. */
export function brokenOff(error: string, tookMs: number): string {
  return JSON.stringify({ ok: false, took_ms: tookMs, ledger_sum: null, error, scenarios: [] }, null, 2);
}

function scenario({ name, title, ok, tookMs, error, verdict }: Played) {
  return {
    name,
    title,
    ok,
    took_ms: tookMs,
    error,
    ledger_sum: verdict?.ledgerSum ?? null,
    figures: verdict?.figures.map(({ what: _, ...figure }) => figure) ?? [],
    facts: verdict?.facts ?? [],
  };
}
