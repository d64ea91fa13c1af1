import { DefaultLogger, Runtime } from '@temporalio/worker';

let isInstalled = false;

/**
 * Temporal's native part, once for each process that runs test files. Tests provoke failures on purpose: what the SDK logs of
 * them would hide the test's own words.
 */
export function quietRuntime(): void {
  if (isInstalled) return;
  isInstalled = true;
  Runtime.install({ logger: new DefaultLogger('ERROR') });
}
