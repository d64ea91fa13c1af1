import type { Context } from '../core/context.ts';
import { noSuch } from '../http/errors.ts';

type Parent = 'charge' | 'customer' | 'payment_intent';

/** A list by something that is not there is an error, as at Stripe, and not an empty list. */
export function checkParent(ctx: Context, kind: Parent, id: string, status: 400 | 404 = 400): void {
  if (ctx.tx.get(kind, id)?.owner !== ctx.account) throw noSuch(kind, id, kind, status);
}

/** The same for all that a list is narrowed by. */
export function checkParents(ctx: Context, named: { readonly [Kind in Parent]?: string | undefined }): void {
  for (const kind of ['charge', 'customer', 'payment_intent'] as const) {
    const id = named[kind];
    if (id !== undefined) checkParent(ctx, kind, id);
  }
}
