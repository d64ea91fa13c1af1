/** How many deliveries of one worker wait for receivers at a time: its other activities are for payments. */
const WAITING_MAX = 20;
/** How many of them for one receiver, so that a slow one does not hold up the others. */
const WAITING_EACH_MAX = 5;

/** Lets so many deliveries through at a time that receivers which do not answer cost nobody else the worker. */
export class DeliveryGate {
  readonly #waiting = new Map<string, number>();
  #all = 0;

  /** Null: too many wait already, and it was not tried. */
  async through<T>(subscription: string, deliver: () => Promise<T>): Promise<T | null> {
    const before = this.#waiting.get(subscription) ?? 0;
    if (this.#all >= WAITING_MAX || before >= WAITING_EACH_MAX) return null;
    this.#count(subscription, 1);
    try {
      return await deliver();
    } finally {
      this.#count(subscription, -1);
    }
  }

  #count(subscription: string, change: 1 | -1): void {
    const now = (this.#waiting.get(subscription) ?? 0) + change;
    if (now === 0) this.#waiting.delete(subscription);
    else this.#waiting.set(subscription, now);
    this.#all += change;
  }
}
