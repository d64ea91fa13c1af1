export interface Options {
  readonly orders: number;
  readonly rounds: number;
  readonly concurrency: number;
  readonly progress: (line: string) => void;
}

/** One round: what each captured order took. */
export interface Round {
  readonly ordersPerSecond: number;
  readonly cpuMsPerOrder: Readonly<Record<string, number>>;
  readonly walBytesPerOrder: number;
}

export interface Measured {
  readonly asInstalled: readonly Round[];
  /** Indexes of Temporal's visibility store over columns that hold nothing, and the rounds without them. */
  readonly dropped: readonly string[];
  readonly withoutIndexes: readonly Round[];
}
