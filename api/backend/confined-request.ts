import type { TransferState } from '../../contract/transfers.ts';
import type { Order } from '../../domain/orders/order.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { commandIdOf, KEY_IN_USE } from '../http/idempotency.ts';
import type { Backend } from './backend.ts';

/** A validated request, as far as its scope is concerned. */
export interface Asked {
  readonly actor: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export type Deps = Pick<
  Backend,
  'orders' | 'transfers' | 'payouts' | 'accountIds' | 'stripeReads' | 'inFlight'
>;

/** What the request is about. */
export interface Found {
  /** Null: no order that is there yet. */
  readonly order: Order | null;
  /** The transfer of its path; read once. */
  readonly transfer: () => Promise<TransferState>;
}

/** Null: a preview, which has no key. */
export function commandIn({ actor, headers }: Asked): Parameters<typeof commandIdOf>[0] | null {
  const key = headers['Idempotency-Key'];
  return typeof key === 'string' ? { actor, headers: { 'Idempotency-Key': key } } : null;
}

/** Whether what it is about has taken this very command: its repeat gets the first answer, whatever is allowed now. */
export async function isRepeat(
  { orders, transfers, payouts, inFlight }: Deps,
  path: string,
  asked: Asked,
): Promise<boolean> {
  const repeated = commandIn(asked);
  if (!repeated) return false;
  const { id, payout } = asked.params;
  if (payout !== undefined) {
    return payouts.knows(String(payout), commandIdOf(repeated, 'payouts', String(payout)));
  }
  if (path.startsWith('/v1/transfers/')) {
    return transfers.knows(String(id), commandIdOf(repeated, 'transfers', String(id)));
  }
  const commandId = commandIdOf(repeated, String(id));
  // Its order may not have accepted it yet; what it asks for is not compared before it has.
  if (inFlight.has(commandId)) throw new ProblemError(KEY_IN_USE);
  return orders.knows(String(id), commandId);
}

/** What it gives, asked for when it is first needed. */
export function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | null = null;
  return () => {
    asked ??= ask();
    return asked;
  };
}
