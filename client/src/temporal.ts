import type { Client } from '@temporalio/client';
import type {
  Order,
  OrderCancel,
  OrderCapture,
  OrderCreate,
  OrderRefund,
  Problem,
} from './generated/types.gen.ts';
import { WaybillProblem } from './problem.ts';

/** Who asks, for callers that have a Temporal client instead of an API key. */
export interface Sender {
  /** Makes a repeat harmless: the same id and body get the first answer. */
  readonly requestId: string;
  /** A service or a person; the timeline shows it as `name (via temporal)`. */
  readonly actor: string;
}

export interface TaskQueue {
  /** Of Waybill's workers; `waybill` by default. */
  readonly taskQueue?: string;
}

const TASK_QUEUE = 'waybill';

/**
 * Starts an order, with the body of `POST /v1/orders`. The worker checks it and finds account, settlement merchant and policy.
 * Refusals and declines are thrown as {@link WaybillProblem}.
 */
export function startOrder(
  client: Client,
  body: OrderCreate,
  { requestId, actor, taskQueue = TASK_QUEUE }: Sender & TaskQueue,
): Promise<Order> {
  const options = { taskQueue, workflowId: `startOrder/${requestId}` };
  return answerOf(client, 'startOrder', options, { ...body, request_id: requestId, actor }, requestId);
}

/** Captures an order, with the body of `POST /v1/orders/{id}/capture`. Refusals are thrown as {@link WaybillProblem}. */
export function captureOrder(
  client: Client,
  id: string,
  body: OrderCapture,
  sender: Sender & TaskQueue,
): Promise<Order> {
  return command(client, 'capture', id, body, sender);
}

/** Cancels an order before its capture. Refusals are thrown as {@link WaybillProblem}. */
export function cancelOrder(
  client: Client,
  id: string,
  body: OrderCancel,
  sender: Sender & TaskQueue,
): Promise<Order> {
  return command(client, 'cancel', id, body, sender);
}

/**
 * Refunds an order, with the body of `POST /v1/orders/{id}/refunds`; also one whose workflow ended long ago. Refusals are thrown as
 * {@link WaybillProblem}. An order that comes back with `pending` or `needs_attention` is not refunded yet.
 */
export function refundOrder(
  client: Client,
  id: string,
  body: OrderRefund,
  sender: Sender & TaskQueue,
): Promise<Order> {
  return command(client, 'refund', id, body, sender);
}

/** An order as the API shows it, also one that has ended long ago. */
export function getOrder(
  client: Client,
  id: string,
  { taskQueue = TASK_QUEUE }: TaskQueue = {},
): Promise<Order> {
  const options = { taskQueue, workflowId: `readOrder/${crypto.randomUUID()}` };
  return answerOf(client, 'readOrder', options, { id }, null);
}

function command(
  client: Client,
  name: string,
  id: string,
  body: object,
  { requestId, actor, taskQueue = TASK_QUEUE }: Sender & TaskQueue,
): Promise<Order> {
  const options = { taskQueue, workflowId: `commandOrder/${id}/${requestId}` };
  const request = { ...body, id, command: name, request_id: requestId, actor };
  return answerOf(client, 'commandOrder', options, request, requestId);
}

async function answerOf(
  client: Client,
  type: string,
  options: { readonly taskQueue: string; readonly workflowId: string },
  request: object,
  requestId: string | null,
): Promise<Order> {
  // A repeat runs again, once the first has ended, and gets its answer; another request under the same id is refused.
  const policies = { workflowIdConflictPolicy: 'FAIL', workflowIdReusePolicy: 'ALLOW_DUPLICATE' } as const;
  for (;;) {
    try {
      return await client.workflow.execute(type, { ...options, ...policies, args: [request] });
    } catch (error) {
      if (error instanceof Error && error.name === 'WorkflowExecutionAlreadyStartedError') {
        await client.workflow
          .getHandle(options.workflowId)
          .result()
          .catch(() => undefined);
        continue;
      }
      const problem = problemIn(error);
      throw problem ? new WaybillProblem(problem, requestId) : error;
    }
  }
}

/** The API's problem is the detail of the failure at the bottom. */
function problemIn(error: unknown): Problem | null {
  if (!(error instanceof Error)) return null;
  const [detail] = 'details' in error && Array.isArray(error.details) ? error.details : [];
  return detail?.code ? detail : problemIn(error.cause);
}
