import { describe, expect, it } from 'vitest';
import { problemResource } from '../../../api/http/problem.ts';
import { problemReply } from '../../../api/http/problems.ts';
import type { ProblemCode } from '../../../domain/errors.ts';

describe('a problem in HTTP', () => {
  it.each<[ProblemCode, number, boolean]>([
    ['invalid_request', 400, false],
    ['stripe_refused', 400, false],
    ['unauthenticated', 401, false],
    ['card_declined', 402, false],
    ['forbidden', 403, false],
    ['not_found', 404, false],
    ['method_not_allowed', 405, false],
    ['state_conflict', 409, false],
    ['needs_attention', 409, false],
    ['order_exists', 409, false],
    ['transfer_exists', 409, false],
    ['payout_exists', 409, false],
    ['account_exists', 409, false],
    ['idempotency_key_in_use', 409, true],
    ['payload_too_large', 413, false],
    ['unsupported_media_type', 415, false],
    ['money_rule', 422, false],
    ['account_not_ready', 422, true],
    ['balance_insufficient', 422, false],
    ['idempotency_key_reused', 422, false],
    ['too_many_requests', 429, true],
    ['internal', 500, true],
    ['unavailable', 503, true],
  ])('%s is %i, retryable: %s', (code, status, retryable) => {
    const reply = problemReply({ code, detail: 'why' }, { requestId: 'req_1' });
    expect(reply.status).toBe(status);
    expect(reply.body).toMatchObject({ code, status, retryable, detail: 'why', request_id: 'req_1' });
    expect(problemResource.safeParse(JSON.parse(JSON.stringify(reply.body))).error).toBeUndefined();
    const sayWhen = ['idempotency_key_in_use', 'too_many_requests', 'unavailable'].includes(code);
    expect(reply.headers?.['Retry-After'] !== undefined).toBe(sayWhen);
  });

  it('is never retryable once it is stored under the key', () => {
    const stored = problemReply(
      { code: 'account_not_ready', detail: 'why' },
      { requestId: 'req_1', stored: true },
    );
    expect(stored.body).toMatchObject({ retryable: false });
  });

  it('names the order and what the issuer said, for a decline', () => {
    const reply = problemReply(
      { code: 'card_declined', detail: 'no', declineCode: 'insufficient_funds', stripeCode: 'card_declined' },
      { requestId: 'req_1', order: 'order-1' },
    );
    expect(reply.contentType).toBe('application/problem+json');
    expect(reply.body).toMatchObject({
      order: 'order-1',
      decline_code: 'insufficient_funds',
      stripe_code: 'card_declined',
    });
  });
});
