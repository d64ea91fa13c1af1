import type { Recovery } from '../../domain/orders/recovery-state.ts';
import { backoffMs, HOUR_MS, workflowNow } from '../shared/time.ts';

const FIRST_RETRY_MS = HOUR_MS;
const RETRY_MAX_MS = 24 * HOUR_MS;

/** When a failed reversal is retried. Milliseconds since the epoch. */
export function retryAt({ attempts }: Recovery): number {
  return workflowNow() + backoffMs(attempts, FIRST_RETRY_MS, RETRY_MAX_MS);
}
