import { metricMeter, workflowInfo } from '@temporalio/workflow';
import type { OperationOutcome, StripeOperation } from '../../contract/operations.ts';
import type { OrderInput, OrderMemory } from '../../contract/orders.ts';
import { USUAL_ORDER } from '../../contract/usual-order.ts';
import type { Notice } from '../../domain/attention/notice.ts';
import type { Approval } from '../../domain/commands/approval.ts';
import type { CommandEnvelope } from '../../domain/commands/command.ts';
import { isConcluded } from '../../domain/commands/command.ts';
import type { Problem } from '../../domain/errors.ts';
import { problem } from '../../domain/errors.ts';
import type { AccountNotice } from '../../domain/orders/account-notice.ts';
import { UNTOUCHED_WINDOW } from '../../domain/orders/capture-window-state.ts';
import { isSettled, openNotices, withNotices } from '../../domain/orders/notices.ts';
import type { Order } from '../../domain/orders/order.ts';
import { isCanceledOrExpired, newOrder, orderStatus } from '../../domain/orders/order.ts';
import type { OrderCommand, OrderCommandBody } from '../../domain/orders/order-command-table.ts';
import { isNothingOutstanding } from '../../domain/orders/outstanding.ts';
import type { OrderEvent } from '../../domain/orders/transition.ts';
import { transition } from '../../domain/orders/transition.ts';
import { nothingPublished } from '../../domain/outgoing-events/announce.ts';
import { orderEvents } from '../../domain/outgoing-events/order-events.ts';
import type { OrderStanding } from '../../domain/outgoing-events/order-news.ts';
import type { Published } from '../../domain/outgoing-events/outgoing-event.ts';
import { EARLY_FRAUD_WARNING } from '../../domain/stripe-events/stripe-events.ts';
import type { Approving } from '../entity/approvals.ts';
import type { BegunKind } from '../entity/command-memory.ts';
import type { EntityEvent, EntitySnapshot } from '../entity/entity-record.ts';
import { EntityRecord } from '../entity/entity-record.ts';
import { Outbox } from '../entity/outbox.ts';
import type { Versioned } from '../shared/snapshots.ts';
import { carry } from '../shared/snapshots.ts';
import { SECOND_MS, workflowNow } from '../shared/time.ts';
import { newNotes } from './observed-notes.ts';
import { eventOf, eventOfAbandoned, problemOfDecline, whyNeedless } from './order-outcomes.ts';

/** For alerts: new notices by code. Not counted again in a replay. */
const noticesMetric = () =>
  metricMeter.createCounter('waybill_order_notices_total', 'notices', 'What began to ask for a person');

/** What continue-as-new carries over. Times in milliseconds since the epoch. */
export interface OrderSnapshot extends EntitySnapshot<OrderStanding> {
  readonly order: Order;
  readonly lastActivityAt: number;
  readonly statusSince: number;
  readonly lastReadAt: number;
  readonly captureIsOurs: boolean;
}

