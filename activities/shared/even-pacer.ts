import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** Lets so many through per second, evenly, however many ask at once; none once the signal is given. */
export class EvenPacer {
  readonly #apartMs: number;
  readonly #signal: AbortSignal;
  #nextAt = 0;

  constructor(perSecond: number, signal: AbortSignal) {
    this.#apartMs = 1000 / perSecond;
    this.#signal = signal;
    // Node takes more than ten that wait for a leak.
    setMaxListeners(0, signal);
  }

  async acquire(): Promise<void> {
    this.#signal.throwIfAborted();
    const waitMs = this.take(performance.now());
    if (waitMs > 0) await sleep(waitMs, undefined, { signal: this.#signal });
  }

  /** Takes the next place; how long it is until then, in milliseconds. */
  take(nowMs: number): number {
    const at = Math.max(nowMs, this.#nextAt);
    this.#nextAt = at + this.#apartMs;
    return at - nowMs;
  }
}
