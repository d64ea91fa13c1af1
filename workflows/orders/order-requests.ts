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

/** Temporal fails a workflow task with a summary of more than 400 bytes, and a request is not checked before its activity. */
const SUMMARY_MAX = 120;

function activities(...parts: readonly unknown[]) {
  const text = parts.map((part) => (typeof part === 'string' ? part : '?')).join(' ');
  const summary = text.slice(0, SUMMARY_MAX).replaceAll(/\p{C}/gu, '?');
  return proxyActivities<OrderRequestActivities>({
    startToCloseTimeout: ATTEMPT_WITHIN,
    scheduleToCloseTimeout: ANSWER_WITHIN,
    retry: { initialInterval: '500 milliseconds' },
    summary,
  });
}

/** Whoever starts it without an input learns from the activity what is missing. */
function given<Request extends object>(request: Request | null | undefined): Request {
  return request ?? ({} as Request);
}

/** Starts an order's workflow, and answers with the order as the API shows it. */
export function startOrder(request: StartOrderRequest): Promise<object> {
  const { actor } = given(request);
  return activities('for', actor).startOrder(given(request));
}

/** Sends an order a command, and answers with the order as the API shows it. */
export function commandOrder(request: CommandOrderRequest): Promise<object> {
  const { command, id } = given(request);
  return activities(command, id).commandOrder(given(request));
}

/** Answers with an order as the API shows it. */
export function readOrder(request: ReadOrderRequest): Promise<object> {
  return activities(given(request).id).readOrder(given(request));
}
