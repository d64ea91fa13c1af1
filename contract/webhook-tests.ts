import { defineSignal } from '@temporalio/workflow';
import type { WebhookReceipt } from '../domain/stripe-events/webhook-test.ts';

export const WEBHOOK_TEST_WORKFLOW = 'webhookTest';

/** Argument of the workflow that waits for one test event, whichever API process gets it. */
export interface WebhookTestInput {
  readonly eventType: string;
  /** The endpoints at Stripe that should get it. */
  readonly expected: number;
  readonly waitMs: number;
}

/** An API process got an event that bears the test's mark. */
export const webhookReceivedSignal = defineSignal<[WebhookReceipt]>('webhookReceived');
