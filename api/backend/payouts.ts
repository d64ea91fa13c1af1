import type { Client } from '@temporalio/client';
import type { CommandAnswer } from '../../contract/command-messages.ts';
import { timelineQuery, updateOf } from '../../contract/command-messages.ts';
import { payoutBeginning } from '../../contract/payout-start.ts';
import type { PayoutInput } from '../../contract/payouts.ts';
import { payOutUpdate, payoutQuery, USUAL_PAYOUT } from '../../contract/payouts.ts';
import type { CommandMessage } from '../../domain/commands/define-command.ts';
import type { Timeline } from '../../domain/commands/timeline.ts';
import type { Problem } from '../../domain/errors.ts';
import { problem } from '../../domain/errors.ts';
import { payoutWorkflowId } from '../../domain/ids.ts';
import type { Payout } from '../../domain/payouts/payout.ts';
import { newPayout } from '../../domain/payouts/payout.ts';
import type { PayoutCommand } from '../../domain/payouts/payout-command-table.ts';
import { PAYOUT_COMMANDS } from '../../domain/payouts/payout-command-table.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import type { ApiDeps } from '../http/deps.ts';
import type { Commanded } from './commanded.ts';
import { CommandedWorkflow } from './commanded.ts';
import type { Events } from './events.ts';

const PAYOUT: Commanded<Payout> = {
  noun: 'payout',
  stateQuery: payoutQuery,
  workflowId: payoutWorkflowId,
  usual: USUAL_PAYOUT,
  beginsWith: 'payOut' satisfies keyof PayoutInput,
};

/** A payout is addressed together with the account whose money it is. */
export interface PayoutAddress {
  readonly account: string;
  readonly payoutId: string;
}

/** Payouts, as their workflows know them. */
export class Payouts {
  readonly #temporal: Client;
  readonly #taskQueue: string;

  readonly #events: Pick<Events, 'announcing'>;

  constructor(
    { temporal, taskQueue }: Pick<ApiDeps, 'temporal' | 'taskQueue'>,
    events: Pick<Events, 'announcing'>,
  ) {
    this.#temporal = temporal;
    this.#taskQueue = taskQueue;
    this.#events = events;
  }

  async create(asked: PayoutInput, waitMs: number): Promise<CommandAnswer<Payout>> {
    const input = await this.#events.announcing(asked);
    const { terms, livemode, payOut } = input;
    const beginning = {
      ...payoutBeginning(input, this.#taskQueue),
      update: payOutUpdate,
      envelope: payOut,
    };
    return this.#payout(terms.id).begin(beginning, (at) => newPayout(terms, at, livemode), waitMs);
  }

  async command(
    address: PayoutAddress,
    command: PayoutCommand,
    message: CommandMessage,
    waitMs: number,
  ): Promise<CommandAnswer<Payout>> {
    await this.readOf(address);
    const payout = this.#payout(address.payoutId);
    const update = updateOf<Payout>(PAYOUT_COMMANDS[command.kind]);
    return payout.command(update, message, command, payout.refusing(refusalOfEnded), waitMs);
  }

  read(payoutId: string): Promise<Payout> {
    return this.#payout(payoutId).read();
  }

  /** Null: Temporal knows none. */
  readIfThere(payoutId: string): Promise<Payout | null> {
    return this.#payout(payoutId).readIfThere();
  }

  /** The payout, if it is that account's. */
  async readOf({ account, payoutId }: PayoutAddress): Promise<Payout> {
    const payout = await this.read(payoutId);
    if (payout.terms.connectedAccount === account) return payout;
    const absent = `There is no payout ${payoutId} of ${account}.`;
    throw new ProblemError(problem('not_found', absent, { param: 'payout' }));
  }

  /** Whether it has taken this command, whatever came of it. */
  knows(payoutId: string, commandId: string): Promise<boolean> {
    return this.#payout(payoutId).knows(commandId);
  }

  async timeline(address: PayoutAddress): Promise<Timeline> {
    await this.readOf(address);
    return this.#payout(address.payoutId).query((handle) => handle.query(timelineQuery));
  }

  #payout(payoutId: string) {
    return new CommandedWorkflow(this.#temporal, PAYOUT, payoutId);
  }
}

function refusalOfEnded({ state }: Payout): Problem {
  return problem('state_conflict', `This payout is ${state.status} and cannot change any more.`);
}
