import { proxyActivities } from '@temporalio/workflow';
import type {
  CommandOrderRequest,
  OrderRequestActivities,
  ReadOrderRequest,
  StartOrderRequest,
} from '../../contract/order-requests.ts';

/** Longer than a start waits for the order's first answer. */
const ATTEMPT_WITHIN = '40 seconds';
/** After that the caller gets an error; the order's own workflow goes on. */
const ANSWER_WITHIN = '5 minutes';

function activities(summary: string) {
  return proxyActivities<OrderRequestActivities>({
    startToCloseTimeout: ATTEMPT_WITHIN,
    scheduleToCloseTimeout: ANSWER_WITHIN,
    retry: { initialInterval: '500 milliseconds' },
    summary,
  });
}

/** Starts an order's workflow, and answers with the order as the API shows it. */
export function startOrder(request: StartOrderRequest): Promise<object> {
  return activities(`for ${request.actor}`).startOrder(request);
}

/** Sends an order a command, and answers with the order as the API shows it. */
export function commandOrder(request: CommandOrderRequest): Promise<object> {
  return activities(`${request.command} ${request.id}`).commandOrder(request);
}

/** Answers with an order as the API shows it. */
export function readOrder(request: ReadOrderRequest): Promise<object> {
  return activities(request.id).readOrder(request);
}
