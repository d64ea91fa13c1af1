/** Something that is due at a time. `at`: milliseconds since the epoch. */
export interface Timer {
  readonly at: number;
  /** What it is for: a few words, shown in Temporal's UI. */
  readonly summary: string;
  fire(): Promise<void> | void;
}

/** The one that is due first; null: none. */
export function earliest(timers: readonly Timer[]): Timer | null {
  return timers.reduce<Timer | null>((first, timer) => (first && first.at <= timer.at ? first : timer), null);
}
