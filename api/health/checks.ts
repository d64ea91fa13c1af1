/** What was found, in a sentence. */
export type Found = readonly [state: 'ok' | 'warning' | 'wrong' | 'unknown', detail: string];
export type Checks = Readonly<Record<string, () => Promise<Found>>>;
