import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Backend } from '../backend/backend.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { orElse } from '../http/or-else.ts';
import { accountCheck } from './stripe-account.ts';

export function getHealth(): Endpoint {
  return endpoint({
    method: 'get',
    name: 'service.health',
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

/** A proxy that asks each second waits no longer for the answer, and Stripe is none of its business. */
const STRIPE_WITHIN_MS = 500;

const readiness = z
  .object({
    status: z.enum(['ready', 'not_ready']).describe('Whether this process can take requests.'),
    temporal: z.enum(['reachable', 'unreachable']).describe('Whether Temporal answers.'),
    workers: z
      .enum(['polling', 'none', 'unknown'])
      .describe('Whether a worker polls, of the release that gets the work.'),
    stripe: z.enum(['reachable', 'unreachable', 'other_account']).meta({
      description:
        'Whether Stripe answers, and takes the key. Orders wait for Stripe, so `unreachable` does not decide readiness; `other_account`, a key of another account or mode than the orders are of, does.',
    }),
    stripe_problem: z.string().optional().describe('With `other_account`: both accounts.'),
  })
  .meta({ id: 'Readiness' });

export function getReadiness(backend: Backend): Endpoint {
  const { workers, directory, logger } = backend;
  const otherAccount = accountCheck(backend);
  return endpoint({
    method: 'get',
    name: 'service.readiness',
    path: '/readyz',
    role: 'open',
    tag: 'Service',
    summary: 'Temporal can be reached, and a worker is polling',
    responses: {
      200: { description: 'Ready.', schema: readiness },
      503: { description: 'Not ready.', schema: readiness },
    },
    async handle() {
      const [{ temporal, workers: polled }, stripe, problem] = await Promise.all([
        workers.seen(),
        soon(
          false,
          orElse(logger, 'Asking Stripe for the platform’s account', false, async () => {
            await directory.platform();
            return true;
          }),
        ),
        soon(null, orElse(logger, 'Comparing the account of the key', null, otherAccount)),
      ]);
      const ready = temporal === 'reachable' && polled === 'polling' && problem === null;
      return {
        status: ready ? 200 : 503,
        body: {
          status: ready ? 'ready' : 'not_ready',
          temporal,
          workers: polled,
          ...(problem === null
            ? { stripe: stripe ? 'reachable' : 'unreachable' }
            : { stripe: 'other_account', stripe_problem: problem }),
        },
      };
    },
  });
}

/** What comes of `work`, or `otherwise` where that takes too long: then it is known to whoever asks next. */
function soon<T>(otherwise: T, work: Promise<T>): Promise<T> {
  return Promise.race([work, sleep(STRIPE_WITHIN_MS, otherwise, { ref: false })]);
}