/** An order with its memory. */
export class OrderRecord
  extends EntityRecord<Order, OrderEvent, OrderStanding>
  implements Approving<OrderCommand>
{
  readonly usual = USUAL_ORDER;
  readonly input: OrderInput;
  protected override readonly currency: string;
  #isIdle = false;
  #lastActivityAt: number;
  #statusSince: number;
  #lastReadAt: number;
  #captureIsOurs: boolean;

  constructor(input: OrderInput, carried: OrderSnapshot | undefined) {
    const now = workflowNow();
    // The start's own time, so that visibility filters by what callers see as `created`.
    const createdAt = workflowInfo().startTime.getTime();
    const unborn = { ...newOrder(input.terms, createdAt, input.livemode), ...keptIn(input) };
    const published = carried?.published ?? firstPublished(input, createdAt);
    const outbox = new Outbox(orderEvents(input.adopt !== undefined), published);
    super(carried?.order ?? unborn, outbox, carried ?? input.adopt?.memory ?? undefined);
    this.input = input;
    this.currency = input.terms.currency;
    this.#lastActivityAt = carried?.lastActivityAt ?? now;
    this.#statusSince = carried?.statusSince ?? now;
    this.#lastReadAt = carried?.lastReadAt ?? now;
    this.#captureIsOurs = carried?.captureIsOurs ?? false;
  }

  /** What the order begins with: its authorization, or its adoption. */
  get firstCommand(): CommandEnvelope {
    return this.input.authorize;
  }

  get order(): Order {
    return this.state;
  }

  get approvals(): readonly Approval<OrderCommand>[] {
    return this.order.approvals;
  }

  override apply(event: OrderEvent | EntityEvent, cause: CommandEnvelope | null): void {
    const before = this.order;
    super.apply(event, cause);
    // The timeline tells nothing of what happened to a payment before it was taken over.
    if (event.type === 'adopted' && !event.isReopened) return;
    for (const entry of newNotes(before, this.order, this.timeline)) this.note(entry);
  }

  askApproval(approval: Approval<OrderCommand>): void {
    this.apply({ type: 'approval_asked', approval }, approval.command);
  }

  endApproval(id: string, cause: CommandEnvelope | null): void {
    this.apply({ type: 'approval_ended', id }, cause);
  }

  /** Adopted but not read yet: which commands its payment allows is unknown. */
  get isUnread(): boolean {
    const { payment, attention } = this.order;
    return this.input.adopt !== undefined && payment.status === 'pending' && attention === null;
  }

  /** When a command came, or its status last changed. */
  get lastActivityAt(): number {
    return this.#lastActivityAt;
  }

  /** When its status last changed. */
  get statusSince(): number {
    return this.#statusSince;
  }

  /** Of the last attempt to read the payment. */
  get lastReadAt(): number {
    return this.#lastReadAt;
  }

  countReading(): void {
    this.#lastReadAt = workflowNow();
  }

  /**
   * Whether a capture that seems too late may be the one that captured: if a worker is killed during its first
   * attempt, a local activity, no history shows the call, and only Stripe knows of it.
   */
  mayHaveDone({ kind }: OrderCommandBody): boolean {
    const { payment, terms } = this.order;
    return (
      kind === 'capture' &&
      payment.status === 'captured' &&
      terms.captureMethod === 'manual' &&
      !this.#captureIsOurs
    );
  }

  /** Nothing more can happen to its money, or it has been open long enough; and nothing waits for an operator. */
  protected get isOver(): boolean {
    if (this.blocked !== null) return false;
    if (this.refusal) return true;
    const { captureWindow, notices } = this.order;
    if (captureWindow.superseded !== null || openNotices(notices).length > 0) return false;
    return isCanceledOrExpired(this.order) || (this.#isIdle && this.isAtRest);
  }

  /** Nothing is owed: no read that failed, which may have been for a dispute, nothing that Stripe still decides on, no notice. */
  get isAtRest(): boolean {
    return this.failedReads === null && isNothingOutstanding(this.order) && isSettled(this.order);
  }

  /** Nothing can happen to its money any more. A captured one that closes for want of movement still takes what comes. */
  get isFinal(): boolean {
    return this.mayComplete && (this.refusal !== null || isCanceledOrExpired(this.order));
  }

  /** It closes as soon as its events are handed over and nothing is owed, unless a command comes. */
  get isIdle(): boolean {
    return this.#isIdle;
  }

  /** It has been open for long enough without a movement. */
  markIdle(): void {
    this.#isIdle = true;
  }

  override begin(kind: BegunKind, command: CommandEnvelope & { readonly reason?: string | null }): void {
    super.begin(kind, command);
    this.#lastActivityAt = workflowNow();
    this.#isIdle = false;
  }

  /** Its account can take the money again, or no longer. */
  noteAccount(notice: AccountNotice): void {
    const before = this.order.accountRestriction;
    this.apply({ type: 'account_noticed', notice, at: workflowNow() }, null);
    const after = this.order.accountRestriction;
    if ((before === null) === (after === null)) return;
    const name = after ? 'account_restricted' : 'account_restored';
    this.note({ type: 'event', name, cause: null, detail: notice.detail });
  }

  /** Only its event shows that a payment was reported: no object of the payment's does. */
  noteStripeEvent(eventType: string): void {
    if (eventType === EARLY_FRAUD_WARNING) this.apply({ type: 'reported_as_fraud' }, null);
  }

  abandon(operation: StripeOperation, cause: CommandEnvelope): void {
    const event = eventOfAbandoned(this.order, operation);
    if (event) this.apply(event, cause);
    if (operation.operation === 'adopt') {
      this.giveUp(problem('state_conflict', 'The adoption was given up.'), cause);
    }
  }

  override whyNeedless = (operation: StripeOperation): Problem | null => whyNeedless(this.order, operation);

  /** What this order continues with when it is reopened. */
  get memory(): OrderMemory {
    const { timeline, commands } = this.carry();
    const { recoveries, notices, failedCharges, captureWindow, reportedAsFraud } = this.order;
    // A renewal under an earlier renewal's key would get that one's answer.
    const renewals = { ...UNTOUCHED_WINDOW, cycle: captureWindow.cycle };
    const kept = {
      recoveries,
      notices,
      failedCharges,
      captureWindow: renewals,
      ...(reportedAsFraud ? { reportedAsFraud } : {}),
    };
    // Of one that was terminated others may wait, for what the new run knows nothing of: they are asked for anew.
    const settled = commands.filter(isConcluded);
    return carry('order_memory', { timeline, commands: settled, published: this.published, kept });
  }

  snapshot(): Versioned<OrderSnapshot> {
    return carry('order', {
      ...this.carry(),
      order: this.order,
      lastActivityAt: this.#lastActivityAt,
      statusSince: this.#statusSince,
      lastReadAt: this.#lastReadAt,
      captureIsOurs: this.#captureIsOurs,
    });
  }

  protected transition(order: Order, event: OrderEvent): Order {
    return withNotices(transition(order, event), workflowNow());
  }

  protected standingOf(order: Order) {
    return { status: orderStatus(order) };
  }

  protected override noticesOf({ notices }: Order): readonly Notice[] {
    return notices;
  }

  protected override onNotice({ code }: Notice): void {
    noticesMetric().add(1, { code });
  }

  protected override onStatus(): void {
    this.#lastActivityAt = workflowNow();
    this.#statusSince = this.#lastActivityAt;
  }

  protected eventOf(operation: StripeOperation, outcome: OperationOutcome): OrderEvent | null {
    return eventOf(this.order, operation, outcome);
  }

  protected isBegunBy({ operation }: StripeOperation): boolean {
    return operation === 'authorize' || operation === 'adopt';
  }

  protected override endBy(
    command: CommandEnvelope,
    operation: StripeOperation,
    outcome: OperationOutcome,
  ): void {
    if (operation.operation === 'capture' && operation.final && outcome.type === 'payment') {
      this.#captureIsOurs = true;
    }
    if (outcome.type !== 'declined') {
      super.endBy(command, operation, outcome);
      return;
    }
    const why = problemOfDecline(outcome.decline);
    this.endCommand(command, 'declined', why);
    // With a PaymentIntent left behind the customer may try another card; without one there is nothing to confirm.
    if (this.order.payment.status === 'pending') this.giveUp(why, command);
  }
}

/** Another payment was not the one that was reported. */
function keptIn({ adopt }: OrderInput): Partial<Order> {
  const { reportedAsFraud, ...kept } = adopt?.memory?.kept ?? {};
  return reportedAsFraud && !adopt?.isAnother ? { ...kept, reportedAsFraud } : kept;
}

/**
 * A reopened order continues its event numbers. If the last one is forgotten, it starts from the current time in
 * seconds, which is above any order's count.
 */
function firstPublished({ adopt, announced }: OrderInput, startedAt: number): Published<OrderStanding> {
  const wanted = announced ?? false;
  if (adopt?.memory) return { ...adopt.memory.published, wanted };
  return nothingPublished(orderEvents(false), wanted, adopt ? Math.floor(startedAt / SECOND_MS) : 0);
}
