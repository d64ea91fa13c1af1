import type { UpdateDefinition } from '@temporalio/common';
import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow';
import type { Command, CommandEnvelope } from '../domain/commands.ts';
import { malformed } from '../domain/commands.ts';
import type { Problem } from '../domain/errors.ts';
import { COMMAND_REFUSED, problem } from '../domain/errors.ts';
import { refusalOfPayoutCommand } from '../domain/payout.ts';
import { commandFromSignal, stripeEventFromSignal } from '../domain/signals.ts';
import type { PayoutAnswer } from './messages.ts';
import * as messages from './messages.ts';
import type { PayoutCommand, PayoutRecord } from './payout-record.ts';

/** Beyond it a command is refused, never dropped. */
const QUEUE_MAX = 20;

type Work =
  | { readonly type: 'command'; readonly command: PayoutCommand }
  | { readonly type: 'stripe_event' }
  | { readonly type: 'alarm' };

export interface PayoutInbox {
  /** The next thing to do; `alarm` if nothing else came within that many milliseconds (null: however long). */
  next(alarmInMs: number | null): Promise<Work>;
  isEmpty(): boolean;
}

/** Takes in every message and gives out one piece of work at a time, as an order's inbox does. */
export function openPayoutInbox(record: PayoutRecord): PayoutInbox {
  const commands: PayoutCommand[] = [];
  // Any number of events at once means one thing: to look again.
  let heardOfEvent = false;
  const hasWork = () => heardOfEvent || commands.length > 0;

  const accept = (command: PayoutCommand): void => {
    if (record.command(command.commandId)) return;
    record.begin(command.kind, command);
    commands.push(command);
  };
  const admission = (command: PayoutCommand): Problem | null => {
    if (record.command(command.commandId)) return null;
    if (commands.length >= QUEUE_MAX) {
      return problem('too_many_requests', `${QUEUE_MAX} commands are waiting at this payout.`);
    }
    return refusalOfPayoutCommand(record.payout, command);
  };

  const handleCommand = <Kind extends PayoutCommand['kind']>(
    kind: Kind,
    update: UpdateDefinition<PayoutAnswer, [messages.CommandMessage<Kind>]>,
  ): void => {
    const commandOf = (message: messages.CommandMessage<Kind>) =>
      ({ ...message, kind }) as unknown as PayoutCommand;
    setHandler(
      update,
      async (message) => {
        accept(commandOf(message));
        await record.settled(message.commandId);
        return record.answer(message.commandId);
      },
      { validator: (message) => throwIfRefused(malformed(message) ?? admission(commandOf(message))) },
    );
  };
  setHandler(
    messages.payOutUpdate,
    async ({ commandId }) => {
      await record.settled(commandId);
      return record.answer(commandId);
    },
    { validator: (envelope) => throwIfRefused(refusalOfPayOut(record, envelope)) },
  );
  handleCommand('cancel', messages.cancelPayoutUpdate);
  handleCommand('resolve', messages.resolvePayoutUpdate);

  const handleSignal = (kind: PayoutCommand['kind'], signal: typeof messages.cancelSignal): void => {
    setHandler(signal, (raw) => {
      const { command, refusal } = commandFromSignal(kind, raw);
      const own = isPayoutCommand(command) ? command : null;
      const why = own ? admission(own) : refusal;
      if (why) record.note({ type: 'command', name: `${kind} refused`, cause: command, detail: why.detail });
      else if (own) accept(own);
    });
  };
  handleSignal('cancel', messages.cancelSignal);
  handleSignal('resolve', messages.resolveSignal);

  setHandler(messages.stripeEventSignal, (raw) => {
    if (stripeEventFromSignal(raw)) heardOfEvent = true;
    else
      record.note({ type: 'event', name: 'stripeEvent refused', cause: null, detail: 'It names no event.' });
  });
  setHandler(messages.payoutQuery, () => record.payout);
  setHandler(messages.timelineQuery, () => record.timeline);
  setHandler(messages.commandQuery, (commandId) => record.command(commandId));

  return {
    isEmpty: () => !hasWork(),
    async next(alarmInMs) {
      if (alarmInMs === null) await condition(hasWork);
      else if (alarmInMs > 0) await condition(hasWork, alarmInMs);
      const command = commands.shift();
      if (command) return { type: 'command', command };
      if (!heardOfEvent) return { type: 'alarm' };
      heardOfEvent = false;
      return { type: 'stripe_event' };
    },
  };
}

function isPayoutCommand(command: Command | null): command is PayoutCommand {
  return command?.kind === 'cancel' || command?.kind === 'resolve';
}

function refusalOfPayOut(record: PayoutRecord, { commandId }: CommandEnvelope): Problem | null {
  return commandId === record.input.payOut.commandId
    ? null
    : problem('order_exists', `Payout ${record.input.terms.id} exists.`, { param: 'id' });
}

function throwIfRefused(why: Problem | null): void {
  if (why) throw ApplicationFailure.nonRetryable(why.detail, COMMAND_REFUSED, why);
}
