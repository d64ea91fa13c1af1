/** What the running attempt of an activity leaves to the next one; plain data. */
export interface Progress {
  /** Undefined: no attempt before this one left any. */
  known(): unknown;
  note(details: unknown): void;
}
