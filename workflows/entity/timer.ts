/** Something that is due at a time. `at`: milliseconds since the epoch. */
export interface Timer {
  readonly at: number;
  fire(): Promise<void> | void;
}

/** The one that is due first; null: none. */
export function earliest(alarms: readonly Timer[]): Timer | null {
  return alarms.reduce<Timer | null>((first, alarm) => (first && first.at <= alarm.at ? first : alarm), null);
}
