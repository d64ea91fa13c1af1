import { z } from 'zod';

export const problemResource = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    param: z.string().optional().meta({ description: 'The offending field.' }),
    decline_code: z.string().optional(),
    stripe_code: z.string().optional(),
    stripe_request_id: z.string().optional(),
    request_id: z.string(),
    retryable: z
      .boolean()
      .meta({ description: 'The same request with the same Idempotency-Key may succeed.' }),
    order: z.string().optional().meta({ description: 'The order of a declined payment.' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457.' });
