import type { Starts } from './starts.ts';

/** Rows a page. */
const PAGE = 100;

/** What is read, and how. */
export const READS = {
  'one order': (id: string) => `/v1/orders/${id}`,
  'a page of 100': () => `/v1/orders?limit=${PAGE}`,
  'status=authorized': () => `/v1/orders?status=authorized&limit=${PAGE}`,
  'needs_attention=true': () => `/v1/orders?needs_attention=true&limit=${PAGE}`,
} as const;
export type Read = keyof typeof READS;

export interface Options {
  readonly orders: number;
  readonly concurrency: number;
  /** Loading ends after so long, with as many orders as there are then. */
  readonly minutes: number;
  /** Where the data stays, so that a later run goes on from there; without it the data goes with the run. */
  readonly home: string | undefined;
  readonly progress: (line: string) => void;
}

/** What is true while so many orders wait for their capture. */
export interface Step extends Starts {
  readonly open: number;
  readonly workerKb: number;
  readonly databaseBytes: number;
}

export interface Measured {
  readonly options: Options;
  readonly steps: readonly Step[];
  readonly starts: { readonly loaded: readonly Starts[]; readonly empty: readonly Starts[] };
  /** Milliseconds each. */
  readonly captures: { readonly hot: readonly number[]; readonly cold: readonly number[] };
  readonly reads: Readonly<Record<Read, readonly number[]>>;
}
