import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  setHandler,
} from '@temporalio/workflow';
import type { Command, CommandEnvelope, Resolve } from '../domain/commands.ts';
import { malformed } from '../domain/commands.ts';
import type { Problem } from '../domain/errors.ts';
import { COMMAND_REFUSED, problem } from '../domain/errors.ts';
import type { TransferOperation } from '../domain/operations.ts';
import { refusalOfResolve } from '../domain/refusals.ts';
import { commandFromSignal } from '../domain/signals.ts';
import { carryThrough, probe, resolveAttention } from './attention.ts';
import type { TransferInput, TransferState } from './messages.ts';
import * as messages from './messages.ts';
import { workflowNow } from './time.ts';
import { TransferRecord } from './transfer-record.ts';
import { createTransferShow } from './transfer-visibility.ts';

/**
 * One special-case transfer with no order: platform → connected account. Ends when the money moved or an operator gave
 * it up; as failed only if Stripe refused it, so that its id may be used again.
 */
export async function specialCaseTransfer(input: TransferInput): Promise<TransferState> {
  const record = new TransferRecord(input);
  const decisions: (CommandEnvelope & Resolve)[] = [];
  handleMessages(record, decisions);
  const show = createTransferShow();

  return CancellationScope.nonCancellable(async () => {
    const operation: TransferOperation = {
      operation: 'transfer',
      orderId: input.id,
      operationId: input.pay.commandId,
      generation: 0,
      requestedAt: record.state.createdAt,
      charge: null,
      amount: input.amount,
      currency: input.currency,
      destination: input.destination,
      description: input.description,
    };
    record.begin('pay', input.pay);
    await carryThrough(record, input.pay, operation, input.policy.retryBudgetMs);
    show(record.state);

    for (let { blocked } = record; blocked; { blocked } = record) {
      await condition(() => decisions.length > 0, Math.max(1, blocked.nextProbeAt - workflowNow()));
      const decision = decisions.shift();
      await (decision ? resolveAttention(record, decision) : probe(record, blocked));
      show(record.state);
    }

    for (const decision of decisions) record.settle(decision, 'refused', NOTHING_TO_RESOLVE);
    await condition(allHandlersFinished);
    if (record.refusal) {
      throw ApplicationFailure.nonRetryable(record.refusal.detail, COMMAND_REFUSED, record.refusal);
    }
    return record.state;
  });
}

const NOTHING_TO_RESOLVE = problem('state_conflict', 'Nothing of this transfer needs attention.');

function handleMessages(record: TransferRecord, decisions: (CommandEnvelope & Resolve)[]): void {
  const accept = (decision: CommandEnvelope & Resolve): void => {
    if (record.command(decision.commandId)) return;
    record.begin('resolve', decision);
    decisions.push(decision);
  };

  setHandler(
    messages.payTransferUpdate,
    async ({ commandId }) => {
      await record.settled(commandId);
      return record.answer(commandId);
    },
    {
      validator: ({ commandId }) => {
        if (commandId !== record.state.input.pay.commandId) {
          refuse(problem('order_exists', `Transfer ${record.state.input.id} exists.`, { param: 'id' }));
        }
      },
    },
  );
  setHandler(
    messages.resolveTransferUpdate,
    async (message) => {
      accept({ ...message, kind: 'resolve' });
      await record.settled(message.commandId);
      return record.answer(message.commandId);
    },
    {
      validator: (message) => {
        const why = malformed(message) ?? refusalOfResolve(record, { ...message, kind: 'resolve' });
        if (why && !record.command(message.commandId)) refuse(why);
      },
    },
  );
  setHandler(messages.resolveSignal, (raw) => {
    const { command, refusal } = commandFromSignal('resolve', raw);
    const decision = isResolve(command) ? command : null;
    const why = decision ? refusalOfResolve(record, decision) : refusal;
    if (why) record.noteRefusedSignal('resolve', command, why.detail);
    else if (decision) accept(decision);
  });
  setHandler(messages.transferStateQuery, () => record.state);
  setHandler(messages.timelineQuery, () => record.timeline);
  setHandler(messages.commandQuery, (commandId) => record.command(commandId));
}

function isResolve(command: Command | null): command is CommandEnvelope & Resolve {
  return command?.kind === 'resolve';
}

function refuse(why: Problem): never {
  throw ApplicationFailure.nonRetryable(why.detail, COMMAND_REFUSED, why);
}
