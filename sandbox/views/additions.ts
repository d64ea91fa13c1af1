import { type Context, versionBefore } from '../core/context.ts';
import type { Json } from './json.ts';

/**
 * What Stripe has added to its answers meanwhile. It adds fields in every version; what is recorded of a version is as old as that
 * version, and has none of the later ones.
 */
export function addedIn({ version }: Context, since: string, fields: Json): Json {
  return versionBefore(version, since) ? {} : fields;
}

/** Accounts that are customers. */
const CLOVER = '2025-09-30';
export const DAHLIA = '2026-03-25';
/** The version of the public recordings that show them first. */
export const LATE_DAHLIA = '2026-08-26';

export function customerAccount(ctx: Context): Json {
  return addedIn(ctx, CLOVER, { customer_account: null });
}
