import type { Client, WorkflowHandle } from '@temporalio/client';
import type { CommandEnvelope, Resolve } from '../../domain/commands.ts';
import { problem } from '../../domain/errors.ts';
import { transferWorkflowId } from '../../domain/ids.ts';
import { formatMoney } from '../../domain/money.ts';
import type {
  CommandMessage,
  TransferAnswer,
  TransferInput,
  TransferState,
} from '../../workflows/messages.ts';
import {
  commandQuery,
  payTransferUpdate,
  resolveTransferUpdate,
  TRANSFER_WORKFLOW,
  transferStateQuery,
} from '../../workflows/messages.ts';
import { refuseRepeatOfRunning } from '../idempotency.ts';
import { ProblemError } from '../problems.ts';
import { faultOf } from './errors.ts';
import { transferSearchAttributes } from './search-attributes.ts';
import type { Settled } from './settle.ts';
import { ANSWER_WITHIN_MS, settle, within } from './settle.ts';
import { startWithUpdate } from './start-with-update.ts';

export type TransferOutcome =
  | { readonly type: 'answered'; readonly answer: TransferAnswer }
  | { readonly type: 'running'; readonly transfer: TransferState };

/** Special-case transfers with no order, as their workflows know them. */
export class Transfers {
  readonly #temporal: Client;
  readonly #taskQueue: string;

  constructor(temporal: Client, taskQueue: string) {
    this.#temporal = temporal;
    this.#taskQueue = taskQueue;
  }

  async create(input: TransferInput, waitMs: number): Promise<TransferOutcome> {
    const beginning = {
      workflowType: TRANSFER_WORKFLOW,
      workflowId: transferWorkflowId(input.id),
      taskQueue: this.#taskQueue,
      input,
      searchAttributes: transferSearchAttributes(input),
      summary: `${formatMoney(input)} → ${input.destination}`,
      update: payTransferUpdate,
      envelope: input.pay,
    };
    return this.#outcome(input.id, input.pay, await startWithUpdate(this.#temporal, beginning, waitMs));
  }

  async resolve(
    transferId: string,
    envelope: CommandEnvelope,
    { action, stripeId, reason }: Resolve,
    waitMs: number,
  ): Promise<TransferOutcome> {
    const handle = this.#handle(transferId);
    const updateId = envelope.commandId;
    const args: [CommandMessage<'resolve'>] = [{ ...envelope, action, stripeId, reason }];
    const call = {
      execute: () => handle.executeUpdate(resolveTransferUpdate, { args, updateId }),
      admit: () => handle.startUpdate(resolveTransferUpdate, { args, updateId, waitForStage: 'ACCEPTED' }),
    };
    try {
      return await this.#outcome(transferId, envelope, await settle(this.#temporal, call, waitMs));
    } catch (error) {
      if (faultOf(error)?.type !== 'not_found') throw error;
      const first = await this.#known(transferId, envelope);
      if (first) return first;
      const { status } = await this.read(transferId);
      throw new ProblemError(
        problem('state_conflict', `This transfer is ${status}: nothing is to be resolved.`),
      );
    }
  }

  read(transferId: string): Promise<TransferState> {
    return this.#query(transferId, (handle) => handle.query(transferStateQuery));
  }

  async #outcome(
    transferId: string,
    envelope: CommandEnvelope,
    settled: Settled<TransferAnswer>,
  ): Promise<TransferOutcome> {
    if (settled.type === 'answered') return settled;
    return (
      (await this.#known(transferId, envelope)) ?? {
        type: 'running',
        transfer: await this.read(transferId),
      }
    );
  }

  async #known(transferId: string, envelope: CommandEnvelope): Promise<TransferOutcome | null> {
    const known = await this.#query(transferId, (handle) => handle.query(commandQuery, envelope.commandId));
    if (known === null) return null;
    refuseRepeatOfRunning(known, envelope);
    const transfer = await this.read(transferId);
    return known.outcome === 'running'
      ? { type: 'running', transfer }
      : { type: 'answered', answer: { result: known, transfer } };
  }

  async #query<T>(transferId: string, ask: (handle: WorkflowHandle) => Promise<T>): Promise<T> {
    try {
      return await within(this.#temporal, ANSWER_WITHIN_MS, () => ask(this.#handle(transferId)));
    } catch (error) {
      if (faultOf(error)?.type !== 'not_found') throw error;
      throw new ProblemError(problem('not_found', `There is no transfer ${transferId}.`, { param: 'id' }));
    }
  }

  #handle(transferId: string): WorkflowHandle {
    return this.#temporal.workflow.getHandle(transferWorkflowId(transferId));
  }
}
