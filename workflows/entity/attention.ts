import { sleep } from '@temporalio/workflow';
import type { BriefOutcome } from '../../contract/brief-outcomes.ts';
import { wholeOutcome } from '../../contract/brief-outcomes.ts';
import type { OperationOutcome, StripeOperation } from '../../contract/operations.ts';
import type { CommandEnvelope } from '../../domain/commands/command.ts';
import type { Resolve } from '../../domain/commands/resolve-command.ts';
import { problem } from '../../domain/errors.ts';
import { workflowNow } from '../shared/time.ts';
import type { BlockedOperation, CommandRecord } from './command-record.ts';
import type { Ended, Stuck } from './perform.ts';
import { ask, isStuck, mayPass, perform, SHORT_BUDGET_MS } from './perform.ts';
import { attentionOf, conclude, tryToApply } from './perform-and-record.ts';
import type { Timer } from './timer.ts';
import { whilePending } from './while-pending.ts';

/** When what is stuck is looked up again. */
export function probeTimers(record: CommandRecord): readonly Timer[] {
  const { blocked } = record;
  if (!blocked) return [];
  const summary = `Look whether Stripe has done it: ${blocked.operation.operation}`;
  return [{ at: blocked.nextProbeAt, summary, fire: () => probe(record, blocked) }];
}

/** Looks for the effect of the stuck operation. If its cause may have passed, it is also repeated. */
export async function probe(record: CommandRecord, blocked: BlockedOperation): Promise<void> {
  const found = await lookUp(record, blocked);
  if (found === null && blocked.transient) {
    finish(record, blocked, await repeat(record, blocked), null);
  } else if (isStuck(found) && blocked.transient && !mayPass(found)) {
    // Once it shows again, it is repeated as before.
    conclude(record, blocked.command, blocked.operation, found);
    record.block({ ...blocked, isUnseen: true }, blocked);
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
    record.endCommand(command, 'refused', problem('state_conflict', 'Nothing needs attention.'));
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

/** `resolvedBy`: the operator who waits for it. A probe has nobody waiting. What has become needless is looked for, and not repeated. */
async function repeat(
  record: CommandRecord,
  blocked: BlockedOperation,
  resolvedBy: CommandEnvelope | null = null,
): Promise<Ended | Stuck> {
  const { operation, command } = blocked;
  const problem = record.whyNeedless(operation);
  if (problem) {
    const found = await lookUpForGood(record, blocked);
    return found ?? { type: 'refused', problem, payment: null, stripeRequestId: null };
  }
  return whilePending(record, operation, resolvedBy ?? command, ({ onDelay, onWait }) =>
    perform(operation, {
      budgetMs: SHORT_BUDGET_MS,
      summary: record.summaryOf(operation),
      onWait,
      ...(resolvedBy ? { onDelay } : {}),
    }),
  );
}

/** A lookup that finds nothing is final only when no attempt is running. */
async function lookUpForGood(record: CommandRecord, blocked: BlockedOperation) {
  await untilQuiet(blocked);
  return lookUp(record, blocked);
}

async function untilQuiet({ quietAt }: BlockedOperation): Promise<void> {
  const runsFor = quietAt - workflowNow();
  if (runsFor > 0) await sleep(runsFor, { summary: 'Wait for an attempt that may still run' });
}

/** The operation's effect, looked up without its key; null: none. */
function lookUp(
  record: CommandRecord,
  { operation }: BlockedOperation,
): Promise<OperationOutcome | Stuck | null> {
  return ask(`look for ${record.summaryOf(operation)}`, ({ findEffect }) => effectOf(findEffect(operation)));
}

async function effectOf(found: Promise<BriefOutcome | null>): Promise<OperationOutcome | null> {
  const outcome = await found;
  return outcome && wholeOutcome(outcome);
}

/** A new key is safe only after looking for the old one's effect. */
async function retryWithNewKey(record: CommandRecord, blocked: BlockedOperation, command: CommandEnvelope) {
  const found = await lookUpForGood(record, blocked);
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
  const stripeId = command.stripe_id ?? '';
  // Its own effect comes first, and nothing reads that once the operation has ended.
  await untilQuiet(blocked);
  const verified = await ask(`check ${stripeId}`, async ({ verifyEffect }) => {
    const found = await verifyEffect(blocked.operation, stripeId);
    return found?.type === 'not_claimed' ? found : found && wholeOutcome(found);
  });
  if (verified && verified.type !== 'not_claimed') {
    finish(record, blocked, verified, command);
    return;
  }
  const why =
    verified?.why ?? `Stripe does not show ${stripeId} as the effect of this ${blocked.operation.operation}.`;
  record.endCommand(command, 'refused', problem('state_conflict', why, { param: 'stripe_id' }));
}

/**
 * Why nobody will ever read whether it happened on a connected account: the platform has lost its access, or several accounts may be
 * the one that was connected.
 */
const NEVER_KNOWN: ReadonlySet<string> = new Set(['account_invalid', 'ambiguous_account']);

function isNeverKnown(operation: StripeOperation, found: OperationOutcome | Stuck | null): boolean {
  return !('orderId' in operation) && isStuck(found) && NEVER_KNOWN.has(found.failure.code);
}

/** If Stripe shows that it happened, it is done, whatever the operator wished. */
async function abandon(record: CommandRecord, blocked: BlockedOperation, command: CommandEnvelope & Resolve) {
  const isContradiction = record.attention?.code === 'contradiction';
  const looked = await lookUpForGood(record, blocked);
  const found = isNeverKnown(blocked.operation, looked) ? null : looked;
  if (found && (isStuck(found) || !isContradiction)) {
    finish(record, blocked, found, command);
    return;
  }
  record.unblock(command);
  if (found) {
    const contradiction = tryToApply(record, blocked.command, blocked.operation, found);
    if (!contradiction) {
      record.endCommand(command, 'done');
      return;
    }
    // The operator has seen it. Raising it again would block the workflow until Stripe's side changes.
    const { message: detail } = contradiction;
    const { stripeRequestId } = found;
    record.note({ type: 'event', name: 'contradiction', cause: command, detail, stripeRequestId });
  }
  record.abandon(blocked.operation, command);
  const why = `Abandoned by ${command.actor}: ${command.reason}`;
  record.endCommand(blocked.command, 'refused', problem('state_conflict', why));
  record.endCommand(command, 'done');
}

/** Without an outcome the attention stays, and the operator's answer says so. */
function finish(
  record: CommandRecord,
  blocked: BlockedOperation,
  outcome: Ended | Stuck,
  resolvedBy: CommandEnvelope | null,
): void {
  const before = attentionOf(record);
  if (!isStuck(outcome)) record.unblock(resolvedBy);
  conclude(record, blocked.command, blocked.operation, outcome, before);
  if (!resolvedBy) return;
  if (record.attention) {
    const { code, message } = record.attention;
    record.endCommand(
      resolvedBy,
      'needs_attention',
      problem('needs_attention', `Still stuck (${code}): ${message}`),
    );
  } else {
    record.endCommand(resolvedBy, 'done');
  }
}
