import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import type { OrderRequestActivities } from '../../contract/order-requests.ts';
import { REQUEST_REFUSED } from '../../contract/order-requests.ts';
import { messageOf, viaTemporal } from '../../domain/commands/define-command.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import type { OrderCommandBody } from '../../domain/orders/order-command-table.ts';
import { ORDER_COMMANDS } from '../../domain/orders/order-command-table.ts';
import { brokenRuleOfRefund } from '../../domain/orders/refusals.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { attemptOf } from '../backend/attempt.ts';
import type { OrderBackend } from '../backend/backend.ts';
import { commandOf } from '../commands/command-route.ts';
import { decode } from '../http/decode.ts';
import type { Reply } from '../http/endpoint.ts';
import { textUpTo } from '../http/fields.ts';
import { digestOf, envelopeOf } from '../http/idempotency.ts';
import { idParams } from '../http/params.ts';
import { problemReply, refuseIfBroken } from '../http/problems.ts';
import { NO_SECRETS } from './client-secret.ts';
import { createOrderBody } from './create-order-schema.ts';
import { orderReply } from './order-reply.ts';
import { presentOrder } from './present-order.ts';
import { doneStatus, startOrder } from './start-order.ts';

/** Less than the worker's activity may take. */
const WAIT = { seconds: 30, asked: false };
const WAIT_MS = WAIT.seconds * 1_000;
const SENDER = z.strictObject({ request_id: textUpTo(100), actor: textUpTo(100) });
/** Those that a backend sends; operators resolve, transfer and answer disputes by the API, the console or a signal. */
const COMMANDS = {
  capture: ORDER_COMMANDS.capture,
  cancel: ORDER_COMMANDS.cancel,
  refund: ORDER_COMMANDS.refund,
};
const TARGET = z.strictObject({ id: idParams.shape.id, command: z.enum(['capture', 'cancel', 'refund']) });

/**
 * The API's answers for callers that have a Temporal client instead of an API key. What only a customer may see is left out: it would
 * stay in Temporal's history.
 */
export function orderRequests(backend: OrderBackend): OrderRequestActivities {
  return {
    startOrder: ({ request_id, actor, ...given }) =>
      answerOf(request_id, async () => {
        const sender = senderOf({ request_id, actor });
        const body = decode(createOrderBody, given);
        const { envelope, answer } = await startOrder(backend, { ...sender, body, given });
        return orderReply(answer, { envelope, wait: WAIT }, doneStatus(answer.state));
      }),
    commandOrder: ({ request_id, actor, id, command, ...given }) =>
      answerOf(request_id, async () => {
        const request = { ...senderOf({ request_id, actor }), given };
        const target = decode(TARGET, { id, command });
        const definition = COMMANDS[target.command];
        const body = commandOf<OrderCommandBody>(definition, given);
        if (body.kind === 'refund') refuseIfBroken(brokenRuleOfRefund(body));
        const envelope = envelopeOf(request, definition.kind, digestOf(request, target.id));
        const answer = await backend.inFlight.run(envelope, () =>
          backend.orders.command(target.id, { ...body, ...envelope }, messageOf(envelope, given), WAIT_MS),
        );
        return orderReply(answer, { envelope, wait: WAIT }, 200);
      }),
    readOrder: (request) =>
      answerOf(request.id, async () => {
        const { id } = decode(idParams, request);
        const order = await backend.orders.read(id);
        const attempt = await attemptOf(backend.temporal, orderWorkflowId(id), order.pending);
        return { status: 200, body: presentOrder(order, NO_SECRETS, attempt) };
      }),
  };
}

function senderOf(given: { readonly request_id: string; readonly actor: string }) {
  const { request_id: requestId, actor } = decode(SENDER, given);
  return {
    requestId,
    actor: viaTemporal(actor),
    headers: { 'Idempotency-Key': requestId, Prefer: WAIT },
  };
}

/** A refusal becomes a failure whose detail is the API's problem; it is retried only if that may help. */
async function answerOf(requestId: string, ask: () => Promise<Reply>): Promise<object> {
  const { status, body } = await ask().catch((error: unknown) => {
    if (error instanceof ProblemError) return problemReply(error.problem, { requestId });
    throw error;
  });
  if (status < 400) return body as object;
  const problem = body as { readonly detail: string; readonly retryable: boolean };
  throw ApplicationFailure.create({
    message: problem.detail,
    type: REQUEST_REFUSED,
    nonRetryable: !problem.retryable,
    details: [problem],
  });
}
