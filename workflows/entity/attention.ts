import { sleep } from '@temporalio/workflow';
import type { OperationOutcome, StripeOperation } from '../../contract/operations.ts';
import type { Attention, ResolveAction } from '../../domain/attention/attention.ts';
import type { CommandEnvelope, Resolve } from '../../domain/commands/commands.ts';
import { expandsOf } from '../../domain/commands/stripe-expands.ts';
import { problem } from '../../domain/errors.ts';
import { IllegalTransition } from '../../domain/illegal-transition.ts';
import { MINUTE_MS, workflowNow } from '../shared/time.ts';
import type { BlockedOperation, CommandRecord } from './command-record.ts';
import type { Stuck } from './perform.ts';
import { findEffect, isStuck, perform, START_TO_CLOSE_MS, verifyEffect } from './perform.ts';

const ALLOWED_ACTIONS: readonly ResolveAction[] = ['retry', 'retry_with_new_key', 'mark_done', 'abandon'];

/** While an operator waits for an answer, and while nobody does: long enough for a few attempts. */
const BUDGET = { budgetMs: MINUTE_MS };

/** What needed attention already; it may go on under another answer. */
interface Before {
  readonly blocked: BlockedOperation | null;
  readonly attention: Attention | null;
}

function standing({ blocked, attention }: CommandRecord): Before {
  return { blocked, attention };
}

/** Performs an operation and records what came of it: its outcome, or that an operator has to look. */
export async function carryThrough(
  record: CommandRecord,
  command: CommandEnvelope,
  operation: StripeOperation,
  budgetMs: number,
): Promise<void> {
  const pinned = pinExpands(operation);
  const outcome = await record.whilePending(pinned, command, (onDelay) =>
    perform(pinned, { budgetMs }, onDelay, true),
  );
  conclude(record, command, pinned, outcome);
}

/** What goes to Stripe under an idempotency key must not change with the version of the code that repeats it. */
function pinExpands(operation: StripeOperation): StripeOperation {
  const expand = expandsOf(operation.operation);
  return expand.length === 0 ? operation : { ...operation, expand };
}

/** Looks whether the stuck operation took effect after all; what was stuck for a passing cause is also repeated. */
export async function probe(record: CommandRecord, blocked: BlockedOperation): Promise<void> {
  const found = await findEffect(blocked.operation, BUDGET);
  if (found === null && blocked.transient) {
    finish(record, blocked, await repeat(record, blocked), null);
  } else if (found === null || isStuck(found)) {
    record.block(blocked);
  } else {
    finish(record, blocked, found, null);
  }
}

/** Carries out an operator's decision about the stuck operation. */
export async function resolveAttention(
  record: CommandRecord,
  command: CommandEnvelope & Resolve,
): Promise<void> {
  const { blocked } = record;
  if (!blocked) {
    record.settle(command, 'refused', problem('state_conflict', 'Nothing needs attention.'));
    return;
  }
  record.note({ type: 'attention', name: command.action, cause: command, detail: command.reason });
  switch (command.action) {
    case 'retry':
      finish(record, blocked, await repeat(record, blocked, command), command);
      break;
    case 'retry_with_new_key':
      await retryWithNewKey(record, blocked, command);
      break;
    case 'mark_done':
      await markDone(record, blocked, command);
      break;
    case 'abandon':
      await abandon(record, blocked, command);
      break;
  }
}

/** `resolvedBy`: the operator who waits for it. A probe has nobody waiting. */
function repeat(
  record: CommandRecord,
  { operation, command }: BlockedOperation,
  resolvedBy: CommandEnvelope | null = null,
): Promise<OperationOutcome | Stuck> {
  return record.whilePending(operation, resolvedBy ?? command, (onDelay) =>
    perform(operation, BUDGET, resolvedBy ? onDelay : undefined),
  );
}

/** A lookup that finds nothing is final only once no attempt is running. */
async function findEffectForGood({ operation, quietAt }: BlockedOperation) {
  const runsFor = quietAt - workflowNow();
  if (runsFor > 0) await sleep(runsFor);
  return findEffect(operation, BUDGET);
}

/** A new key is only safe once the old one's effect has been looked for. */
async function retryWithNewKey(record: CommandRecord, blocked: BlockedOperation, command: CommandEnvelope) {
  const found = await findEffectForGood(blocked);
  if (found) {
    finish(record, blocked, found, command);
    return;
  }
  const operation = { ...blocked.operation, generation: blocked.operation.generation + 1 };
  const renewed = { ...blocked, operation };
  finish(record, renewed, await repeat(record, renewed, command), command);
}

