/** What was learned a moment ago, so that it is not asked again at once. The oldest goes where there are too many. */
export class TtlCache<Value> {
  readonly #ttlMs: number;
  readonly #max: number;
  readonly #now: () => number;
  readonly #cached = new Map<string, { readonly value: Value; readonly until: number }>();

  /** `now`: milliseconds since the epoch. */
  constructor(limits: { readonly ttlMs: number; readonly max: number }, now: () => number) {
    this.#ttlMs = limits.ttlMs;
    this.#max = limits.max;
    this.#now = now;
  }

  get(key: string): Value | undefined {
    const cached = this.#cached.get(key);
    return cached && cached.until > this.#now() ? cached.value : undefined;
  }

  set(key: string, value: Value): void {
    this.#cached.delete(key);
    this.#cached.set(key, { value, until: this.#now() + this.#ttlMs });
    const [oldest] = this.#cached.keys();
    if (this.#cached.size > this.#max && oldest !== undefined) this.#cached.delete(oldest);
  }

  delete(key: string): void {
    this.#cached.delete(key);
  }
}
