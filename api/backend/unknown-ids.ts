/** Longer than an impatient caller waits between two tries, shorter than a person does. */
const REMEMBERED_MS = 15_000;
const IDS_MAX = 10_000;

/** Ids that Stripe did not know a moment ago, so that whoever asks again and again does not make Stripe search each time. */
export class UnknownIds {
  readonly #until = new Map<string, number>();

  has(id: string, now = Date.now()): boolean {
    return (this.#until.get(id) ?? 0) > now;
  }

  add(id: string, now = Date.now()): void {
    this.#until.delete(id);
    this.#until.set(id, now + REMEMBERED_MS);
    const [oldest] = this.#until.keys();
    if (this.#until.size > IDS_MAX && oldest !== undefined) this.#until.delete(oldest);
  }
}
