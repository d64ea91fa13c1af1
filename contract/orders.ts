import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { ApprovalPolicy } from '../domain/commands/approval.ts';
import type { CommandEnvelope, CommandResult } from '../domain/commands/command.ts';
import type { Timeline } from '../domain/commands/timeline.ts';
import { ACCOUNT_NOTICE_SIGNAL } from '../domain/orders/account-notice.ts';
import type { Order, OrderTerms } from '../domain/orders/order.ts';
import type { LostDisputePolicy } from '../domain/orders/recovery-state.ts';
import type { OrderStanding } from '../domain/outgoing-events/order-news.ts';
import type { Published } from '../domain/outgoing-events/outgoing-event.ts';
import { beginningUpdate } from './command-messages.ts';

/** How long things may take, in milliseconds, and what else the installation decides. Part of an order's input, so that a deploy never changes an open order's life. */
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
  /** What waits for another person; absent: nothing does. */
  readonly approval?: ApprovalPolicy;
  /** Keys the digests by which its metadata is found; empty: payloads are plain, so that there is nothing to hide. */
  readonly metadataKey: string;
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
  /** The command that the order begins with, its authorization or its adoption: durable with the start, before any money moves. */
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
  readonly published: Published<OrderStanding>;
  /** What was decided, and what of the past Stripe no longer shows with the payment. */
  readonly kept: Pick<
    Order,
    'recoveries' | 'notices' | 'failedCharges' | 'captureWindow' | 'reportedAsFraud'
  >;
}

/** Type names, for starting and listing. */
export const ORDER_WORKFLOW = 'order';

/** Waits for the answer of the authorization; sent together with the start. */
export const authorizeUpdate = beginningUpdate<Order>('authorize');

/** The same for an adoption. */
export const adoptUpdate = beginningUpdate<Order>('adopt');

/** What the order's account can take now. */
export const accountNoticeSignal = defineSignal<[unknown]>(ACCOUNT_NOTICE_SIGNAL);

export const orderQuery = defineQuery<Order>('order');

/** What a reopened order continues with. */
export const memoryQuery = defineQuery<OrderMemory>('memory');
