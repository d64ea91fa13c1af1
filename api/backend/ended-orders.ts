import type { WorkflowHandle } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import type { BriefAnswer, CommandAnswer } from '../../contract/command-messages.ts';
import { wholeAnswer } from '../../contract/command-messages.ts';
import { orderBeginning } from '../../contract/order-start.ts';
import type { Adoption, OrderInput, OrderMemory } from '../../contract/orders.ts';
import { memoryQuery, orderQuery } from '../../contract/orders.ts';
import { USUAL_ORDER } from '../../contract/usual-order.ts';
import type { CommandEnvelope, CommandResult } from '../../domain/commands/command.ts';
import type { CommandMessage } from '../../domain/commands/define-command.ts';
import { REQUEST_HASH } from '../../domain/commands/operation-stamp.ts';
import type { Problem } from '../../domain/errors.ts';
import { KEY_REUSED, problem } from '../../domain/errors.ts';
import { adoptionIdOf, orderWorkflowId } from '../../domain/ids.ts';
import { effectOf } from '../../domain/orders/effects.ts';
import type { Order } from '../../domain/orders/order.ts';
import { orderStatus, paymentIntentOf, wasNeverMade } from '../../domain/orders/order.ts';
import type { OrderCommand, OrderCommandBody } from '../../domain/orders/order-command-table.ts';
import { ORDER_COMMANDS } from '../../domain/orders/order-command-table.ts';
import { refusalOf } from '../../domain/orders/refusals.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { TtlCache } from '../../domain/ttl-cache.ts';
import type { AccountDirectory } from '../../stripe/account-directory.ts';
import { decidedAtStripe, refusalOfAdoption } from '../../stripe/adoption.ts';
import { agreedTermsOf } from '../../stripe/agreed-terms.ts';
import { classify } from '../../stripe/errors.ts';
import { paymentsOfOrder, requestedPayment } from '../../stripe/order-payments.ts';
import { STRIPE_READ } from '../../stripe/read-options.ts';
import { readOrderFromStripe } from '../../stripe/read-order.ts';
import { ask } from '../../temporal/ask.ts';
import { faultOf } from '../../temporal/faults.ts';
import type { ApiDeps } from '../http/deps.ts';
import { running } from './commanded.ts';
import type { Events } from './events.ts';
import { reopen } from './reopen.ts';
import type { MerchantSource } from './with-merchant.ts';
import { withMerchant } from './with-merchant.ts';

/** A command for an order that accepts no more commands. */
interface LateCommand {
  readonly orderId: string;
  /** What its workflow still answers, which another command may have begun to reopen; null: Temporal has forgotten it. */
  readonly closed: Order | null;
  readonly update: UpdateDefinition<BriefAnswer<Order>, [CommandMessage]>;
  readonly message: CommandMessage;
  readonly command: OrderCommand;
}

type Deps = Pick<ApiDeps, 'temporal' | 'taskQueue' | 'stripe' | 'policy' | 'livemode' | 'logger'>;

/** Longer than an impatient caller waits between two tries, shorter than a person does. */
const UNKNOWN_IDS = { ttlMs: 15_000, max: 10_000 };

/**
 * Orders whose workflow has ended or is gone. What they are is read from Stripe; a command that reopens (`reopens` in
 * the order's command table) takes them up again, in a new run that is built from Stripe's truth.
 */
export class EndedOrders {
  readonly #deps: Deps;
  readonly #events: Pick<Events, 'announcing'>;
  readonly #merchants: MerchantSource;
  /** Ids that Stripe did not know a moment ago, so that whoever asks again and again does not make Stripe search each time. */
  readonly #unknown = new TtlCache<true>(UNKNOWN_IDS, Date.now);

