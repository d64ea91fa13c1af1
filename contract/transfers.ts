import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { Attention } from '../domain/attention/attention.ts';
import type { CommandEnvelope, CommandResult, ReverseTransfer } from '../domain/commands/commands.ts';
import type { PendingOperation } from '../domain/commands/pending.ts';
import type { Timeline } from '../domain/commands/timeline.ts';
import type { SpecialCaseTransfer } from '../domain/orders/order.ts';
import type { CommandMessage, OrderPolicy } from './orders.ts';

export const TRANSFER_WORKFLOW = 'specialCaseTransfer';

/** Argument of the `specialCaseTransfer` workflow: platform → connected account, with no order. Amount in minor units. */
export interface TransferInput {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  readonly destination: string;
  readonly description: string | null;
  readonly livemode: boolean;
  readonly policy: Pick<OrderPolicy, 'retryBudgetMs'>;
  /** The command that creates it. */
  readonly pay: CommandEnvelope;
}

/** What a transfer that was paid remembers after its workflow's end. */
export interface TransferMemory {
  /** Of its shape (workflows/shared/snapshots.ts). */
  readonly version: number;
  readonly timeline: Timeline;
  readonly commands: readonly CommandResult[];
}

/** Takes a transfer back in whole or in part. */
export type ReverseCommand = CommandEnvelope & Omit<ReverseTransfer, 'transfer'>;

/** Of a transfer that was paid before: it is reopened for this reversal, which is durable with the start. */
export interface ReopenedTransferInput extends TransferInput {
  readonly reopened: {
    readonly createdAt: number;
    readonly transfer: SpecialCaseTransfer | null;
    /** Null: Temporal has forgotten it. */
    readonly memory: TransferMemory | null;
    readonly command: ReverseCommand;
  };
}

/** A special-case transfer with no order, as its workflow knows it. */
export interface TransferState {
  readonly input: TransferInput;
  readonly createdAt: number;
  readonly status: 'pending' | 'paid' | 'abandoned';
  readonly transfer: SpecialCaseTransfer | null;
  readonly pending: PendingOperation | null;
  readonly attention: Attention | null;
}

export interface TransferAnswer {
  readonly result: CommandResult;
  readonly transfer: TransferState;
}

/** Waits for the transfer's answer; sent together with the start. */
export const payTransferUpdate = defineUpdate<TransferAnswer, [CommandEnvelope]>('pay');

export const resolveTransferUpdate = defineUpdate<TransferAnswer, [CommandMessage<'resolve'>]>('resolve');

export const reverseUpdate = defineUpdate<TransferAnswer, [Omit<ReverseCommand, 'kind'>]>('reverse');

/** What a transfer goes on with when it is reopened. */
export const transferMemoryQuery = defineQuery<TransferMemory>('memory');

export const transferStateQuery = defineQuery<TransferState>('transfer');
