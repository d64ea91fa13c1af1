import { metricMeter, workflowInfo } from '@temporalio/workflow';
import type { OperationOutcome, StripeOperation } from '../../contract/operations.ts';
import type { OrderAnswer, OrderInput, OrderMemory } from '../../contract/orders.ts';
import type { Attention } from '../../domain/attention/attention.ts';
import type { CommandBody, CommandEnvelope, CommandResult } from '../../domain/commands/commands.ts';
import type { PendingOperation } from '../../domain/commands/pending.ts';
import type { Problem } from '../../domain/errors.ts';
import { problem } from '../../domain/errors.ts';
import { IllegalTransition } from '../../domain/illegal-transition.ts';
import type { AccountNotice } from '../../domain/orders/account-notice.ts';
import { UNTOUCHED_WINDOW } from '../../domain/orders/capture-window-state.ts';
import { isSettled, newNotices, openNotices, withNotices } from '../../domain/orders/notices.ts';
import type { Order } from '../../domain/orders/order.ts';
import { isClosed, newOrder, orderStatus } from '../../domain/orders/order.ts';
import type { OrderEvent } from '../../domain/orders/transition.ts';
import { transition } from '../../domain/orders/transition.ts';
import type { Published } from '../../domain/outgoing-events/outgoing-event.ts';
import type { Begun, CommandSnapshot } from '../entity/command-record.ts';
import { CommandRecord, isEnded } from '../entity/command-record.ts';
import type { Versioned } from '../shared/snapshots.ts';
import { carry } from '../shared/snapshots.ts';
import { workflowNow } from '../shared/time.ts';
import { firstPublished } from './first-published.ts';
import { eventOf, eventOfAbandoned, problemOfDecline, summaryOf } from './order-outcomes.ts';

/** For alarms: what has begun to ask for somebody, by code. Not counted again in a replay. */
const noticesMetric = () =>
  metricMeter.createCounter('waybill_order_notices', 'notices', 'What asks for a person');

/** All that an order is, as plain data: what continue-as-new carries over. Times in milliseconds since the epoch. */
export interface OrderSnapshot extends CommandSnapshot {
  readonly order: Order;
  readonly lastActivityAt: number;
  readonly statusSince: number;
  readonly lastReadAt: number;
  readonly captureIsOurs: boolean;
  readonly announced: Published;
}

/** The order with its memory: every change goes through here, so that nothing changes without a line in the timeline. */
export class OrderRecord extends CommandRecord<OrderAnswer> {
  readonly input: OrderInput;
  #order: Order;
  #closed = false;
  #lastActivityAt: number;
  #statusSince: number;
  #lastReadAt: number;
  #captureIsOurs: boolean;
  /** What has been published to subscribers. */
  announced: Published;
  /** Events are being handed over, beside whatever else the order does. */
  isHandingOver = false;

  constructor(input: OrderInput, carried: OrderSnapshot | undefined) {
    super(carried ?? input.adopt?.memory ?? undefined);
    const now = workflowNow();
    this.input = input;
    // The start's own time: what visibility filters by is what callers see as `created`.
    const createdAt = workflowInfo().startTime.getTime();
    const unborn = { ...newOrder(input.terms, createdAt, input.livemode), ...input.adopt?.memory?.kept };
    this.#order = carried?.order ?? unborn;
    this.#lastActivityAt = carried?.lastActivityAt ?? now;
    this.#statusSince = carried?.statusSince ?? now;
    this.#lastReadAt = carried?.lastReadAt ?? now;
    this.#captureIsOurs = carried?.captureIsOurs ?? false;
    this.announced = carried?.announced ?? firstPublished(input, createdAt);
  }

  get order(): Order {
    return this.#order;
  }

  get attention(): Attention | null {
    return this.#order.attention;
  }

  /** Adopted and not read yet, so it is unknown which commands its payment allows. */
  get isUnread(): boolean {
    const { payment, attention } = this.#order;
    return this.input.adopt !== undefined && payment.status === 'pending' && attention === null;
  }

  /** When money or a command last moved. */
  get lastActivityAt(): number {
    return this.#lastActivityAt;
  }

  /** When its status last changed. */
  get statusSince(): number {
    return this.#statusSince;
  }

  /**
   * Whether a command that would come too late may be the very one that did it: its first attempt is a local activity,
   * that no history shows once a worker was killed with it, and the capture has then been seen at Stripe alone.
   */
  mayHaveDone({ kind }: CommandBody): boolean {
    const { payment, terms } = this.#order;
    return (
      kind === 'capture' &&
      payment.status === 'captured' &&
      terms.captureMethod === 'manual' &&
      !this.#captureIsOurs
    );
  }

  /** When the payment was last read, or tried to be. */
  get lastReadAt(): number {
    return this.#lastReadAt;
  }

  countReading(): void {
    this.#lastReadAt = workflowNow();
  }

