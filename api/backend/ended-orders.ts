import type { WorkflowHandle } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import { orderBeginning } from '../../contract/order-start.ts';
import type {
  Adoption,
  CommandMessage,
  OrderAnswer,
  OrderInput,
  OrderMemory,
} from '../../contract/orders.ts';
import { memoryQuery, orderQuery } from '../../contract/orders.ts';
import type { Command, CommandBody, CommandEnvelope } from '../../domain/commands/commands.ts';
import type { Problem } from '../../domain/errors.ts';
import { problem } from '../../domain/errors.ts';
import { adoptionIdOf, orderWorkflowId } from '../../domain/ids.ts';
import { effectOf } from '../../domain/orders/effects.ts';
import type { Order } from '../../domain/orders/order.ts';
import { orderStatus, paymentIntentOf } from '../../domain/orders/order.ts';
import { refusalOf } from '../../domain/orders/refusals.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { TtlCache } from '../../domain/ttl-cache.ts';
import type { AccountDirectory } from '../../stripe/account-directory.ts';
import { decidedAtStripe, refusalOfAdoption, termsOf } from '../../stripe/adoption.ts';
import { classify } from '../../stripe/errors.ts';
import { STRIPE_READ } from '../../stripe/read-options.ts';
import { readOrderFromStripe } from '../../stripe/read-order.ts';
import { ask } from '../../temporal/ask.ts';
import { faultOf } from '../../temporal/faults.ts';
import type { ApiDeps } from '../http/deps.ts';
import type { Outcome } from './commanded.ts';
import type { Events } from './events.ts';
import { reopen } from './reopen.ts';
import type { MerchantSource } from './with-merchant.ts';
import { withMerchant } from './with-merchant.ts';

/** A command for an order that accepts no more commands. */
interface LateCommand<Kind extends CommandBody['kind']> {
  readonly orderId: string;
  /** What its workflow still answers; null: Temporal has forgotten it. */
  readonly closed: Order | null;
  readonly update: UpdateDefinition<OrderAnswer, [CommandMessage<Kind>]>;
  readonly message: CommandMessage<Kind>;
  readonly command: Command;
}

type Deps = Pick<ApiDeps, 'temporal' | 'taskQueue' | 'stripe' | 'policy' | 'livemode' | 'logger'>;

/** Longer than an impatient caller waits between two tries, shorter than a person does. */
const UNKNOWN_IDS = { ttlMs: 15_000, max: 10_000 };

/** What may move money of an order that was closed. */
const TAKES_UP: ReadonlySet<Command['kind']> = new Set(['refund', 'transfer', 'reverse_transfer']);

/**
 * Orders whose workflow has ended or is gone. What they are is read from Stripe; a refund or a transfer takes them up
 * again, in a new run that is built from Stripe's truth.
 */
export class EndedOrders {
  readonly #deps: Deps;
  readonly #events: Pick<Events, 'areWanted'>;
  readonly #merchants: MerchantSource;
  /** Ids that Stripe did not know a moment ago, so that whoever asks again and again does not make Stripe search each time. */
  readonly #unknown = new TtlCache<true>(UNKNOWN_IDS, Date.now);

  constructor(deps: Deps, events: Pick<Events, 'areWanted'>, directory: AccountDirectory) {
    this.#deps = deps;
    this.#events = events;
    this.#merchants = { directory, logger: deps.logger };
  }

