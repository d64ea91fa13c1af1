import type { Client, WorkflowHandle } from '@temporalio/client';
import type { QueryDefinition, UpdateDefinition } from '@temporalio/common';
import { commandQuery } from '../../contract/commands.ts';
import type { CommandEnvelope, CommandResult } from '../../domain/commands/commands.ts';
import type { Problem } from '../../domain/errors.ts';
import { problem } from '../../domain/errors.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { ask } from '../../temporal/ask.ts';
import { faultOf, problemOfFault } from '../../temporal/faults.ts';
import { refuseRepeatOfRunning } from '../http/idempotency.ts';
import type { Beginning, BeginningMemo } from './begin.ts';
import { begin } from './begin.ts';
import { nullIfLate, READ_WITHIN_MS, settle, within } from './settle.ts';

/** What became of a command, and the state that it left behind. */
export type Outcome<State> =
  | { readonly type: 'ended'; readonly result: CommandResult; readonly state: State }
  /** Durable, and on its way; the state is that of the meantime. */
  | { readonly type: 'running'; readonly state: State };

/** What one kind of workflow is to those who send it commands. */
export interface Commanded<State, Answer extends { readonly result: CommandResult }> {
  readonly noun: 'order' | 'transfer' | 'payout' | 'account';
  readonly stateQuery: QueryDefinition<State>;
  workflowId(id: string): string;
  stateOf(answer: Answer): State;
}

/** How long a workflow that may be busy is asked before the answer comes from what Temporal itself knows. */
const LOOK_WITHIN_MS = 500;

/** One workflow that carries out commands: an order, or a transfer with no order. */
export class CommandedWorkflow<State, Answer extends { readonly result: CommandResult }> {
  readonly #temporal: Client;
  readonly #kind: Commanded<State, Answer>;
  readonly #id: string;

  constructor(temporal: Client, kind: Commanded<State, Answer>, id: string) {
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
  async readIfThere(): Promise<State | null> {
    try {
      return await this.#ask((handle) => handle.query(this.#kind.stateQuery));
    } catch (error) {
      if (faultOf(error)?.type === 'not_found') return null;
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
    beginning: Omit<Beginning<Answer, Input>, 'workflowId'>,
    pending: (startedAt: number) => State,
    waitMs: number,
  ): Promise<Outcome<State>> {
    const { envelope } = beginning;
    const workflowId = this.#kind.workflowId(this.#id);
    const begun = await begin(this.#temporal, { ...beginning, workflowId }, waitMs);
    switch (begun.type) {
      case 'answered':
        return this.#ended(begun.answer);
      case 'started':
        return { type: 'running', state: pending(Date.now()) };
      case 'unclear':
        return this.#found(this.#lookUp(envelope, pending), problemOfFault({ type: 'timeout' }));
    }
  }

  /** Sends a command to one that exists. `ended`: what happens if there is none (null), or if it accepts no more commands. */
  async command<Message extends CommandEnvelope>(
    update: UpdateDefinition<Answer, [Message]>,
    message: Message,
    ended: (state: State | null) => Promise<Outcome<State>>,
    waitMs: number,
  ): Promise<Outcome<State>> {
    const handle = this.#handle();
    const args: [Message] = [message];
    const updateId = message.commandId;
    const call = {
      execute: () => handle.executeUpdate(update, { args, updateId }),
      admit: () => handle.startUpdate(update, { args, updateId, waitForStage: 'ACCEPTED' }),
    };
    try {
      const answer = await settle(this.#temporal, call, waitMs);
      if (answer !== null) return this.#ended(answer);
      return (await this.#known(message)) ?? { type: 'running', state: await this.read() };
    } catch (error) {
      if (faultOf(error)?.type !== 'not_found') throw error;
    }
    // It accepts no more commands, but still knows those from before its end.
    const state = await this.readIfThere();
    const known = state && (await this.#known(message));
    return known ?? ended(state);
  }

  #ended(answer: Answer): Outcome<State> {
    return { type: 'ended', result: answer.result, state: this.#kind.stateOf(answer) };
  }

  /** What became of its first command: from the workflow itself, or otherwise from what Temporal keeps of its start. */
  async #lookUp(envelope: CommandEnvelope, pending: (startedAt: number) => State): Promise<Outcome<State>> {
    const known = await nullIfLate(this.#known(envelope, LOOK_WITHIN_MS));
    if (known) return known;
    const { memo, startTime } = await within(this.#temporal, READ_WITHIN_MS, () => this.#handle().describe());
    const { command } = (memo ?? {}) as BeginningMemo;
    if (command?.commandId !== envelope.commandId) {
      throw new ProblemError(
        problem(`${this.#kind.noun}_exists`, `The id ${this.#id} is taken by another ${this.#kind.noun}.`, {
          param: 'id',
        }),
      );
    }
    refuseRepeatOfRunning({ ...command, outcome: 'running' }, envelope);
    return { type: 'running', state: pending(startTime.getTime()) };
  }

  /** What it knows of this command, even after its end; null if nothing. */
  async #known(envelope: CommandEnvelope, withinMs?: number): Promise<Outcome<State> | null> {
    const known = await this.#ask((handle) => handle.query(commandQuery, envelope.commandId), withinMs);
    if (known === null) return null;
    refuseRepeatOfRunning(known, envelope);
    const state = await this.#ask((handle) => handle.query(this.#kind.stateQuery), withinMs);
    return known.outcome === 'running' ? { type: 'running', state } : { type: 'ended', result: known, state };
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
