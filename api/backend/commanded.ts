import type { Client, WorkflowHandle } from '@temporalio/client';
import type { QueryDefinition, UpdateDefinition } from '@temporalio/common';
import type { Usual } from '../../contract/brief.ts';
import type { BriefAnswer, CommandAnswer, SettledAnswer } from '../../contract/command-messages.ts';
import { commandQuery, wholeAnswer } from '../../contract/command-messages.ts';
import type { CommandEnvelope, RunningCommand } from '../../domain/commands/command.ts';
import { isConcluded } from '../../domain/commands/command.ts';
import type { CommandMessage } from '../../domain/commands/define-command.ts';
import type { Problem } from '../../domain/errors.ts';
import { KEY_REUSED, problem } from '../../domain/errors.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { ask } from '../../temporal/ask.ts';
import { faultOf, problemOfFault } from '../../temporal/faults.ts';
import { startOfRun } from '../../temporal/start-of-run.ts';
import { isOpen } from '../../temporal/workflow-status.ts';
import { refuseRepeatOfRunning } from '../http/idempotency.ts';
import type { Beginning } from './begin.ts';
import { begin } from './begin.ts';
import { nullIfLate, READ_WITHIN_MS, waitForAnswer, within } from './wait.ts';

/** What one kind of workflow is to those who send it commands. */
export interface Commanded<State> {
  readonly noun: 'order' | 'transfer' | 'payout' | 'account';
  readonly stateQuery: QueryDefinition<State>;
  workflowId(id: string): string;
  /** Left out of what its updates answer. */
  readonly usual: Usual<State>;
  /** The field of its input that holds the command it is started for. */
  readonly beginsWith: string;
}

/** How long a workflow that may be busy is asked before the answer comes from what Temporal itself knows. */
const LOOK_WITHIN_MS = 500;

/** One workflow that carries out commands. */
export class CommandedWorkflow<State extends object> {
  readonly #temporal: Client;
  readonly #kind: Commanded<State>;
  readonly #id: string;

  constructor(temporal: Client, kind: Commanded<State>, id: string) {
    this.#temporal = temporal;
    this.#kind = kind;
    this.#id = id;
  }

