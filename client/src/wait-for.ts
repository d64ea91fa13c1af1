import type { Account, Order, Payout, Transfer } from './generated/types.gen.ts';
import { sleep } from './retries.ts';

/** What a command answers with 202 while its outcome is not known. */
export type Waitable = Order | Transfer | Account | Payout;

export interface WaitOptions<T> {
  /** When to stop. By default: nothing is on its way any more, or an operator has to act. */
  readonly until?: (object: T) => boolean;
  /** Gives up after so many milliseconds. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** The object was not there yet; `last` is how it was seen last. */
export class WaitTimeout<T> extends Error {
  override readonly name = 'WaitTimeout';
  readonly last: T;

  constructor(last: T, timeoutMs: number) {
    super(`not there yet after ${timeoutMs} ms`);
    this.last = last;
  }
}

const TIMEOUT_MS = 60_000;
const FIRST_DELAY_MS = 250;
const DELAY_MAX_MS = 5_000;

/** Reads an object until it is where `until` wants it. */
export async function waitUntil<T extends Waitable>(
  object: T,
  read: () => Promise<T>,
  { until = isSettled, timeoutMs = TIMEOUT_MS, signal }: WaitOptions<T>,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let last = object;
  for (let delayMs = FIRST_DELAY_MS; !until(last); delayMs = Math.min(delayMs * 2, DELAY_MAX_MS)) {
    const left = deadline - Date.now();
    if (left <= 0) throw new WaitTimeout(last, timeoutMs);
    await sleep(Math.min(delayMs, left), signal);
    last = await read();
  }
  return last;
}

/** Nothing is on its way any more, it waits for another person's approval, or it is stuck and an operator has to act. */
export function isSettled(object: Waitable): boolean {
  if (object.needs_attention?.operation) return true;
  if (object.pending !== null) return false;
  // A new payout or transfer that waits for another person may do so for days.
  if ('approvals' in object && object.approvals.length > 0) return true;
  // One that Stripe refused to make never gets an id.
  if (object.object === 'account') return object.id !== null || object.status === 'rejected';
  return object.object === 'payout' ? object.status !== 'creating' : object.status !== 'pending';
}
