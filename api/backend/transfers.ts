import type { Client } from '@temporalio/client';
import type { TransferAnswer, TransferInput, TransferState } from '../../contract/transfers.ts';
import {
  payTransferUpdate,
  resolveTransferUpdate,
  TRANSFER_WORKFLOW,
  transferStateQuery,
} from '../../contract/transfers.ts';
import type { CommandEnvelope, Resolve } from '../../domain/commands/commands.ts';
import type { Problem } from '../../domain/errors.ts';
import { problem } from '../../domain/errors.ts';
import { transferWorkflowId } from '../../domain/ids.ts';
import { formatMoney } from '../../domain/money/money.ts';
import type { Commanded, Outcome } from './commanded.ts';
import { CommandedWorkflow } from './commanded.ts';
import { transferSearchAttributes } from './search-attributes.ts';

const TRANSFER: Commanded<TransferState, TransferAnswer> = {
  noun: 'transfer',
  stateQuery: transferStateQuery,
  workflowId: transferWorkflowId,
  stateOf: ({ transfer }) => transfer,
};

/** Special-case transfers with no order, as their workflows know them. */
export class Transfers {
  readonly #temporal: Client;
  readonly #taskQueue: string;

  constructor(temporal: Client, taskQueue: string) {
    this.#temporal = temporal;
    this.#taskQueue = taskQueue;
  }

  create(input: TransferInput, waitMs: number): Promise<Outcome<TransferState>> {
    const beginning = {
      workflowType: TRANSFER_WORKFLOW,
      taskQueue: this.#taskQueue,
      input,
      searchAttributes: transferSearchAttributes(input),
      summary: `${formatMoney(input)} → ${input.destination}`,
      update: payTransferUpdate,
      envelope: input.pay,
    };
    return this.#transfer(input.id).begin(beginning, (at) => pendingTransfer(input, at), waitMs);
  }

  resolve(
    transferId: string,
    envelope: CommandEnvelope,
    { action, stripeId, reason }: Resolve,
    waitMs: number,
  ): Promise<Outcome<TransferState>> {
    const message = { ...envelope, action, stripeId, reason };
    const transfer = this.#transfer(transferId);
    return transfer.command(resolveTransferUpdate, message, transfer.refusing(refusalOfEnded), waitMs);
  }

  read(transferId: string): Promise<TransferState> {
    return this.#transfer(transferId).read();
  }

  #transfer(transferId: string) {
    return new CommandedWorkflow(this.#temporal, TRANSFER, transferId);
  }
}

function pendingTransfer(input: TransferInput, createdAt: number): TransferState {
  return { input, createdAt, status: 'pending', transfer: null, pending: null, attention: null };
}

function refusalOfEnded({ status }: TransferState): Problem {
  return problem('state_conflict', `This transfer is ${status}: nothing of it needs attention.`);
}