  /**
   * Whether this order's life is over: nothing more can happen to its money, or it has been open long enough, and
   * nothing waits for an operator.
   */
  get isClosed(): boolean {
    if (this.blocked !== null || this.announced.unpublished) return false;
    if (this.refusal) return true;
    const { captureWindow, notices } = this.#order;
    const isAtRest = captureWindow.superseded === null && openNotices(notices).length === 0;
    return isAtRest && ((this.#closed && isSettled(this.#order)) || isClosed(this.#order));
  }

  close(): void {
    this.#closed = true;
  }

  /** Applies an event; throws what `transition` throws, and then nothing has changed. */
  apply(event: OrderEvent, cause: CommandEnvelope | null): void {
    const before = orderStatus(this.#order);
    const known = this.#order.notices;
    this.#order = withNotices(transition(this.#order, event), workflowNow());
    for (const { code, message, subject } of newNotices(known, this.#order.notices)) {
      this.note({ type: 'attention', name: code, cause, detail: message, stripeId: subject });
      noticesMetric().add(1, { code });
    }
    const after = orderStatus(this.#order);
    if (before === after) return;
    this.#touch();
    this.#statusSince = this.#lastActivityAt;
    this.note({ type: 'state', name: after, cause });
  }

  /** Its account can take the money again, or no longer. */
  noteAccount(notice: AccountNotice): void {
    const before = this.#order.accountRestriction;
    this.apply({ type: 'account_noticed', notice, at: workflowNow() }, null);
    const after = this.#order.accountRestriction;
    if ((before === null) === (after === null)) return;
    const name = after ? 'account_restricted' : 'account_restored';
    this.note({ type: 'event', name, cause: null, detail: notice.detail });
  }

  /** Records what Stripe shows; an answer that contradicts what is known changes nothing but the timeline. */
  observe(event: OrderEvent): void {
    try {
      this.apply(event, null);
    } catch (error) {
      if (!(error instanceof IllegalTransition)) throw error;
      this.note({ type: 'event', name: 'contradiction', cause: null, detail: error.message });
    }
  }

  override begin(kind: Begun, command: CommandEnvelope & { readonly reason?: string | null }): void {
    super.begin(kind, command);
    this.#touch();
  }

  showAttention(attention: Attention | null, cause: CommandEnvelope | null): void {
    this.apply(attention ? { type: 'attention_raised', attention } : { type: 'attention_cleared' }, cause);
  }

  showPending(pending: PendingOperation | null): void {
    this.#order = { ...this.#order, pending };
  }

  abandon(operation: StripeOperation, cause: CommandEnvelope): void {
    const event = eventOfAbandoned(this.#order, operation);
    if (event) this.apply(event, cause);
    if (operation.operation === 'adopt') {
      this.#refuse(problem('state_conflict', 'The adoption was given up.'), cause);
    }
  }

  absorb(command: CommandEnvelope, operation: StripeOperation, outcome: OperationOutcome): void {
    const name = operation.operation;
    this.note({ type: 'stripe_call', name, cause: command, ...summaryOf(outcome) });
    const event = eventOf(this.#order, operation, outcome);
    if (event) this.apply(event, command);
    if (operation.operation === 'capture' && operation.final && outcome.type === 'payment') {
      this.#captureIsOurs = true;
    }
    switch (outcome.type) {
      case 'declined':
        this.#declined(command, problemOfDecline(outcome.decline));
        break;
      case 'refused':
        this.settle(command, 'refused', outcome.problem);
        if (CREATING.has(name)) this.#refuse(outcome.problem, command);
        break;
      default:
        this.settle(command, 'done');
    }
  }

  protected answerWith(result: CommandResult): OrderAnswer {
    return { result, order: this.#order };
  }

  /** What this order continues with when it is reopened. */
  get memory(): OrderMemory {
    const { timeline, commands } = this.carry();
    const { recoveries, notices, failedCharges, captureWindow } = this.#order;
    // A renewal under the key of an earlier one would get that one's answer.
    const renewals = { ...UNTOUCHED_WINDOW, cycle: captureWindow.cycle };
    const kept = { recoveries, notices, failedCharges, captureWindow: renewals };
    const ended = commands.filter(isEnded);
    return carry('order_memory', { timeline, commands: ended, announced: this.announced, kept });
  }

  snapshot(): Versioned<OrderSnapshot> {
    return carry('order', {
      ...this.carry(),
      order: this.#order,
      lastActivityAt: this.#lastActivityAt,
      statusSince: this.#statusSince,
      lastReadAt: this.#lastReadAt,
      captureIsOurs: this.#captureIsOurs,
      announced: this.announced,
    });
  }

  /** With a PaymentIntent left behind the customer may try another card; without one there is nothing to confirm. */
  #declined(command: CommandEnvelope, why: Problem): void {
    this.settle(command, 'declined', why);
    if (this.#order.payment.status === 'pending') this.#refuse(why, command);
  }

  #refuse(why: Problem, cause: CommandEnvelope): void {
    this.refuseAll(why);
    this.apply({ type: 'given_up' }, cause);
  }

  #touch(): void {
    this.#lastActivityAt = workflowNow();
  }
}

/** Refused, they leave no order. */
const CREATING: ReadonlySet<StripeOperation['operation']> = new Set(['authorize', 'adopt']);
