import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { webhookReceivedSignal } from '../../contract/webhook-tests.ts';
import { webhookTestWorkflowId } from '../../domain/ids.ts';
import type { WebhookReceipt } from '../../domain/stripe-events/webhook-test.ts';
import { testMarkOf } from '../../domain/stripe-events/webhook-test.ts';
import { faultOf } from '../../temporal/faults.ts';
import { sign, verify } from '../http/signed-text.ts';
import { READ_WITHIN_MS, within } from './wait.ts';

/**
 * What is written on a test's object at Stripe. Signed, since an event whose signature is wrong is noted as well: who does not know the
 * mark of a running test reaches nothing with it.
 */
export function markOfTest(testId: string, secret: string): string {
  return sign('webhook-test', testId, secret);
}

interface Deps {
  readonly temporal: Client;
  readonly stateSecret: string;
  readonly logger: Logger;
}

/** Notes that a test's event came, for whichever process made the test. False: it is of no test. */
export async function noteTestEvent(
  { temporal, stateSecret, logger }: Deps,
  event: { readonly type: string; readonly data: { readonly object: unknown } },
  isSigned: boolean,
): Promise<boolean> {
  const mark = testMarkOf(event.data.object);
  const testId = mark === null ? null : verify('webhook-test', mark, stateSecret);
  if (typeof testId !== 'string') return false;
  const receipt: WebhookReceipt = { eventType: event.type, isSigned };
  const test = temporal.workflow.getHandle(webhookTestWorkflowId(testId));
  await within(temporal, READ_WITHIN_MS, () => test.signal(webhookReceivedSignal, receipt)).catch(
    (error: unknown) => {
      // Stripe repeats an event for days; its test is over then.
      if (faultOf(error)?.type !== 'not_found')
        logger.warn({ err: error }, 'The event of a webhook test could not be noted');
    },
  );
  return true;
}

/** The same of a body that no secret of ours signed. */
export async function noteUnsignedTestEvent(deps: Deps, raw: Buffer): Promise<void> {
  const event = parsed(raw);
  const { type, data } = Object(event) as { type?: unknown; data?: unknown };
  if (typeof type !== 'string') return;
  await noteTestEvent(deps, { type, data: { object: Object(data).object } }, false);
}

function parsed(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString());
  } catch {
    return null;
  }
}
