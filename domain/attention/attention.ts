import type { Operation } from '../ids.ts';
import type { NoticeAction } from './notice.ts';

export type ResolveAction = NoticeAction | 'retry_with_new_key' | 'mark_done';

/** An operation that only an operator can end. The order waits for `resolve`, and keeps probing. */
export interface Attention {
  readonly operation: Operation;
  readonly operationId: string;
  readonly code: string;
  readonly message: string;
  readonly stripeRequestId: string | null;
  readonly since: number;
  readonly generation: number;
  readonly allowedActions: readonly ResolveAction[];
}
