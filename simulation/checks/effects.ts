import type { World } from '../world/world.ts';

interface Made {
  readonly id: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What only a payment and an account may be before their intent is: the start of their workflow made it durable. */
const QUICK: ReadonlySet<string> = new Set(['payment_intent', 'account']);
const TABLES = ['refund', 'transfer', 'payout', 'account'] as const;

/** What operations made at Stripe: one intent has one effect, and was written down before. */
export class Effects {
  readonly #world: World;
  readonly #fail: (why: string) => void;
  /** The one object that each operation made, by table, whose it is, and operation. */
  readonly #made = new Map<string, string>();

  constructor(world: World, fail: (why: string) => void) {
    this.#world = world;
    this.#fail = fail;
  }

  once(table: string, { id, metadata }: Made): void {
    const owner = metadata.waybill_order ?? metadata.waybill_payout ?? metadata.waybill_account;
    const { waybill_operation: operationId } = metadata;
    if (!owner || !operationId) return;
    const key = `${table} ${owner} ${operationId}`;
    const before = this.#made.get(key);
    if (before === id) return;
    if (before !== undefined) {
      this.#fail(`${operationId} took effect twice: ${before} and ${id}`);
      return;
    }
    this.#made.set(key, id);
    if (!QUICK.has(table) && !this.#world.server.durable.has(operationId)) {
      this.#fail(`${operationId} took effect (${id}) before its intent was durable`);
    }
  }

  has(owner: string, operationId: string): boolean {
    return TABLES.some((table) => this.#made.has(`${table} ${owner} ${operationId}`));
  }
}
