/** Something that is due by itself. `at`: milliseconds since the epoch. */
export interface Alarm {
  readonly at: number;
  ring(): Promise<void> | void;
}

/** The one that is due first; null: none. */
export function earliest(alarms: readonly Alarm[]): Alarm | null {
  return alarms.reduce<Alarm | null>((first, alarm) => (first && first.at <= alarm.at ? first : alarm), null);
}
