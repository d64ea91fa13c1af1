import type { Attention } from '../domain/order.ts';
import { rfc3339 } from './rfc3339.ts';

export function presentAttention(attention: Attention) {
  return {
    operation: attention.operation,
    code: attention.code,
    message: attention.message,
    stripe_request_id: attention.stripeRequestId,
    since: rfc3339(attention.since),
    allowed_actions: [...attention.allowedActions],
  };
}
