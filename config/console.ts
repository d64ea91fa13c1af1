import type { StripeConfig } from './stripe.ts';
import type { TemporalConfig } from './temporal.ts';
import type { Variables } from './variables.ts';

/** Where the console's pages lead to; null: nowhere. */
export interface ConsoleLinks {
  temporalUi: string | null;
  /** Stripe's Dashboard, in the mode of the key. */
  stripeDashboard: string | null;
  /** The documentation, as a site. */
  docs: string | null;
}

const DASHBOARDS: Readonly<Record<StripeConfig['mode'], string | null>> = {
  live: 'https://dashboard.stripe.com',
  test: 'https://dashboard.stripe.com/test',
  sandbox: null,
};

export function consoleLinks(
  { TEMPORAL_UI_URL, WAYBILL_DOCS_URL }: Pick<Variables, 'TEMPORAL_UI_URL' | 'WAYBILL_DOCS_URL'>,
  { temporal, stripe }: { readonly temporal: TemporalConfig; readonly stripe: StripeConfig },
): ConsoleLinks {
  const embedded = temporal.embedded ? `http://127.0.0.1:${temporal.uiPort}` : null;
  return {
    temporalUi: TEMPORAL_UI_URL?.replace(/\/$/, '') ?? embedded,
    stripeDashboard: DASHBOARDS[stripe.mode],
    docs: WAYBILL_DOCS_URL ?? null,
  };
}
