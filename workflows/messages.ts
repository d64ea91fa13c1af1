import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Account } from '../domain/account.ts';
import type { AccountCommand, AccountTerms } from '../domain/account-commands.ts';
import { ACCOUNT_NOTICE_SIGNAL } from '../domain/account-notice.ts';
import type { Attention } from '../domain/attention.ts';
import type { CommandBody, CommandEnvelope, CommandResult, RunningCommand } from '../domain/commands.ts';
import type { Order, OrderTerms, SpecialCaseTransfer } from '../domain/order.ts';
import type { Announced } from '../domain/outgoing-event.ts';
import type { Payout, PayoutTerms } from '../domain/payout.ts';
import type { PendingOperation } from '../domain/pending.ts';
import type { ReconciliationFailure, ReconciliationReport } from '../domain/reconciliation.ts';
import type { LostDisputePolicy } from '../domain/recovery-state.ts';
import type { StripeEventHint } from '../domain/signals.ts';
import type { Timeline } from '../domain/timeline.ts';

export * from './event-messages.ts';

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
  /** For how long since the order's creation; absent in what an older version began. */
  readonly reauthorizeForMs?: number;
}

/** What becomes part of a new order. */
export interface OrderDefaults extends OrderPolicy {
  /** Who bears a lost dispute of an order that does not say so itself, or of which nobody knows any more what it said. */
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
  /** Somebody is told of what happens to it; absent: nobody yet. */
  readonly announced?: true;
}

/** A payment that is taken over: made before Waybill, or of an order that was closed. */
export interface Adoption {
  readonly paymentIntent: string;
  /** What the closed order's workflow still knows; null: there is none any more. */
  readonly memory: OrderMemory | null;
  /** The closed order had another payment, or none: what it decided says nothing of this one's disputes. */
  readonly isAnother?: true;
}

/** What an order remembers besides its payment. */
export interface OrderMemory {
  readonly timeline: Timeline;
  readonly commands: readonly CommandResult[];
  readonly announced: Announced;
  /** What was decided, and what of the past Stripe no longer shows with the payment. */
  readonly kept: Pick<Order, 'recoveries' | 'notices' | 'failedCharges'> &
    // Absent in what an older version tells.
    Partial<Pick<Order, 'captureWindow'>>;
}

/** Type names, for starting and listing. */
export const ORDER_WORKFLOW = 'order';
export const TRANSFER_WORKFLOW = 'specialCaseTransfer';
export const STRIPE_EVENT_WORKFLOW = 'stripeEvent';
export const HEAL_WORKFLOW = 'heal';
export const HEAL_ACCOUNTS_WORKFLOW = 'healAccounts';
export const HEAL_PAYOUTS_WORKFLOW = 'healPayouts';
export const RECONCILE_WORKFLOW = 'reconcile';
export const RECONCILIATION_WORKFLOW = 'reconciliation';
export const PAYOUT_WORKFLOW = 'payout';

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
export const incrementSignal = defineSignal<[unknown]>('increment');
export const acceptDisputeSignal = defineSignal<[unknown]>('acceptDispute');
export const resolveSignal = defineSignal<[unknown]>('resolve');

/** What the order's account can take now. */
export const accountNoticeSignal = defineSignal<[unknown]>(ACCOUNT_NOTICE_SIGNAL);

/** Something happened at Stripe: a hint to read the payment or the account again. `eventId` makes a repeat harmless. */
export const stripeEventSignal = defineSignal<[StripeEventHint]>('stripeEvent');

export const orderQuery = defineQuery<Order>('order');
export const timelineQuery = defineQuery<Timeline>('timeline');
/** How a command stands; null if this order does not know it. */
export const commandQuery = defineQuery<CommandResult | RunningCommand | null, [commandId: string]>(
  'command',
);

/** What an order that is taken up again goes on with. */
export const memoryQuery = defineQuery<OrderMemory>('memory');

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
export const transferStateQuery = defineQuery<TransferState>('transfer');

export const ACCOUNT_WORKFLOW = 'account';

/** Argument of the `account` workflow. Identity data and bank numbers are tokens here. */
export interface AccountInput {
  readonly reference: string;
  readonly livemode: boolean;
  readonly policy: Pick<OrderPolicy, 'retryBudgetMs'>;
  readonly origin: AccountOrigin;
  /** The command that it begins with. */
  readonly begin: CommandEnvelope;
}

/** How an account came to be one of the platform's. */
export type AccountOrigin =
  | { readonly kind: 'create'; readonly terms: AccountTerms }
  /** Its owner let the platform connect it. */
  | { readonly kind: 'connect'; readonly code: string; readonly newestBefore: string | null }
  /** It was made without Waybill, or before. */
  | { readonly kind: 'adopt'; readonly account: string };

export interface AccountAnswer {
  readonly result: CommandResult;
  readonly account: Account;
}

/** Waits for the answer of what the account begins with; sent together with the start. */
export const beginAccountUpdate = defineUpdate<AccountAnswer, [CommandEnvelope]>('begin');
/** Every later command; its `kind` says which. */
export const accountCommandUpdate = defineUpdate<AccountAnswer, [AccountCommand]>('command');
export const accountQuery = defineQuery<Account>('account');

/** Gives the report of a run to the `reconciliation` workflow, which keeps the last one. */
export const reconciledSignal = defineSignal<[ReconciliationReport]>('reconciled');
/** Tells the same workflow that a run found nothing out. */
export const reconciliationFailedSignal = defineSignal<[ReconciliationFailure]>('reconciliationFailed');
export const reconciliationQuery = defineQuery<ReconciliationReport | null>('reconciliation');

/** How long things may take, in milliseconds. */
export interface PayoutPolicy extends Pick<OrderPolicy, 'retryBudgetMs'> {
  /** How long a paid payout is watched: a bank may still give the money back. */
  readonly watchPaidMs: number;
}

/** Argument of the `payout` workflow: connected account → its bank. Takes `stripeEvent` as an order does. */
export interface PayoutInput {
  readonly terms: PayoutTerms;
  readonly livemode: boolean;
  readonly policy: PayoutPolicy;
  /** The command that creates it. */
  readonly payOut: CommandEnvelope;
}

export interface PayoutAnswer {
  readonly result: CommandResult;
  readonly payout: Payout;
}

/** Waits until the payout is at Stripe, or waits for funds; sent together with the start. */
export const payOutUpdate = defineUpdate<PayoutAnswer, [CommandEnvelope]>('payOut');
export const cancelPayoutUpdate = defineUpdate<PayoutAnswer, [CommandMessage<'cancel'>]>('cancel');
export const resolvePayoutUpdate = defineUpdate<PayoutAnswer, [CommandMessage<'resolve'>]>('resolve');
export const payoutQuery = defineQuery<Payout>('payout');
