import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { WebhookTestInput } from '../../contract/webhook-tests.ts';
import { WEBHOOK_TEST_WORKFLOW } from '../../contract/webhook-tests.ts';
import { webhookTestWorkflowId } from '../../domain/ids.ts';
import type {
  Seen,
  WebhookEndpoint,
  WebhookReceipt,
  WebhookSide,
} from '../../domain/stripe-events/webhook-test.ts';
import { endpointsToTest, findingOfTest, TEST_EVENTS } from '../../domain/stripe-events/webhook-test.ts';
import { webhookEndpointsOf } from '../../stripe/webhook-endpoints.ts';
import {
  pendingAtStripe,
  removeMark,
  sendConnectEvent,
  sendPlatformEvent,
} from '../../stripe/webhook-tests.ts';
import type { Backend } from '../backend/backend.ts';
import { READ_WITHIN_MS, within } from '../backend/wait.ts';
import { markOfTest } from '../backend/webhook-tests.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import * as field from '../http/fields.ts';
import { WEBHOOK_PATH } from '../http/rate-limit.ts';
import { diagnostics } from './diagnostics.ts';

const WAIT_SECONDS = 15;
const WAIT_SECONDS_MAX = 60;
const SIDES = { platform: 'Platform webhooks', connect: 'Connect webhooks' } as const;

const testWebhooksBody = z
  .strictObject({
    connected_account: field.account
      .optional()
      .describe(
        'Tries the endpoint of connected accounts: a mark is put into the metadata of this one, and taken out again.',
      ),
    wait_seconds: z
      .int()
      .min(1)
      .max(WAIT_SECONDS_MAX)
      .default(WAIT_SECONDS)
      .describe('How long to wait for the events at most.'),
  })
  .meta({ id: 'WebhookTest', example: { wait_seconds: WAIT_SECONDS } });

export function testWebhooks(backend: Backend): Endpoint {
  return endpoint({
    method: 'post',
    name: 'service.testWebhooks',
    path: '/v1/diagnostics/webhooks',
    role: 'ops',
    tag: 'Service',
    summary:
      'Have Stripe send a harmless event to each webhook endpoint, and see whether it comes and is signed rightly',
    readsStripe: true,
    body: testWebhooksBody,
    responses: { 200: { description: 'What was found.', schema: diagnostics } },
    async handle({ body }) {
      const account = await backend.accountIds.ofOptional(body.connected_account, 'connected_account');
      const endpoints = await webhookEndpointsOf(backend.stripe, WEBHOOK_PATH);
      const of = (wanted: WebhookSide) => endpoints.filter(({ side }) => side === wanted);
      const tests: readonly Test[] = [
        { side: 'platform', account: null, endpoints: of('platform') },
        { side: 'connect', account: account ?? null, endpoints: of('connect') },
      ];
      const checks = await Promise.all(
        tests.map(async (test) => {
          const { side } = test;
          const finding = await tried(backend, test, body.wait_seconds).then(
            (seen) => findingOfTest(side, test.endpoints, seen, body.wait_seconds),
            (error: Error) => ({ state: 'unknown' as const, detail: error.message }),
          );
          return { check: SIDES[side], ...finding };
        }),
      );
      return { status: 200, body: { object: 'diagnostics', checks } };
    },
  });
}

interface Test {
  readonly side: WebhookSide;
  readonly account: string | null;
  readonly endpoints: readonly WebhookEndpoint[];
}

/** Null: there is nothing to try, or nothing to try it with. */
async function tried(
  { stripe, temporal, taskQueue, stateSecret }: Backend,
  { side, account, endpoints }: Test,
  waitSeconds: number,
): Promise<Seen | null> {
  const expected = endpointsToTest(side, endpoints).length;
  if (expected === 0 || (side === 'connect' && account === null)) return null;
  const testId = randomUUID();
  const mark = markOfTest(testId, stateSecret);
  const since = Date.now() / 1_000;
  const input: WebhookTestInput = { eventType: TEST_EVENTS[side], expected, waitMs: waitSeconds * 1_000 };
  const test = await within(temporal, READ_WITHIN_MS, () =>
    temporal.workflow.start(WEBHOOK_TEST_WORKFLOW, {
      workflowId: webhookTestWorkflowId(testId),
      taskQueue,
      args: [input],
      staticSummary: `Test of webhooks: ${TEST_EVENTS[side]}`,
    }),
  );
  try {
    if (account === null) await sendPlatformEvent(stripe, mark, testId);
    else await sendConnectEvent(stripe, account, mark, testId);
    const receipts: readonly WebhookReceipt[] = await within(temporal, input.waitMs + READ_WITHIN_MS, () =>
      test.result(),
    );
    const isAll = receipts.length >= expected;
    return {
      receipts,
      pending: isAll ? null : await pendingAtStripe(stripe, { side, mark, since, account }),
    };
  } finally {
    if (account !== null) await removeMark(stripe, account, testId);
  }
}
