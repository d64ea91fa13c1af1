import { dynamicConfig } from '../../dev/temporal/server-flags.ts';

/** Deleting a workflow waits for the server's queues to note how far they are: every half minute otherwise. */
export const FORGETS_AT_ONCE: readonly string[] = [
  ...dynamicConfig('history.transferProcessorUpdateAckInterval="50ms"'),
  ...dynamicConfig('history.visibilityProcessorUpdateAckInterval="50ms"'),
];

/** So few events make a workflow continue as new. */
export function continuingAfter(events: number): readonly string[] {
  return dynamicConfig(`limit.historyCount.suggestContinueAsNew=${events}`);
}
