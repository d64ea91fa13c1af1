import type { Client } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import type { CommandMessage } from '../../contract/orders.ts';
import type { PayoutAnswer, PayoutInput } from '../../contract/payouts.ts';
import { PAYOUT_WORKFLOW, payOutUpdate, payoutQuery } from '../../contract/payouts.ts';
import type { Cancel, CommandEnvelope, Resolve } from '../../domain/commands/commands.ts';
import type { Problem } from '../../domain/errors.ts';
import { problem } from '../../domain/errors.ts';
import { payoutWorkflowId } from '../../domain/ids.ts';
import { formatMoney } from '../../domain/money/money.ts';
import type { Payout } from '../../domain/payouts/payout.ts';
import { newPayout } from '../../domain/payouts/payout.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import type { Commanded, Outcome } from './commanded.ts';
import { CommandedWorkflow } from './commanded.ts';
import { payoutSearchAttributes } from './search-attributes.ts';

const PAYOUT: Commanded<Payout, PayoutAnswer> = {
  noun: 'payout',
  stateQuery: payoutQuery,
  workflowId: payoutWorkflowId,
  stateOf: ({ payout }) => payout,
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

  constructor(temporal: Client, taskQueue: string) {
    this.#temporal = temporal;
    this.#taskQueue = taskQueue;
  }

  create(input: PayoutInput, waitMs: number): Promise<Outcome<Payout>> {
    const { terms, livemode, payOut } = input;
    const beginning = {
      workflowType: PAYOUT_WORKFLOW,
      taskQueue: this.#taskQueue,
      input,
      searchAttributes: payoutSearchAttributes(input),
      summary: `${formatMoney(terms)} of ${terms.connectedAccount} → ${terms.destination ?? 'its bank'}`,
      update: payOutUpdate,
      envelope: payOut,
    };
    return this.#payout(terms.id).begin(beginning, (at) => newPayout(terms, at, livemode), waitMs);
  }

  async command<Kind extends 'cancel' | 'resolve'>(
    address: PayoutAddress,
    update: UpdateDefinition<PayoutAnswer, [CommandMessage<Kind>]>,
    envelope: CommandEnvelope,
    command: Extract<Cancel | Resolve, { kind: Kind }>,
    waitMs: number,
  ): Promise<Outcome<Payout>> {
    await this.readOf(address);
    const { kind: _, ...body } = command;
    const message: CommandMessage<Kind> = { ...envelope, ...body };
    const payout = this.#payout(address.payoutId);
    return payout.command(update, message, payout.refusing(refusalOfEnded), waitMs);
  }

  read(payoutId: string): Promise<Payout> {
    return this.#payout(payoutId).read();
  }

  /** The payout, if it is that account's. */
  async readOf({ account, payoutId }: PayoutAddress): Promise<Payout> {
    const payout = await this.read(payoutId);
    if (payout.terms.connectedAccount === account) return payout;
    const absent = `There is no payout ${payoutId} of ${account}.`;
    throw new ProblemError(problem('not_found', absent, { param: 'payout' }));
  }

  #payout(payoutId: string) {
    return new CommandedWorkflow(this.#temporal, PAYOUT, payoutId);
  }
}

function refusalOfEnded({ state }: Payout): Problem {
  return problem('state_conflict', `This payout is ${state.status} and cannot change any more.`);
}
