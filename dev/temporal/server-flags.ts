/**
 * What our dev servers run with beside ports and file; each line was seen to help.
 * WAL with `synchronous=normal`: about three times the throughput on a file. A killed process loses nothing; a power
 * cut may lose the last moments. Harmless without a file.
 */
export const serverTuning: readonly string[] = [
  ...pragma('journal_mode=wal'),
  ...pragma('synchronous=normal'),
  // Timers and retries below a second would otherwise take a whole one.
  ...dynamicConfig('history.timerProcessorMaxTimeShift="10ms"'),
  ...dynamicConfig('system.enableActivityEagerExecution=true'),
  // One partition a queue: exact order and rate limits, and less to poll on one machine.
  ...dynamicConfig('matching.numTaskqueueReadPartitions=1'),
  ...dynamicConfig('matching.numTaskqueueWritePartitions=1'),
  // Fairness keys are ignored otherwise: one slow receiver of events would hold up the others.
  ...dynamicConfig('matching.useNewMatcher=true'),
  ...dynamicConfig('matching.enableFairness=true'),
  // The CLI's own, said here so that a cluster is held to it: a server left to itself answers ten lists and counts a second.
  ...dynamicConfig('frontend.namespaceRPS.visibility=100'),
];

export interface DevServer {
  /** Undefined: in memory, gone with the process. */
  dbFile?: string;
  port: number;
  uiPort: number;
  namespace: string;
  /** Where its UI has payloads decrypted; undefined: they are plain. */
  codecEndpoint?: string;
}

/** The arguments of `temporal` for a dev server that listens on loopback only. */
export function devServerArgs(server: DevServer): string[] {
  return [
    'server',
    'start-dev',
    ...(server.dbFile ? ['--db-filename', server.dbFile] : []),
    ...['--ip', '127.0.0.1', '--port', String(server.port), '--ui-port', String(server.uiPort)],
    ...(server.codecEndpoint ? ['--ui-codec-endpoint', server.codecEndpoint] : []),
    ...(server.namespace === 'default' ? [] : ['--namespace', server.namespace]),
    ...['--log-level', 'warn', '--log-format', 'json'],
    ...serverTuning,
  ];
}

function pragma(value: string): string[] {
  return ['--sqlite-pragma', value];
}

/** Sets one of the server's dynamic settings: `name=value`, the value as YAML. */
export function dynamicConfig(value: string): string[] {
  return ['--dynamic-config-value', value];
}
