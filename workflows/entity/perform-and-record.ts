import type { OperationOutcome, StripeOperation } from '../../contract/operations.ts';
import type { Attention, ResolveAction } from '../../domain/attention/attention.ts';
import type { CommandEnvelope } from '../../domain/commands/command.ts';
import { pinExpands } from '../../domain/commands/stripe-expands.ts';
import { problem } from '../../domain/errors.ts';
import { IllegalTransition } from '../../domain/illegal-transition.ts';
import { workflowNow } from '../shared/time.ts';
import type { BlockedOperation, CommandRecord } from './command-record.ts';
import type { Ended, Stuck } from './perform.ts';
import { isStuck, mayPass, perform } from './perform.ts';
import { whilePending } from './while-pending.ts';

const ALLOWED_ACTIONS: readonly ResolveAction[] = ['retry', 'retry_with_new_key', 'mark_done', 'abandon'];

/** What needed attention before; it may still need it, with another failure. */
interface Before {
  readonly blocked: BlockedOperation | null;
  readonly attention: Attention | null;
}

export function attentionOf({ blocked, attention }: CommandRecord): Before {
  return { blocked, attention };
}

/** Performs an operation and records what came of it: its outcome, or that an operator has to look. */
export async function performAndRecord(
  record: CommandRecord,
  command: CommandEnvelope,
  operation: StripeOperation,
): Promise<void> {
  const { requestId, actor: key, perDay: limits } = command;
  const limited = limits ? { perDay: { key, limits } } : {};
  const pinned = { ...pinExpands(operation), requestId, ...limited };
  const { retryBudgetMs } = record.input.policy;
  const outcome = await whilePending(record, pinned, command, (progress) =>
    perform(pinned, {
      budgetMs: retryBudgetMs,
      summary: record.summaryOf(pinned),
      isNew: true,
      ...progress,
    }),
  );
  conclude(record, command, pinned, outcome);
}

/** Records an outcome. None, or one that contradicts the known state, needs attention. */
export function conclude(
  record: CommandRecord,
  command: CommandEnvelope,
  asked: StripeOperation,
  outcome: Ended | Stuck,
  before = attentionOf(record),
): void {
  const { generation = asked.generation } = outcome;
  const operation = { ...asked, generation };
  if (isStuck(outcome)) {
    raiseAttention(record, command, operation, outcome, before);
    return;
  }
  const error = tryToApply(record, command, operation, outcome);
  if (!error) return;
  const failure = {
    code: 'contradiction',
    message: error.message,
    stripeRequestId: outcome.stripeRequestId,
  };
  raiseAttention(record, command, operation, { type: 'stuck', transient: false, failure }, before);
}

/** Records an outcome, unless it contradicts the known state: then nothing has changed, and the contradiction is returned. */
export function tryToApply(
  record: CommandRecord,
  command: CommandEnvelope,
  operation: StripeOperation,
  outcome: OperationOutcome,
): IllegalTransition | null {
  const { timeline } = record;
  try {
    if (outcome.fromEarlierRequest) record.noteReplay(command);
    record.applyOutcome(command, operation, outcome);
    return null;
  } catch (error) {
    if (!(error instanceof IllegalTransition)) throw error;
    record.rewindTimeline(timeline);
    return error;
  }
}

/** From here on the workflow waits for `resolve`, and keeps probing. */
function raiseAttention(
  record: CommandRecord,
  command: CommandEnvelope,
  operation: StripeOperation,
  stuck: Stuck,
  { blocked, attention }: Before,
): void {
  const { failure, mayRunUntil = 0 } = stuck;
  if (attention?.code !== failure.code) {
    record.note({
      type: 'attention',
      name: operation.operation,
      cause: command,
      detail: `${failure.code}: ${failure.message}`,
      stripeRequestId: failure.stripeRequestId,
    });
  }
  const quietAt = Math.max(mayRunUntil, blocked?.quietAt ?? 0);
  record.showAttention(
    {
      operation: operation.operation,
      operationId: operation.operationId,
      generation: operation.generation,
      code: failure.code,
      message: failure.message,
      stripeRequestId: failure.stripeRequestId,
      since: attention?.since ?? workflowNow(),
      allowedActions: ALLOWED_ACTIONS,
      ...transferIn(operation),
    },
    command,
  );
  record.block({ operation, command, transient: mayPass(stuck), quietAt }, blocked);
  const why = `The ${operation.operation} did not finish (${failure.code}) and needs an operator.`;
  record.endCommand(command, 'needs_attention', problem('needs_attention', why));
}

/** Whose money a stuck transfer is about: it may not be that of the order's account. */
function transferIn(operation: StripeOperation): Pick<Attention, 'destination' | 'transfer'> {
  switch (operation.operation) {
    case 'transfer':
      return { destination: operation.destination };
    case 'reverse_transfer':
      return { transfer: operation.transfer };
    default:
      return {};
  }
}
