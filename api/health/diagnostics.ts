import { z } from 'zod';
import type { Backend } from '../backend/backend.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import type { Found } from './checks.ts';
import { stripeChecks } from './stripe-checks.ts';
import { temporalChecks } from './temporal-checks.ts';

export const diagnostics = z
  .object({
    object: z.literal('diagnostics'),
    checks: z
      .array(
        z.object({
          check: z.string().describe('What was looked at.'),
          state: z
            .enum(['ok', 'warning', 'wrong', 'unknown'])
            .describe(
              'warning: worth a look; wrong: something does not work; unknown: it could not be looked at.',
            ),
          detail: z.string().describe('What was found, in a sentence.'),
        }),
      )
      .describe('One for each thing that was looked at.'),
  })
  .meta({ id: 'Diagnostics' });

export function getDiagnostics(backend: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'service.diagnose',
    path: '/v1/diagnostics',
    role: 'ops',
    tag: 'Service',
    summary:
      'How this process is set up: what Temporal has, what the Stripe key may do, which keys workers have',
    readsStripe: true,
    responses: { 200: { description: 'What was found.', schema: diagnostics } },
    async handle() {
      const all = { ...temporalChecks(backend), ...stripeChecks(backend) };
      const checks = await Promise.all(
        Object.entries(all).map(async ([check, look]) => {
          const [state, detail] = await look().catch((error: Error): Found => {
            backend.logger.warn({ err: error }, `The check ${check} of the diagnostics failed`);
            return ['unknown', error.message];
          });
          return { check, state, detail };
        }),
      );
      return { status: 200, body: { object: 'diagnostics', checks } };
    },
  });
}
