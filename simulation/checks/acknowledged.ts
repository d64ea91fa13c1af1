import type { Order } from '../../domain/orders/order.ts';

/** What never goes away: nobody has to see it twice. */
const LASTING: ReadonlySet<string> = new Set(['refund_failed', 'charge_failed']);

/** What somebody has acknowledged does not ask again, unless Temporal has forgotten who did. */
export class Acknowledged {
  /** By order: codes and subjects. */
  readonly #seen = new Map<string, Set<string>>();

  /** What asks again; null: nothing. */
  askedAgain({ terms, notices }: Order, isForgotten: boolean): string | null {
    if (isForgotten) return null;
    for (const { code, subject, acknowledgedBy } of notices) {
      if (!LASTING.has(code)) continue;
      const name = `${code} of ${subject}`;
      const seen = this.#seen.get(terms.id) ?? new Set();
      if (acknowledgedBy !== null) this.#seen.set(terms.id, seen.add(name));
      else if (seen.has(name)) return name;
    }
    return null;
  }
}
