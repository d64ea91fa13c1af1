import { z } from 'zod';
import type { Backend } from '../backend/backend.ts';
import { lookAtWorkers } from '../backend/workers.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { orElse } from '../http/or-else.ts';

export function getHealth(): Endpoint {
  return endpoint({
    method: 'get',
    path: '/healthz',
    role: 'open',
    tag: 'Service',
    summary: 'This process is alive',
    responses: {
      200: {
        description: 'Alive.',
        schema: z.object({ status: z.literal('ok') }).meta({ id: 'Health' }),
      },
    },
    async handle() {
      return { status: 200, body: { status: 'ok' } };
    },
  });
}

const readiness = z
  .object({
    status: z.enum(['ready', 'not_ready']).describe('Whether this process can take requests.'),
    temporal: z.enum(['reachable', 'unreachable']).describe('Whether Temporal answers.'),
    workers: z.enum(['polling', 'none', 'unknown']).describe('Whether a worker polls.'),
    stripe: z.enum(['reachable', 'unreachable']).meta({
      description:
        'Whether Stripe answers, and takes the key. For information: orders wait for Stripe, so it does not decide readiness.',
    }),
  })
  .meta({ id: 'Readiness' });

export function getReadiness({ temporal, taskQueue, directory, logger }: Backend): Endpoint {
  return endpoint({
    method: 'get',
    path: '/readyz',
    role: 'open',
    tag: 'Service',
    summary: 'Temporal can be reached, and a worker is polling',
    responses: {
      200: { description: 'Ready.', schema: readiness },
      503: { description: 'Not ready.', schema: readiness },
    },
    async handle() {
      const [seen, stripe] = await Promise.all([
        lookAtWorkers(temporal, taskQueue, logger),
        orElse(logger, 'Asking Stripe for the platform’s account', false, async () => {
          await directory.platform();
          return true;
        }),
      ]);
      const ready = seen.temporal === 'reachable' && seen.workers === 'polling';
      return {
        status: ready ? 200 : 503,
        body: {
          status: ready ? 'ready' : 'not_ready',
          ...seen,
          stripe: stripe ? 'reachable' : 'unreachable',
        },
      };
    },
  });
}