  read(): Promise<State> {
    return this.query((handle) => handle.query(this.#kind.stateQuery));
  }

  query<T>(question: (handle: WorkflowHandle) => Promise<T>): Promise<T> {
    return this.#found(this.#ask(question), this.absent);
  }

  /** Null: Temporal knows none of this id. */
  readIfThere(): Promise<State | null> {
    return this.queryIfThere((handle) => handle.query(this.#kind.stateQuery));
  }

  /** The same, or null where it does not say so soon, as without a worker. */
  readIfSoon(): Promise<State | null> {
    return nullIfLate(this.queryIfThere((handle) => handle.query(this.#kind.stateQuery), LOOK_WITHIN_MS));
  }

  async queryIfThere<T>(
    question: (handle: WorkflowHandle) => Promise<T>,
    withinMs?: number,
  ): Promise<T | null> {
    try {
      return await this.#ask(question, withinMs);
    } catch (error) {
      if (faultOf(error)?.type === 'not_found') return null;
      throw error;
    }
  }

  /** Whether it has taken this command, whatever came of it; a repeat gets the first answer. */
  async knows(commandId: string): Promise<boolean> {
    return Boolean(await this.queryIfThere((handle) => handle.query(commandQuery, commandId)));
  }

  /** Whether it accepts commands. */
  async isOpen(): Promise<boolean> {
    try {
      const describe = () => this.#handle().describe();
      return isOpen(await within(this.#temporal, READ_WITHIN_MS, describe));
    } catch (error) {
      if (faultOf(error)?.type === 'not_found') return false;
      throw error;
    }
  }

  /** What a command meets at one that has ended for good. */
  refusing(why: (ended: State) => Problem): (state: State | null) => Promise<never> {
    return async (state) => {
      throw new ProblemError(state === null ? this.absent : why(state));
    };
  }

  get absent(): Problem {
    return problem('not_found', `There is no ${this.#kind.noun} ${this.#id}.`, { param: 'id' });
  }

  /** Starts it with its first command. `pending`: its state before it did anything. */
  async begin<Input>(
    beginning: Omit<Beginning<State, Input>, 'workflowId'>,
    pending: (startedAt: number) => State,
    waitMs: number,
  ): Promise<CommandAnswer<State>> {
    const { envelope } = beginning;
    const workflowId = this.#kind.workflowId(this.#id);
    const earlier = {
      firstCommand: async () => (await this.#start()).command,
      wasCutOff: async () => (await nullIfLate(this.#wasCutOff(envelope, LOOK_WITHIN_MS))) ?? false,
    };
    const begun = await begin(this.#temporal, { ...beginning, workflowId }, earlier, waitMs);
    switch (begun.type) {
      case 'answered':
        return this.#asOfNow(envelope, begun.answer);
      case 'started':
        return { result: running(envelope), state: pending(Date.now()) };
      case 'unclear':
        return this.#found(this.#lookUp(envelope, pending), problemOfFault({ type: 'timeout' }));
    }
  }

  /** Sends a command to one that exists. `ended`: what happens if there is none (null), or if it accepts no more commands. */
  async command(
    update: UpdateDefinition<BriefAnswer<State>, [CommandMessage]>,
    message: CommandMessage,
    envelope: CommandEnvelope,
    ended: (state: State | null) => Promise<CommandAnswer<State>>,
    waitMs: number,
  ): Promise<CommandAnswer<State>> {
    const handle = this.#handle();
    const args: [CommandMessage] = [message];
    const updateId = envelope.commandId;
    const call = {
      execute: () => handle.executeUpdate(update, { args, updateId }),
      admit: () => handle.startUpdate(update, { args, updateId, waitForStage: 'ACCEPTED' }),
    };
    try {
      const answer = await waitForAnswer(this.#temporal, call, waitMs);
      if (answer === null)
        return (await this.#known(envelope)) ?? { result: running(envelope), state: await this.read() };
      const now = await this.#asOfNow(envelope, answer);
      if (isConcluded(now.result) || (await this.isOpen())) return now;
    } catch (error) {
      if (faultOf(error)?.type !== 'not_found') throw error;
    }
    // It accepts no more commands, but still knows those from before its end.
    const state = await this.readIfThere();
    const known = state && !(await this.#wasCutOff(envelope)) ? await this.#known(envelope) : null;
    return known ?? ended(state);
  }

  /** Whether somebody terminated the workflow while the command was on its way there: it never comes to its end. */
  async #wasCutOff(envelope: CommandEnvelope, withinMs?: number): Promise<boolean> {
    const known = await this.#ask((handle) => handle.query(commandQuery, envelope.commandId), withinMs);
    if (known === null || isConcluded(known) || (await this.isOpen())) return false;
    if (known.requestHash !== envelope.requestHash) throw new ProblemError(KEY_REUSED);
    return true;
  }

  /** Temporal keeps an update's first answer; what needed attention or approval then may have come to its end since. */
  async #asOfNow(envelope: CommandEnvelope, given: BriefAnswer<State>): Promise<CommandAnswer<State>> {
    const answer: SettledAnswer<State> = wholeAnswer(given, envelope.commandId, this.#kind.usual);
    if (!answer.result.outcome.startsWith('needs_')) return answer;
    return (await nullIfLate(this.#known(envelope))) ?? answer;
  }

  /** What became of its first command: from the workflow itself, or otherwise from what Temporal keeps of its start. */
  async #lookUp(
    envelope: CommandEnvelope,
    pending: (startedAt: number) => State,
  ): Promise<CommandAnswer<State>> {
    const known = await nullIfLate(this.#known(envelope, LOOK_WITHIN_MS));
    if (known) return known;
    const { command, startedAt } = await this.#start();
    if (command?.commandId !== envelope.commandId) {
      throw new ProblemError(
        problem(`${this.#kind.noun}_exists`, `The id ${this.#id} is taken by another ${this.#kind.noun}.`, {
          param: 'id',
        }),
      );
    }
    const result = running(command);
    refuseRepeatOfRunning(result, envelope);
    return { result, state: pending(startedAt) };
  }

  async #start(): Promise<{ readonly startedAt: number; readonly command: CommandEnvelope | undefined }> {
    const { workflowId, beginsWith } = this.#kind;
    const { startedAt, input } = await within(this.#temporal, READ_WITHIN_MS, () =>
      startOfRun(this.#temporal, workflowId(this.#id)),
    );
    return { startedAt, command: (input as Readonly<Record<string, CommandEnvelope>>)[beginsWith] };
  }

  /** What it knows of this command, even after its end; null if nothing. */
  async #known(envelope: CommandEnvelope, withinMs?: number): Promise<CommandAnswer<State> | null> {
    const known = await this.#ask((handle) => handle.query(commandQuery, envelope.commandId), withinMs);
    if (known === null) return null;
    refuseRepeatOfRunning(known, envelope);
    const state = await this.#ask((handle) => handle.query(this.#kind.stateQuery), withinMs);
    return { result: known, state };
  }

  #ask<T>(question: (handle: WorkflowHandle) => Promise<T>, withinMs?: number): Promise<T> {
    return ask(this.#temporal, () => question(this.#handle()), withinMs);
  }

  async #found<T>(looked: Promise<T>, absent: Problem): Promise<T> {
    try {
      return await looked;
    } catch (error) {
      if (faultOf(error)?.type === 'not_found') throw new ProblemError(absent);
      throw error;
    }
  }

  #handle(): WorkflowHandle {
    return this.#temporal.workflow.getHandle(this.#kind.workflowId(this.#id));
  }
}

/** A command that is durable and on its way. */
export function running({
  commandId,
  requestHash,
  requestId,
}: Omit<RunningCommand, 'outcome'>): RunningCommand {
  return { commandId, requestHash, requestId, outcome: 'running' };
}