async function markDone(
  record: CommandRecord,
  blocked: BlockedOperation,
  command: CommandEnvelope & Resolve,
) {
  const stripeId = command.stripeId ?? '';
  const verified = await verifyEffect(blocked.operation, stripeId, BUDGET);
  if (verified) {
    finish(record, blocked, verified, command);
    return;
  }
  const why = `Stripe does not show ${stripeId} as the effect of this ${blocked.operation.operation}.`;
  record.settle(command, 'refused', problem('state_conflict', why, { param: 'stripe_id' }));
}

/** Gives the operation up, unless Stripe shows that it happened: then it is done, whatever was wished. */
async function abandon(record: CommandRecord, blocked: BlockedOperation, command: CommandEnvelope & Resolve) {
  const isContradiction = record.attention?.code === 'contradiction';
  const found = await findEffectForGood(blocked);
  if (found && (isStuck(found) || !isContradiction)) {
    finish(record, blocked, found, command);
    return;
  }
  record.unblock(command);
  if (found) {
    const contradiction = absorb(record, blocked.command, blocked.operation, found);
    if (!contradiction) {
      record.settle(command, 'done');
      return;
    }
    // The operator has seen it: asking again would block the workflow until Stripe's side changes.
    const { message: detail } = contradiction;
    const { stripeRequestId } = found;
    record.note({ type: 'event', name: 'contradiction', cause: command, detail, stripeRequestId });
  }
  record.abandon(blocked.operation, command);
  const why = `Abandoned by ${command.actor}: ${command.reason}`;
  record.settle(blocked.command, 'refused', problem('state_conflict', why));
  record.settle(command, 'done');
}

/** Ends the attention with an outcome; without one it stays, and the operator's answer says so. */
function finish(
  record: CommandRecord,
  blocked: BlockedOperation,
  outcome: OperationOutcome | Stuck,
  resolvedBy: CommandEnvelope | null,
): void {
  const before = standing(record);
  if (!isStuck(outcome)) record.unblock(resolvedBy);
  conclude(record, blocked.command, blocked.operation, outcome, before);
  if (!resolvedBy) return;
  if (record.attention) {
    const { code, message } = record.attention;
    record.settle(
      resolvedBy,
      'needs_attention',
      problem('needs_attention', `Still stuck (${code}): ${message}`),
    );
  } else {
    record.settle(resolvedBy, 'done');
  }
}

/** Records an outcome; a missing one, or one that contradicts what is known, needs attention. */
function conclude(
  record: CommandRecord,
  command: CommandEnvelope,
  operation: StripeOperation,
  outcome: OperationOutcome | Stuck,
  before = standing(record),
): void {
  if (isStuck(outcome)) {
    raiseAttention(record, command, operation, outcome, before);
    return;
  }
  const error = absorb(record, command, operation, outcome);
  if (!error) return;
  const failure = {
    code: 'contradiction',
    message: error.message,
    stripeRequestId: outcome.stripeRequestId,
  };
  raiseAttention(record, command, operation, { type: 'stuck', transient: false, failure }, before);
}

/** Records an outcome. One that contradicts what is known is returned, and changes nothing. */
function absorb(
  record: CommandRecord,
  command: CommandEnvelope,
  operation: StripeOperation,
  outcome: OperationOutcome,
): IllegalTransition | null {
  const { timeline } = record;
  try {
    if (outcome.fromEarlierRequest) record.noteReplay(command);
    record.absorb(command, operation, outcome);
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
  asked: StripeOperation,
  { failure, transient, mayStillRun, generation = asked.generation }: Stuck,
  { blocked, attention }: Before,
): void {
  const operation = { ...asked, generation };
  if (attention?.code !== failure.code) {
    record.note({
      type: 'attention',
      name: operation.operation,
      cause: command,
      detail: `${failure.code}: ${failure.message}`,
      stripeRequestId: failure.stripeRequestId,
    });
  }
  const quietAt = mayStillRun ? workflowNow() + START_TO_CLOSE_MS : (blocked?.quietAt ?? 0);
  record.block({ operation, command, transient, quietAt }, blocked);
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
    },
    command,
  );
  const why = `The ${operation.operation} did not finish (${failure.code}) and needs an operator.`;
  record.settle(command, 'needs_attention', problem('needs_attention', why));
}
