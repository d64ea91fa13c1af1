import type { UpdateDefinition } from '@temporalio/common';
import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow';
import type { AccountNotice } from '../domain/account-notice.ts';
import { ACCOUNT_NOTICE_SIGNAL, accountNoticeFrom } from '../domain/account-notice.ts';
import type { Command, CommandEnvelope, CommandKind } from '../domain/commands.ts';
import { malformed } from '../domain/commands.ts';
import type { Problem } from '../domain/errors.ts';
import { COMMAND_REFUSED, problem } from '../domain/errors.ts';
import type { SignalKind } from '../domain/signals.ts';
import { commandFromSignal, stripeEventFromSignal } from '../domain/signals.ts';
import type { OrderAnswer } from './messages.ts';
import * as messages from './messages.ts';
import { refusalIn } from './order-commands.ts';
import type { OrderRecord } from './order-record.ts';

/** More than a person or a service has waiting at one order; beyond it a command is refused, never dropped. */
const QUEUE_MAX = 100;
const SEEN_EVENTS_MAX = 200;

/** What the order has to do next. */
export type Work =
  | { readonly type: 'command'; readonly command: Command }
  | { readonly type: 'stripe_event' }
  | { readonly type: 'account_notice'; readonly notice: AccountNotice }
  | { readonly type: 'alarm' };

export interface Inbox {
  /** The next thing to do; `alarm` if nothing else came within that many milliseconds (null: however long). */
  next(alarmInMs: number | null): Promise<Work>;
  isEmpty(): boolean;
}

/**
 * Takes in every message and gives out one piece of work at a time, so that two commands never interleave. Updates
 * and signals feed the same queue; an update's caller waits until its command is settled.
 */
export function openInbox(record: OrderRecord): Inbox {
  const queue: Work[] = [];
  const seenEvents = new Set<string>();

  const accept = (command: Command): void => {
    if (record.command(command.commandId)) return;
    record.begin(command.kind, command);
    queue.push({ type: 'command', command });
  };

  const handleCommand = <Kind extends CommandKind>(
    kind: Kind,
    update: UpdateDefinition<OrderAnswer, [messages.CommandMessage<Kind>]>,
  ): void => {
    const commandOf = (message: messages.CommandMessage<Kind>) =>
      ({ ...message, kind }) as unknown as Command;
    setHandler(
      update,
      async (message) => {
        accept(commandOf(message));
        await record.settled(message.commandId);
        return record.answer(message.commandId);
      },
      {
        validator: (message) =>
          throwIfRefused(malformed(message) ?? admission(record, queue.length, commandOf(message))),
      },
    );
  };

  for (const update of [messages.authorizeUpdate, messages.adoptUpdate]) {
    setHandler(
      update,
      async ({ commandId }) => {
        await record.settled(commandId);
        return record.answer(commandId);
      },
      { validator: (envelope) => throwIfRefused(refusalOfBeginning(record, envelope)) },
    );
  }
  handleCommand('confirm', messages.confirmUpdate);
  handleCommand('capture', messages.captureUpdate);
  handleCommand('cancel', messages.cancelUpdate);
  handleCommand('refund', messages.refundUpdate);
  handleCommand('transfer', messages.transferUpdate);
  handleCommand('increment', messages.incrementUpdate);
  handleCommand('submit_evidence', messages.submitEvidenceUpdate);
  handleCommand('accept_dispute', messages.acceptDisputeUpdate);
  handleCommand('resolve', messages.resolveUpdate);

  const handleSignal = (kind: SignalKind, signal: typeof messages.captureSignal): void => {
    setHandler(signal, (raw) => {
      const { command, refusal } = commandFromSignal(kind, raw);
      const why = command ? admission(record, queue.length, command) : refusal;
      if (why) record.noteRefusedSignal(kind, command, why.detail);
      else if (command) accept(command);
    });
  };
  handleSignal('capture', messages.captureSignal);
  handleSignal('cancel', messages.cancelSignal);
  handleSignal('refund', messages.refundSignal);
  handleSignal('transfer', messages.transferSignal);
  handleSignal('increment', messages.incrementSignal);
  handleSignal('accept_dispute', messages.acceptDisputeSignal);
  handleSignal('resolve', messages.resolveSignal);

  setHandler(messages.stripeEventSignal, (raw) => {
    const hint = stripeEventFromSignal(raw);
    if (!hint) {
      record.noteRefusedSignal('stripeEvent', null, 'It names no event.');
      return;
    }
    const { eventId, eventType } = hint;
    if (seenEvents.has(eventId)) return;
    seenEvents.add(eventId);
    if (seenEvents.size > SEEN_EVENTS_MAX) seenEvents.delete([...seenEvents][0] as string);
    record.note({ type: 'event', name: eventType, cause: null, actor: 'stripe', stripeId: eventId });
    // One reading tells all that happened before it.
    if (!queue.some(({ type }) => type === 'stripe_event')) queue.push({ type: 'stripe_event' });
  });

  setHandler(messages.accountNoticeSignal, (raw) => {
    const notice = accountNoticeFrom(raw);
    if (notice) queue.push({ type: 'account_notice', notice });
    else record.noteRefusedSignal(ACCOUNT_NOTICE_SIGNAL, null, 'It tells nothing of an account.');
  });

  setHandler(messages.announceSignal, () => {
    record.announced = { ...record.announced, wanted: true };
  });
  setHandler(messages.orderQuery, () => record.order);
  setHandler(messages.timelineQuery, () => record.timeline);
  setHandler(messages.memoryQuery, () => record.memory);
  setHandler(messages.commandQuery, (commandId) => record.command(commandId));

  return {
    isEmpty: () => queue.length === 0,
    async next(alarmInMs) {
      if (alarmInMs === null) await condition(() => queue.length > 0);
      else if (alarmInMs > 0) await condition(() => queue.length > 0, alarmInMs);
      return queue.shift() ?? { type: 'alarm' };
    },
  };
}

/** A repeat of a known command is always let in: it gets the first answer. */
function admission(record: OrderRecord, queued: number, command: Command): Problem | null {
  const known = record.command(command.commandId);
  if (known) return null;
  if (record.isClosed) {
    return problem(
      'state_conflict',
      `This order is ${record.order.payment.status}; nothing more can happen to it.`,
    );
  }
  if (queued >= QUEUE_MAX)
    return problem('too_many_requests', `${QUEUE_MAX} commands are waiting at this order.`);
  return record.isUnread ? null : refusalIn(record, command);
}

function refusalOfBeginning(record: OrderRecord, { commandId }: CommandEnvelope): Problem | null {
  return commandId === record.input.authorize.commandId
    ? null
    : problem('order_exists', `Order ${record.input.terms.id} exists.`, { param: 'id' });
}

function throwIfRefused(why: Problem | null): void {
  if (why) throw ApplicationFailure.nonRetryable(why.detail, COMMAND_REFUSED, why);
}