  /** The order as Stripe knows it; null: Stripe knows none. */
  async readFromStripe(orderId: string): Promise<Order | null> {
    const { stripe, policy } = this.#deps;
    const order = await readOrderFromStripe({ stripe, now: Date.now }, orderId, policy.onDisputeLost);
    return order && { ...order, terms: await withMerchant(this.#merchants, order.terms) };
  }

  /** The same for readers, who may ask often. `spend`: takes a search out of the reader's budget, or throws. */
  async readFromStripeForReader(orderId: string, spend: () => void): Promise<Order | null> {
    if (this.#unknown.get(orderId)) return null;
    spend();
    const order = await this.readFromStripe(orderId);
    if (!order) this.#unknown.set(orderId, true);
    return order;
  }

  async command<Kind extends CommandBody['kind']>(
    late: LateCommand<Kind>,
    waitMs: number,
  ): Promise<Outcome<Order>> {
    const { orderId, closed, command } = late;
    const order = closed && !wasNeverMade(closed) ? closed : ((await this.readFromStripe(orderId)) ?? closed);
    if (!order)
      throw new ProblemError(problem('not_found', `There is no order ${orderId}.`, { param: 'id' }));
    const before = effectOf(order, command);
    if (before) return { type: 'ended', state: order, result: resultOf(command, before.problem) };
    const refusal =
      refusalOf(order, command, Date.now()) ?? (TAKES_UP.has(command.kind) ? null : refusalOfClosed(order));
    if (refusal) throw new ProblemError(refusal);
    return this.#reopen(order, late, waitMs);
  }

  /** What an order is started with that takes over this payment. Throws why it cannot. */
  async inputOfAdoption(orderId: string, id: string, adopt: CommandEnvelope): Promise<OrderInput> {
    const { stripe, livemode, policy } = this.#deps;
    const intent = await stripe.paymentIntents.retrieve(id, {}, STRIPE_READ).catch((error) => {
      throw classify(error).failure.code === 'resource_missing' ? new ProblemError(noPayment(id)) : error;
    });
    const refusal = refusalOfAdoption(intent, orderId, livemode);
    if (refusal) throw new ProblemError(refusal);
    const [closed, memory] = await Promise.all([
      this.#askClosed(orderId, (handle) => handle.query(orderQuery)),
      this.#memoryOf(orderId),
    ]);
    const known = closed ?? (await this.readFromStripe(orderId));
    const isItsOwn = known !== null && paymentIntentOf(known) === id;
    if (known && !isItsOwn && hasMoney(known)) throw new ProblemError(hasAnother(known));
    const atStripe = termsOf(intent, orderId);
    const agreed = closed && isItsOwn ? closed.terms : { ...atStripe, onDisputeLost: policy.onDisputeLost };
    return this.#withEvents({
      terms: await withMerchant(this.#merchants, { ...agreed, ...decidedAtStripe(atStripe) }),
      livemode,
      policy,
      authorize: adopt,
      adopt: adoptionOf(id, memory, closed),
    });
  }

  async #reopen<Kind extends CommandBody['kind']>(
    order: Order,
    { orderId, closed, update, message, command }: LateCommand<Kind>,
    waitMs: number,
  ): Promise<Outcome<Order>> {
    const { temporal, taskQueue, policy } = this.#deps;
    const { requestHash, requestId, actor } = command;
    const envelope = { commandId: adoptionIdOf(command.commandId), requestHash, requestId, actor };
    const adopt = adoptionOf(paymentIntentOf(order) ?? '', await this.#memoryOf(orderId), closed);
    const { terms, livemode } = order;
    const input = await this.#withEvents({ terms, livemode, policy, authorize: envelope, adopt });
    const beginning = {
      ...orderBeginning(input, taskQueue),
      workflowId: orderWorkflowId(orderId),
      envelope,
    };
    const answer = await reopen(temporal, beginning, { update, message }, waitMs);
    return answer
      ? { type: 'ended', result: answer.result, state: answer.order }
      : { type: 'running', state: order };
  }

  async #withEvents(input: OrderInput): Promise<OrderInput> {
    return (await this.#events.areWanted()) ? { ...input, announced: true } : input;
  }

  /** Null: the workflow is gone, and what it knew besides Stripe with it. */
  #memoryOf(orderId: string): Promise<OrderMemory | null> {
    return this.#askClosed(orderId, (handle) => handle.query(memoryQuery));
  }

  async #askClosed<T>(orderId: string, question: (handle: WorkflowHandle) => Promise<T>): Promise<T | null> {
    const { temporal } = this.#deps;
    const handle = temporal.workflow.getHandle(orderWorkflowId(orderId));
    try {
      return await ask(temporal, () => question(handle));
    } catch (error) {
      if (faultOf(error)?.type === 'not_found') return null;
      throw error;
    }
  }
}

/** `closed`: the order whose memory it is. */
function adoptionOf(paymentIntent: string, memory: OrderMemory | null, closed: Order | null): Adoption {
  const isAnother = memory !== null && (closed === null || paymentIntentOf(closed) !== paymentIntent);
  return { paymentIntent, memory, ...(isAnother ? { isAnother } : {}) };
}

function resultOf({ commandId, requestHash }: Command, why: Problem | null) {
  // Another request brought the command first; its id is unknown by now.
  const requestId = 'forgotten';
  return { commandId, requestHash, requestId, outcome: why ? 'refused' : 'done', problem: why } as const;
}

/** Stripe refused its creation or its adoption: what its workflow knows is nothing. */
export function wasNeverMade({ payment }: Order): boolean {
  return payment.status === 'canceled' && payment.paymentIntent === null;
}

/** Whether a payment is known that holds or has moved money, or may still do. */
function hasMoney(order: Order): boolean {
  const { status } = order.payment;
  return paymentIntentOf(order) !== null && status !== 'canceled' && status !== 'expired';
}

function hasAnother(order: Order): Problem {
  const why = `Order ${order.terms.id} has a payment already: ${paymentIntentOf(order)}.`;
  return problem('state_conflict', why, { param: 'payment_intent' });
}

function refusalOfClosed(order: Order): Problem {
  const why = `This order is ${orderStatus(order)} and closed: its time for this command is over.`;
  return problem('state_conflict', why);
}

function noPayment(id: string): Problem {
  return problem('not_found', `This platform has no PaymentIntent ${id} in this mode.`, {
    param: 'payment_intent',
  });
}