  constructor(deps: Deps, events: Pick<Events, 'announcing'>, directory: AccountDirectory) {
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

  async command(late: LateCommand, waitMs: number): Promise<CommandAnswer<Order>> {
    const { orderId, closed, command } = late;
    const order = (await this.#known(orderId, closed)) ?? closed;
    if (!order)
      throw new ProblemError(problem('not_found', `There is no order ${orderId}.`, { param: 'id' }));
    const before = effectOf(order, command);
    if (before) return { result: resultOf(command, before.problem), state: order };
    const refusal = refusalOfLate(order, command);
    if (refusal) throw new ProblemError(refusal);
    return this.#reopen(order, late, waitMs);
  }

  /** How the request ended that made this order, for a repeat of it, as Stripe knows it; null: another one made it. */
  async resultOfCreation(orderId: string, creation: CommandEnvelope): Promise<CommandResult | null> {
    const { metadata } = requestedPayment(await paymentsOfOrder(this.#deps.stripe, orderId)) ?? {};
    if (metadata?.waybill_operation !== creation.commandId) return null;
    return resultOf(creation, metadata[REQUEST_HASH] === creation.requestHash ? null : KEY_REUSED);
  }

  /** What an order is started with that takes over this payment. Throws why it cannot. */
  async inputOfAdoption(orderId: string, id: string, adopt: CommandEnvelope): Promise<OrderInput> {
    const { stripe, livemode, policy } = this.#deps;
    const expand = ['latest_charge'];
    const intent = await stripe.paymentIntents.retrieve(id, { expand }, STRIPE_READ).catch((error) => {
      throw classify(error).failure.code === 'resource_missing' ? new ProblemError(noPayment(id)) : error;
    });
    const refusal = refusalOfAdoption(intent, orderId, livemode);
    if (refusal) throw new ProblemError(refusal);
    const [closed, memory] = await Promise.all([
      this.#askClosed(orderId, (handle) => handle.query(orderQuery)),
      this.#memoryOf(orderId),
    ]);
    const known = await this.#known(orderId, closed);
    const isItsOwn = known !== null && paymentIntentOf(known) === id;
    if (known && !isItsOwn && hasMoney(known)) throw new ProblemError(hasAnother(known));
    const atStripe = await agreedTermsOf(stripe, intent, orderId);
    const agreed =
      isItsOwn && known === closed ? known.terms : { ...atStripe, onDisputeLost: policy.onDisputeLost };
    return this.#events.announcing({
      terms: await withMerchant(this.#merchants, { ...agreed, ...decidedAtStripe(atStripe) }),
      livemode,
      policy,
      authorize: adopt,
      adopt: adoptionOf(id, memory, closed),
    });
  }

  async #reopen(
    order: Order,
    { orderId, closed, update, message, command }: LateCommand,
    waitMs: number,
  ): Promise<CommandAnswer<Order>> {
    const { temporal, taskQueue, policy } = this.#deps;
    const { requestHash, requestId, actor } = command;
    const envelope = { commandId: adoptionIdOf(command.commandId), requestHash, requestId, actor };
    const remembered = closed && isUnknown(closed) ? order : closed;
    const adopt = adoptionOf(paymentIntentOf(order) ?? '', await this.#memoryOf(orderId), remembered);
    const { terms, livemode } = order;
    const input = await this.#events.announcing({ terms, livemode, policy, authorize: envelope, adopt });
    const beginning = {
      ...orderBeginning(input, taskQueue),
      workflowId: orderWorkflowId(orderId),
      envelope,
    };
    const answer = await reopen(
      temporal,
      beginning,
      { update, message, commandId: command.commandId },
      waitMs,
    );
    return answer
      ? wholeAnswer(answer, command.commandId, USUAL_ORDER)
      : { result: running(command), state: order };
  }

  /** What its workflow still answers, or, where that is nothing, the order as Stripe knows it; null: neither knows one. */
  async #known(orderId: string, closed: Order | null): Promise<Order | null> {
    return closed && !wasNeverMade(closed) && !isUnknown(closed) ? closed : this.readFromStripe(orderId);
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

/** Its workflow knows no payment of it yet: one that is being reopened reads it first, and may have to try again. */
function isUnknown({ payment }: Order): boolean {
  return payment.status === 'pending';
}

/** `closed`: the order whose memory it is. */
function adoptionOf(paymentIntent: string, memory: OrderMemory | null, closed: Order | null): Adoption {
  const isAnother = memory !== null && (closed === null || paymentIntentOf(closed) !== paymentIntent);
  return { paymentIntent, memory, ...(isAnother ? { isAnother } : {}) };
}

function resultOf({ commandId, requestHash }: CommandEnvelope, why: Problem | null) {
  // Another request brought the command first; its id is unknown by now.
  const requestId = 'forgotten';
  return { commandId, requestHash, requestId, outcome: why ? 'refused' : 'done', problem: why } as const;
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

/** Why an order that accepts no more commands is not reopened for this one; null: it is. */
export function refusalOfLate(order: Order, command: OrderCommandBody): Problem | null {
  // Nothing is on its way at one that somebody terminated.
  const atRest = { ...order, pending: null, attention: null, approvals: [] };
  const refusal = refusalOf(atRest, command, Date.now());
  return refusal ?? (ORDER_COMMANDS[command.kind].reopens ? null : refusalOfEnded(order));
}

function refusalOfEnded(order: Order): Problem {
  const why = `This order is ${orderStatus(order)} and closed: its time for this command is over.`;
  return problem('state_conflict', why);
}

function noPayment(id: string): Problem {
  return problem('not_found', `This platform has no PaymentIntent ${id} in this mode.`, {
    param: 'payment_intent',
  });
}
