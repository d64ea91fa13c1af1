/**
 * A child that must not outlive us, however we end: our end of its stdin closes when we die, SIGKILL included, and a
 * watcher beside it then ends it. By `exec` the child keeps the pid that was spawned, so signals go straight to it.
 */
const GUARD =
  'exec 3<&0; (cat <&3 >/dev/null 2>&1; kill -TERM $$ 2>/dev/null) >/dev/null 2>&1 & exec "$@" </dev/null 3<&-';

export function withOrphanGuard(
  command: string,
  args: readonly string[],
): { command: string; args: string[] } {
  return { command: 'sh', args: ['-c', GUARD, 'sh', command, ...args] };
}
