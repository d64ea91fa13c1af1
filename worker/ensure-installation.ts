import type { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { SEARCH_ATTRIBUTES } from '../contract/search-attributes.ts';
import { keepSchedules } from './keep-schedules.ts';
import { registerSearchAttributes } from './search-attributes.ts';

/** What a namespace must have before a worker polls. */
export async function ensureInstallation(
  connection: NativeConnection,
  temporal: Client,
  options: Config['worker'] & { readonly log: Logger },
): Promise<void> {
  await registerSearchAttributes(connection, temporal.options.namespace, SEARCH_ATTRIBUTES);
  await keepSchedules({ ...options, temporal });
}
