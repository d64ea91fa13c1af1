import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { CommandBody, CommandEnvelope, CommandResult } from '../domain/commands/commands.ts';
import type { Timeline } from '../domain/commands/timeline.ts';
import { ACCOUNT_NOTICE_SIGNAL } from '../domain/orders/account-notice.ts';
import type { Order, OrderTerms } from '../domain/orders/order.ts';
import type { LostDisputePolicy } from '../domain/orders/recovery-state.ts';
import type { Published } from '../domain/outgoing-events/outgoing-event.ts';

/** How long things may take, in milliseconds. Part of an order's input, so that a deploy never changes an open order's life. */
export interface OrderPolicy {
  /** How long an operation is retried before it needs attention. */
  readonly retryBudgetMs: number;
  /** How long a captured order stays open for refunds and transfers. */
  readonly openMs: number;
  /** How long an unpaid order waits for another payment method before it is canceled. */
  readonly abandonAfterMs: number;
  /** How long before the end of the capture window people are warned. */
  readonly captureWarningMs: number;
  /** How long before it a new authorization is asked for, where the order wants that. */
  readonly reauthorizeBeforeMs: number;
  /** For how long since the order's creation. */
  readonly reauthorizeForMs: number;
}

/** What becomes part of a new order. */
export interface OrderDefaults extends OrderPolicy {
  /** Who bears a lost dispute of an order that does not say so, or whose terms are forgotten. */
  readonly onDisputeLost: LostDisputePolicy;
}

/** Argument of the `order` workflow. */
export interface OrderInput {
  readonly terms: OrderTerms;
  readonly livemode: boolean;
  readonly policy: OrderPolicy;
  /** The command that creates it: durable with the start, before any money moves. */
  readonly authorize: CommandEnvelope;
  /** Its payment exists at Stripe already, and is taken over; absent: it is created there. */
  readonly adopt?: Adoption;
  /** There is a subscriber; absent: not yet. */
  readonly announced?: true;
}

/** A payment that is taken over: made before Waybill, or of an order that was closed. */
export interface Adoption {
  readonly paymentIntent: string;
  /** What the closed order's workflow still knows; null: it is gone. */
  readonly memory: OrderMemory | null;
  /** The closed order had another payment, or none: what it decided says nothing of this one's disputes. */
  readonly isAnother?: true;
}

/** What an order remembers besides its payment. */
export interface OrderMemory {
  /** Of this shape (workflows/shared/snapshots.ts). */
  readonly version: number;
  readonly timeline: Timeline;
  readonly commands: readonly CommandResult[];
  readonly announced: Published;
  /** What was decided, and what of the past Stripe no longer shows with the payment. */
  readonly kept: Pick<Order, 'recoveries' | 'notices' | 'failedCharges' | 'captureWindow'>;
}

/** Type names, for starting and listing. */
export const ORDER_WORKFLOW = 'order';

/** A command's result together with the order it left behind. */
export interface OrderAnswer {
  readonly result: CommandResult;
  readonly order: Order;
}

export type CommandMessage<Kind extends CommandBody['kind']> = CommandEnvelope &
  Omit<Extract<CommandBody, { kind: Kind }>, 'kind'>;

/** Waits for the answer of the authorization; sent together with the start, with the envelope of {@link OrderInput}. */
export const authorizeUpdate = defineUpdate<OrderAnswer, [CommandEnvelope]>('authorize');

/** The same for an adoption. */
export const adoptUpdate = defineUpdate<OrderAnswer, [CommandEnvelope]>('adopt');

export const confirmUpdate = defineUpdate<OrderAnswer, [CommandMessage<'confirm'>]>('confirm');

export const captureUpdate = defineUpdate<OrderAnswer, [CommandMessage<'capture'>]>('capture');

export const cancelUpdate = defineUpdate<OrderAnswer, [CommandMessage<'cancel'>]>('cancel');

export const refundUpdate = defineUpdate<OrderAnswer, [CommandMessage<'refund'>]>('refund');

export const transferUpdate = defineUpdate<OrderAnswer, [CommandMessage<'transfer'>]>('transfer');

export const reverseTransferUpdate = defineUpdate<OrderAnswer, [CommandMessage<'reverse_transfer'>]>(
  'reverseTransfer',
);

export const incrementUpdate = defineUpdate<OrderAnswer, [CommandMessage<'increment'>]>('increment');

export const submitEvidenceUpdate = defineUpdate<OrderAnswer, [CommandMessage<'submit_evidence'>]>(
  'submitEvidence',
);

export const acceptDisputeUpdate = defineUpdate<OrderAnswer, [CommandMessage<'accept_dispute'>]>(
  'acceptDispute',
);

export const resolveUpdate = defineUpdate<OrderAnswer, [CommandMessage<'resolve'>]>('resolve');

/**
 * The same commands for Temporal's UI and CLI, as signals of the API's own JSON body and a `requestId` that makes a
 * repeat harmless: `{"requestId": "ticket-4711", "amount": 500, "reverse_transfer": true}`.
 */
export const captureSignal = defineSignal<[unknown]>('capture');

export const cancelSignal = defineSignal<[unknown]>('cancel');

export const refundSignal = defineSignal<[unknown]>('refund');

export const transferSignal = defineSignal<[unknown]>('transfer');

export const reverseTransferSignal = defineSignal<[unknown]>('reverseTransfer');

export const incrementSignal = defineSignal<[unknown]>('increment');

export const acceptDisputeSignal = defineSignal<[unknown]>('acceptDispute');

export const resolveSignal = defineSignal<[unknown]>('resolve');

/** What the order's account can take now. */
export const accountNoticeSignal = defineSignal<[unknown]>(ACCOUNT_NOTICE_SIGNAL);

export const orderQuery = defineQuery<Order>('order');

/** What a reopened order continues with. */
export const memoryQuery = defineQuery<OrderMemory>('memory');
