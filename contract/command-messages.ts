import type { UpdateDefinition } from '@temporalio/common';
import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { CommandResult, RunningCommand } from '../domain/commands/command.ts';
import type { CommandMessage } from '../domain/commands/define-command.ts';
import type { Timeline } from '../domain/commands/timeline.ts';
import type { Brief, Usual } from './brief.ts';
import { brief, whole } from './brief.ts';

/** How a command stands, and the state that it left behind: the API makes its reply of it. */
export interface CommandAnswer<State> {
  readonly result: CommandResult | RunningCommand;
  readonly state: State;
}

/** The same of a command that has ended. */
export interface SettledAnswer<State> extends CommandAnswer<State> {
  readonly result: CommandResult;
}

/** What an update answers: the same without what is as usual, and without the command's id, which is the update's. */
export interface BriefAnswer<State> {
  readonly result: Brief<CommandResult>;
  readonly state: Brief<State>;
}

export function briefAnswer<State extends object>(
  { result, state }: SettledAnswer<State>,
  usual: Usual<State>,
): BriefAnswer<State> {
  return { result: brief(result, usualResult(result.commandId)), state: brief(state, usual) };
}

export function wholeAnswer<State extends object>(
  { result, state }: BriefAnswer<State>,
  commandId: string,
  usual: Usual<State>,
): SettledAnswer<State> {
  return { result: whole(result, usualResult(commandId)), state: whole(state, usual) };
}

function usualResult(commandId: string): Usual<CommandResult> {
  return { commandId, outcome: 'done', problem: null };
}

/** The update that begins a workflow, sent with its start: its id is the command's, all else is in the input. */
export function beginningUpdate<State>(name: string): BeginningUpdate<State> {
  return defineUpdate(name);
}

export type BeginningUpdate<State> = UpdateDefinition<BriefAnswer<State>, []>;

/** The update that brings a command; its id is the command's. */
export function updateOf<State>(definition: {
  readonly update: string;
}): UpdateDefinition<BriefAnswer<State>, [CommandMessage]> {
  return defineUpdate(definition.update);
}

export const timelineQuery = defineQuery<Timeline>('timeline');

/** How a command stands; null if this order does not know it. */
export const commandQuery = defineQuery<CommandResult | RunningCommand | null, [commandId: string]>(
  'command',
);
