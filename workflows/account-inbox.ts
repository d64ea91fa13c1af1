import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow';
import { statusOfAccount } from '../domain/account.ts';
import type { AccountCommand } from '../domain/account-commands.ts';
import { malformedAccountCommand, refusalOfAccountCommand } from '../domain/account-commands.ts';
import type { CommandEnvelope } from '../domain/commands.ts';
import type { Problem } from '../domain/errors.ts';
import { COMMAND_REFUSED, problem } from '../domain/errors.ts';
import { commandFromSignal, stripeEventFromSignal } from '../domain/signals.ts';
import type { AccountRecord } from './account-record.ts';
import * as messages from './messages.ts';

/** More than anybody has waiting at one account; beyond it a command is refused, never dropped. */
const QUEUE_MAX = 100;
const SEEN_EVENTS_MAX = 200;

/** What the account has to do next. */
export type AccountWork =
  | { readonly type: 'command'; readonly command: AccountCommand }
  | { readonly type: 'stripe_event' }
  | { readonly type: 'alarm' };

export interface AccountInbox {
  /** The next thing to do; `alarm` if nothing else came within that many milliseconds (null: however long). */
  next(alarmInMs: number | null): Promise<AccountWork>;
  isEmpty(): boolean;
}

/** Takes in every message and gives out one piece of work at a time, so that two commands never interleave. */
export function openAccountInbox(record: AccountRecord): AccountInbox {
  const queue: AccountWork[] = [];
  const seenEvents = new Set<string>();

  const accept = (command: AccountCommand): void => {
    if (record.command(command.commandId)) return;
    record.begin(command.kind, command);
    queue.push({ type: 'command', command });
  };

  setHandler(
    messages.beginAccountUpdate,
    async ({ commandId }) => {
      await record.settled(commandId);
      return record.answer(commandId);
    },
    { validator: (envelope) => throwIfRefused(refusalOfBegin(record, envelope)) },
  );
  setHandler(
    messages.accountCommandUpdate,
    async (command) => {
      accept(command);
      await record.settled(command.commandId);
      return record.answer(command.commandId);
    },
    { validator: (command) => throwIfRefused(admission(record, queue.length, command)) },
  );
  setHandler(messages.resolveSignal, (raw) => {
    const { command, refusal } = commandFromSignal('resolve', raw);
    const decision = command?.kind === 'resolve' ? command : null;
    const why = decision ? admission(record, queue.length, decision) : refusal;
    if (why) record.noteRefusedSignal('resolve', command, why.detail);
    else if (decision) accept(decision);
  });
  setHandler(messages.stripeEventSignal, (raw) => {
    const hint = stripeEventFromSignal(raw);
    if (!hint) {
      record.noteRefusedSignal('stripeEvent', null, 'It names no event.');
      return;
    }
    if (seenEvents.has(hint.eventId)) return;
    seenEvents.add(hint.eventId);
    if (seenEvents.size > SEEN_EVENTS_MAX) seenEvents.delete([...seenEvents][0] as string);
    // One reading tells what several events were about.
    if (!queue.some(({ type }) => type === 'stripe_event')) queue.push({ type: 'stripe_event' });
  });

  setHandler(messages.accountQuery, () => record.account);
  setHandler(messages.timelineQuery, () => record.timeline);
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
function admission(record: AccountRecord, queued: number, command: AccountCommand): Problem | null {
  const wrong = malformedAccountCommand(command);
  if (wrong) return wrong;
  if (record.command(command.commandId)) return null;
  if (record.isClosed) {
    const status = statusOfAccount(record.account);
    return problem('state_conflict', `This account is ${status}: nothing of it can change.`);
  }
  if (queued >= QUEUE_MAX) {
    return problem('too_many_requests', `${QUEUE_MAX} commands are waiting at this account.`);
  }
  return refusalOfAccountCommand(record.account, command);
}

function refusalOfBegin({ input }: AccountRecord, { commandId }: CommandEnvelope): Problem | null {
  return commandId === input.begin.commandId
    ? null
    : problem('order_exists', `Account ${input.reference} exists.`, { param: 'id' });
}

function throwIfRefused(why: Problem | null): void {
  if (why) throw ApplicationFailure.nonRetryable(why.detail, COMMAND_REFUSED, why);
}
