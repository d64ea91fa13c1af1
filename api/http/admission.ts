import { problem } from '../../domain/errors.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import type { Endpoint } from './endpoint.ts';

/** What a request asks for: something new, or a step of what exists. */
export const LOADS = ['start', 'command'] as const;
export type Load = (typeof LOADS)[number];

/** Of all places. Who captures or refunds finds a place even while starts are shed. */
const STARTS_SHARE = 0.75;
/** Of the places of starts. Other accounts' orders find a place while one account's orders, transfers or payouts are many. */
const ACCOUNT_SHARE = 0.5;

interface AdmissionDeps {
  /** How many commands this process carries out at a time. */
  readonly commandsMax: number;
  /** Whether what was started waits too long for a worker. */
  readonly isBehind: () => boolean;
  readonly countShed: (load: Load) => void;
}

/**
 * Takes on no more than can be done in time. What is too much is refused before anything begins, so that nothing is left behind and
 * its Idempotency-Key stays unused. Reads, probes and webhooks pass freely: they are short, and follow what was admitted.
 */
export class Admission {
  readonly #deps: AdmissionDeps;
  readonly #startsMax: number;
  readonly #startsOfAccountMax: number;
  #inFlight = 0;
  readonly #startsOf = new Map<string, number>();

  constructor(deps: AdmissionDeps) {
    this.#deps = deps;
    this.#startsMax = Math.ceil(deps.commandsMax * STARTS_SHARE);
    this.#startsOfAccountMax = Math.ceil(this.#startsMax * ACCOUNT_SHARE);
  }

  /** `account`: whose order, transfer or payout it starts, as its caller names it. Load null: always admitted. */
  async run<T>(load: Load | null, account: string | null, work: () => Promise<T>): Promise<T> {
    if (load === null) return work();
    const bursting = load === 'start' ? account : null;
    if (!this.#hasRoom(load, bursting)) {
      this.#deps.countShed(load);
      throw new ProblemError(
        problem(
          'overloaded',
          'The service is overloaded. Nothing was done: repeat the request with the same Idempotency-Key.',
        ),
      );
    }
    this.#count(bursting, 1);
    try {
      return await work();
    } finally {
      this.#count(bursting, -1);
    }
  }

  #hasRoom(load: Load, account: string | null): boolean {
    if (load === 'command') return this.#inFlight < this.#deps.commandsMax;
    const ofAccount = account === null ? 0 : (this.#startsOf.get(account) ?? 0);
    return this.#inFlight < this.#startsMax && ofAccount < this.#startsOfAccountMax && !this.#deps.isBehind();
  }

  #count(account: string | null, change: 1 | -1): void {
    this.#inFlight += change;
    if (account === null) return;
    const left = (this.#startsOf.get(account) ?? 0) + change;
    if (left === 0) this.#startsOf.delete(account);
    else this.#startsOf.set(account, left);
  }
}

/** Commands are what may be waited for. Null: neither, and always admitted. */
export function loadOf({ headers, starts }: Endpoint): Load | null {
  if (headers === undefined || !('Prefer' in headers.shape)) return null;
  return starts ? 'start' : 'command';
}
