import type { Client } from '@temporalio/client';

/** A connection to a Temporal that answers at once, for tests that script its client. */
export const SCRIPTED_CONNECTION = {
  withDeadline: (_: number, work: () => Promise<unknown>) => work(),
  withAbortSignal: (_: AbortSignal, work: () => Promise<unknown>) => work(),
} as Client['connection'];
