import type { Client } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import { timelineQuery } from '../../contract/commands.ts';
import { orderBeginning } from '../../contract/order-start.ts';
import type { CommandMessage, OrderAnswer, OrderInput } from '../../contract/orders.ts';
import { adoptUpdate, authorizeUpdate, orderQuery } from '../../contract/orders.ts';
import type { CommandBody, CommandEnvelope } from '../../domain/commands/commands.ts';
import type { Timeline } from '../../domain/commands/timeline.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import type { Order } from '../../domain/orders/order.ts';
import { newOrder } from '../../domain/orders/order.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import type { ApiDeps } from '../http/deps.ts';
import type { Beginning } from './begin.ts';
import type { Commanded, Outcome } from './commanded.ts';
import { CommandedWorkflow } from './commanded.ts';
import type { EndedOrders } from './ended-orders.ts';
import { wasNeverMade } from './ended-orders.ts';
import type { Events } from './events.ts';

type OrderCommand<Kind extends CommandBody['kind']> = Extract<CommandBody, { kind: Kind }>;

const ORDER: Commanded<Order, OrderAnswer> = {
  noun: 'order',
  stateQuery: orderQuery,
  workflowId: orderWorkflowId,
  stateOf: ({ order }) => order,
};

/** Orders, as their workflows know them; those whose workflow is gone, as Stripe does. */
export class Orders {
  readonly #temporal: Client;
  readonly #taskQueue: string;
  readonly #ended: EndedOrders;
  readonly #events: Pick<Events, 'areWanted'>;

  constructor(
    { temporal, taskQueue }: Pick<ApiDeps, 'temporal' | 'taskQueue'>,
    ended: EndedOrders,
    events: Pick<Events, 'areWanted'>,
  ) {
    this.#temporal = temporal;
    this.#taskQueue = taskQueue;
    this.#ended = ended;
    this.#events = events;
  }

  async create(asked: OrderInput, waitMs: number): Promise<Outcome<Order>> {
    const input = (await this.#events.areWanted()) ? { ...asked, announced: true as const } : asked;
    return this.#begin(input, { update: authorizeUpdate }, waitMs);
  }

  /** Takes a payment over; an order of this id whose workflow has ended goes on with it. */
  async adopt(
    orderId: string,
    paymentIntent: string,
    envelope: CommandEnvelope,
    waitMs: number,
  ): Promise<Outcome<Order>> {
    const input = await this.#ended.inputOfAdoption(orderId, paymentIntent, envelope);
    return this.#begin(input, { update: adoptUpdate, reopens: true }, waitMs);
  }

  command<Kind extends CommandBody['kind']>(
    orderId: string,
    update: UpdateDefinition<OrderAnswer, [CommandMessage<Kind>]>,
    envelope: CommandEnvelope,
    command: OrderCommand<Kind>,
    waitMs: number,
  ): Promise<Outcome<Order>> {
    const { kind: _, ...body } = command;
    const message: CommandMessage<Kind> = { ...envelope, ...body };
    const ended = (closed: Order | null) =>
      this.#ended.command({ orderId, closed, update, message, command: { ...envelope, ...command } }, waitMs);
    return this.#order(orderId).command(update, message, ended, waitMs);
  }

  /** `spend`: before Stripe is searched; throws where the reader has done so too often. */
  async read(orderId: string, spend: () => void = () => {}): Promise<Order> {
    const order = await this.#order(orderId).readIfThere();
    if (order && !wasNeverMade(order)) return order;
    const recalled = (await this.#ended.readFromStripeForReader(orderId, spend)) ?? order;
    if (recalled) return recalled;
    throw new ProblemError(this.#order(orderId).absent);
  }

  /** Whether Temporal knows such an order; one whose creation Stripe refused counts as none. */
  async exists(orderId: string): Promise<boolean> {
    const order = await this.#order(orderId).readIfThere();
    return order !== null && !wasNeverMade(order);
  }

  timeline(orderId: string): Promise<Timeline> {
    return this.#order(orderId).query((handle) => handle.query(timelineQuery));
  }

  #begin(
    input: OrderInput,
    how: Pick<Beginning<OrderAnswer, OrderInput>, 'update' | 'reopens'>,
    waitMs: number,
  ): Promise<Outcome<Order>> {
    const { terms, livemode, authorize } = input;
    const beginning = { ...orderBeginning(input, this.#taskQueue), ...how, envelope: authorize };
    return this.#order(terms.id).begin(beginning, (at) => newOrder(terms, at, livemode), waitMs);
  }

  #order(orderId: string) {
    return new CommandedWorkflow(this.#temporal, ORDER, orderId);
  }
}
