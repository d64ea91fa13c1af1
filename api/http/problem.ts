import { z } from 'zod';
import type { ProblemCode } from '../../domain/errors.ts';

/** Every code once; one that is missing is a type error. */
const CODES: Readonly<Record<ProblemCode, true>> = {
  invalid_request: true,
  stripe_refused: true,
  unauthenticated: true,
  card_declined: true,
  access_denied: true,
  forbidden: true,
  not_found: true,
  method_not_allowed: true,
  request_timeout: true,
  state_conflict: true,
  needs_attention: true,
  needs_approval: true,
  order_exists: true,
  account_exists: true,
  payout_exists: true,
  transfer_exists: true,
  idempotency_key_in_use: true,
  payload_too_large: true,
  unsupported_media_type: true,
  money_rule: true,
  account_not_ready: true,
  balance_insufficient: true,
  idempotency_key_reused: true,
  too_many_requests: true,
  limit_exceeded: true,
  day_limit_exceeded: true,
  overloaded: true,
  headers_too_large: true,
  internal: true,
  unavailable: true,
};

export const problemResource = z
  .object({
    type: z.string().describe('A URI of the kind of problem (RFC 9457).'),
    title: z.string().describe('The kind of problem, in a few words.'),
    status: z.int().describe('The HTTP status.'),
    detail: z.string().describe('What is wrong, in a sentence.'),
    code: z
      .enum(Object.keys(CODES) as [ProblemCode, ...ProblemCode[]])
      .describe('Decide by this and by `retryable`.'),
    param: z.string().optional().meta({ description: 'The offending field.' }),
    errors: z
      .array(
        z.object({
          param: z.string().describe('The field.'),
          detail: z.string().describe('What is wrong with it.'),
        }),
      )
      .optional()
      .meta({ description: 'Every invalid field; `param` and `detail` above are those of the first.' }),
    decline_code: z.string().optional().describe("The issuer's reason for a decline, if it gave one."),
    stripe_code: z.string().optional().describe("Stripe's error code."),
    stripe_request_id: z.string().optional().describe("Stripe's request, for its support."),
    request_id: z.string().describe('This request; quote it when you ask about it.'),
    retryable: z
      .boolean()
      .meta({ description: 'The same request with the same Idempotency-Key may succeed.' }),
    order: z.string().optional().meta({ description: 'The order of a declined payment.' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457.' });
