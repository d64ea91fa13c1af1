import { defineQuery } from '@temporalio/workflow';
import type { Attention } from '../domain/attention/attention.ts';
import type { Unreadable } from '../domain/attention/reading.ts';
import type { Approval } from '../domain/commands/approval.ts';
import type { CommandEnvelope, CommandResult, ReasonedCommand } from '../domain/commands/command.ts';
import type { PendingOperation } from '../domain/commands/pending.ts';
import type { Timeline } from '../domain/commands/timeline.ts';
import type { SpecialCaseTransfer } from '../domain/orders/order.ts';
import type { TransferReversal } from '../domain/orders/present-transfer.ts';
import type { TransferCommand } from '../domain/orders/transfer-command-table.ts';
import type { Published } from '../domain/outgoing-events/outgoing-event.ts';
import type { TransferStanding } from '../domain/outgoing-events/transfer-events.ts';
import type { Usual } from './brief.ts';
import { beginningUpdate } from './command-messages.ts';
import type { OrderPolicy } from './orders.ts';

export const TRANSFER_WORKFLOW = 'specialCaseTransfer';

/** What of the settings becomes part of a new transfer. */
export function transferPolicy({ retryBudgetMs, approval }: OrderPolicy): TransferInput['policy'] {
  return { retryBudgetMs, ...(approval ? { approval } : {}) };
}

/** Argument of the `specialCaseTransfer` workflow: platform → connected account, with no order. Amount in minor units. */
export interface TransferInput {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  readonly destination: string;
  readonly description: string | null;
  readonly livemode: boolean;
  readonly policy: Pick<OrderPolicy, 'retryBudgetMs' | 'approval'>;
  /** The command that creates it. */
  readonly pay: ReasonedCommand;
  /** There is a subscriber; absent: not yet. */
  readonly announced?: true;
}

/** What a transfer that was paid remembers after its workflow's end. */
export interface TransferMemory {
  /** Of its shape (workflows/shared/snapshots.ts). */
  readonly version: number;
  readonly timeline: Timeline;
  readonly commands: readonly CommandResult[];
  readonly reversals: readonly TransferReversal[];
  readonly published: Published<TransferStanding>;
}

/** Takes a transfer back in whole or in part. */
export type ReverseCommand = Extract<TransferCommand, { kind: 'reverse_transfer' }>;

/** Of a transfer that was paid before, and is reopened. */
export interface ReopenedTransferInput extends TransferInput {
  readonly reopened: {
    readonly createdAt: number;
    readonly transfer: SpecialCaseTransfer | null;
    /** Null: Temporal has forgotten it. */
    readonly memory: TransferMemory | null;
    /** Those at Stripe that are no news, where no memory names them; newest first. */
    readonly reversals?: readonly TransferReversal[];
    /** Durable with the start. Null: an event says that somebody reversed it at Stripe. */
    readonly command: ReverseCommand | null;
  };
}

/** Its payment, or a later command. */
export type HeldTransferCommand = TransferCommand | (CommandEnvelope & { readonly kind: 'pay' });

/** A special-case transfer with no order, as its workflow knows it. */
export interface TransferState {
  readonly input: TransferInput;
  readonly createdAt: number;
  readonly status: 'pending' | 'paid' | 'abandoned';
  readonly transfer: SpecialCaseTransfer | null;
  /** Those that this workflow made or learned of from Stripe's events, newest first. */
  readonly reversals: readonly TransferReversal[];
  readonly pending: PendingOperation | null;
  readonly attention: Attention | null;
  /** Commands that wait for another person; the first may be its payment. */
  readonly approvals: readonly Approval<HeldTransferCommand>[];
  /** Absent: it was never read, or could always be. */
  readonly unreadable?: Unreadable | null;
}

/** Waits for the transfer's answer; sent together with the start. */
export const payTransferUpdate = beginningUpdate<TransferState>('pay');

/** What most transfers have: left out of what their updates answer. */
export const USUAL_TRANSFER: Usual<TransferState> = {
  reversals: [],
  pending: null,
  attention: null,
  approvals: [],
};

/** What a transfer goes on with when it is reopened. */
export const transferMemoryQuery = defineQuery<TransferMemory>('memory');

export const transferStateQuery = defineQuery<TransferState>('transfer');
