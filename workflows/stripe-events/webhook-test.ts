import { condition, setHandler } from '@temporalio/workflow';
import type { WebhookTestInput } from '../../contract/webhook-tests.ts';
import { webhookReceivedSignal } from '../../contract/webhook-tests.ts';
import { WEBHOOK_TEST_INPUT } from '../../domain/commands/workflow-input.ts';
import type { WebhookReceipt } from '../../domain/stripe-events/webhook-test.ts';
import { refuseNonsense } from '../entity/refuse-nonsense.ts';

/** Two endpoints may deliver the same event, and Stripe may repeat it. */
const RECEIPTS_MAX = 100;

/** Gathers what the API's processes say of one test event, until each endpoint has delivered it or the time is over. */
export async function webhookTest(input: WebhookTestInput): Promise<readonly WebhookReceipt[]> {
  refuseNonsense(input, WEBHOOK_TEST_INPUT);
  const receipts: WebhookReceipt[] = [];
  setHandler(
    webhookReceivedSignal,
    (receipt) => {
      if (receipt.eventType === input.eventType && receipts.length < RECEIPTS_MAX) receipts.push(receipt);
    },
    { description: 'Internal: the test event came' },
  );
  const isOver = () => receipts.length >= input.expected;
  await condition(isOver, input.waitMs, { summary: 'Stripe has had its time' });
  return receipts;
}
