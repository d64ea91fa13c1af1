import { dynamicConfig } from '../../dev/temporal/server-flags.ts';

/** Deleting a workflow waits for the server's queues to note how far they are: every half minute otherwise. */
export const FORGETS_AT_ONCE: readonly string[] = [
  ...dynamicConfig('history.transferProcessorUpdateAckInterval="50ms"'),
  ...dynamicConfig('history.visibilityProcessorUpdateAckInterval="50ms"'),
];

/**
 * So few events make a workflow continue as new. Such runs end within a second, after which the server lets the next one wait for the
 * rest of it; in our servers' settings the timer of that wait was seen to be lost. A run of thousands of events lasts longer.
 */
export function continuingAfter(events: number): readonly string[] {
  return [
    ...dynamicConfig(`limit.historyCount.suggestContinueAsNew=${events}`),
    ...dynamicConfig('history.workflowIdReuseMinimalInterval="0s"'),
  ];
}
