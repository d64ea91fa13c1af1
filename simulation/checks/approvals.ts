import { approvalId } from '../../domain/commands/approval.ts';
import type { Callers } from '../lives/caller.ts';
import { commandIdOf } from '../lives/caller.ts';
import type { World } from '../world/world.ts';

/** What of a row at Stripe says how much moved, and by which command. */
export interface Made {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Money above the limit moves only after another person than the one who asked has approved it. */
export class Approvals {
  readonly #world: World;
  readonly #callers: Callers;
  readonly #fail: (why: string) => void;
  /** Ids of the refunds and transfers that were judged when they were made. */
  readonly #judged = new Set<string>();

  constructor(world: World, callers: Callers, fail: (why: string) => void) {
    this.#world = world;
    this.#callers = callers;
    this.#fail = fail;
  }

  /** A payout is asked for as a whole, and approved once, however often it is made. */
  paidOut({ id, amount, currency, metadata }: Made): void {
    const { waybill_payout: payoutId } = metadata;
    if (payoutId !== undefined) this.#whole(commandIdOf(payoutId, 'begin'), { id, amount, currency });
  }

  /** A refund, or a transfer, that has been made. When it is changed later, others may have been approved since. */
  made(table: 'refund' | 'transfer', { id, amount, currency, metadata }: Made): void {
    if (this.#judged.has(id)) return;
    this.#judged.add(id);
    const { approval } = this.#world.policy;
    const { waybill_order: orderId, waybill_operation: commandId } = metadata;
    if (!approval || orderId === undefined || commandId === undefined) return;
    const asked = this.#callers.asked.get(commandId);
    // A transfer out of no order begins with it.
    if (asked?.body === null && table === 'transfer') {
      this.#whole(commandId, { id, amount, currency });
      return;
    }
    if (asked?.body?.kind !== table) return;
    const before = [...this.#world.platform.world.store.rows(table)]
      .filter((one) => one.id !== id && one.metadata.waybill_order === orderId)
      .filter((one) => table === 'transfer' || ('status' in one && one.status === 'succeeded'))
      .filter((one) => one.currency === currency && one.metadata.waybill_operation !== undefined);
    const total = before.reduce((sum, one) => sum + one.amount, amount);
    if (total <= (approval.above[currency] ?? 0) || this.#isApproved(commandId, asked.envelope.actor)) return;
    this.#fail(`${id} moved ${amount}, ${total} in all, and nobody else approved ${commandId}`);
  }

  #whole(commandId: string, { id, amount, currency }: Omit<Made, 'metadata'>): void {
    const { approval } = this.#world.policy;
    const asked = this.#callers.asked.get(commandId);
    if (!approval || !asked || amount <= (approval.above[currency] ?? 0)) return;
    if (this.#isApproved(commandId, asked.envelope.actor)) return;
    this.#fail(`${id} moved ${amount}, and nobody else approved ${commandId}`);
  }

  #isApproved(commandId: string, actor: string): boolean {
    return [...this.#callers.asked.values()].some(
      ({ body, envelope }) =>
        body?.kind === 'resolve' &&
        body.action === 'approve' &&
        body.stripe_id === approvalId(commandId) &&
        envelope.actor !== actor,
    );
  }
}
