import type { Client } from '@temporalio/client';
import type { CommandAnswer } from '../../contract/command-messages.ts';
import { timelineQuery, updateOf } from '../../contract/command-messages.ts';
import { orderBeginning } from '../../contract/order-start.ts';
import type { OrderInput } from '../../contract/orders.ts';
import { adoptUpdate, authorizeUpdate, orderQuery } from '../../contract/orders.ts';
import { USUAL_ORDER } from '../../contract/usual-order.ts';
import type { CommandEnvelope } from '../../domain/commands/command.ts';
import type { CommandMessage } from '../../domain/commands/define-command.ts';
import type { Timeline } from '../../domain/commands/timeline.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import type { Order } from '../../domain/orders/order.ts';
import { isUnread, newOrder, wasNeverMade } from '../../domain/orders/order.ts';
import type { OrderCommand, OrderCommandBody } from '../../domain/orders/order-command-table.ts';
import { ORDER_COMMANDS } from '../../domain/orders/order-command-table.ts';
import { refusalOf } from '../../domain/orders/refusals.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import type { ApiDeps } from '../http/deps.ts';
import type { Beginning } from './begin.ts';
import type { Commanded } from './commanded.ts';
import { CommandedWorkflow } from './commanded.ts';
import type { EndedOrders } from './ended-orders.ts';
import { refusalOfLate } from './ended-orders.ts';
import type { Events } from './events.ts';
import { refusalIn } from './refusal-in.ts';

const ORDER: Commanded<Order> = {
  noun: 'order',
  stateQuery: orderQuery,
  workflowId: orderWorkflowId,
  usual: USUAL_ORDER,
  beginsWith: 'authorize' satisfies keyof OrderInput,
};

/** Orders, as their workflows know them; those whose workflow is gone, as Stripe does. */
export class Orders {
  readonly #temporal: Client;
  readonly #taskQueue: string;
  readonly #ended: EndedOrders;
  readonly #events: Pick<Events, 'announcing'>;

  constructor(
    { temporal, taskQueue }: Pick<ApiDeps, 'temporal' | 'taskQueue'>,
    ended: EndedOrders,
    events: Pick<Events, 'announcing'>,
  ) {
    this.#temporal = temporal;
    this.#taskQueue = taskQueue;
    this.#ended = ended;
    this.#events = events;
  }

  async create(asked: OrderInput, waitMs: number): Promise<CommandAnswer<Order>> {
    const input = await this.#events.announcing(asked);
    try {
      return await this.#begin(input, { update: authorizeUpdate }, waitMs);
    } catch (error) {
      const answer = refusalIn(error)?.code === 'order_exists' ? await this.#repeated(input) : null;
      if (answer === null) throw error;
      return answer;
    }
  }

  /** An order that an event has rebuilt from Stripe does not remember the request that made it; its payment does. Null: it was another. */
  async #repeated({ terms, authorize }: OrderInput): Promise<CommandAnswer<Order> | null> {
    const known = await this.#order(terms.id).readIfSoon();
    const result = known && (await this.#ended.resultOfCreation(terms.id, authorize));
    if (!result) return null;
    const state = isUnread(known) ? await this.#ended.readFromStripe(terms.id) : known;
    return { result, state: state ?? known };
  }

  /** Takes a payment over; an order of this id whose workflow has ended goes on with it. */
  async adopt(
    orderId: string,
    paymentIntent: string,
    envelope: CommandEnvelope,
    waitMs: number,
  ): Promise<CommandAnswer<Order>> {
    const input = await this.#ended.inputOfAdoption(orderId, paymentIntent, envelope);
    return this.#begin(input, { update: adoptUpdate, reopens: true }, waitMs);
  }

  command(
    orderId: string,
    command: OrderCommand,
    message: CommandMessage,
    waitMs: number,
  ): Promise<CommandAnswer<Order>> {
    const update = updateOf<Order>(ORDER_COMMANDS[command.kind]);
    const late = { orderId, command, update, message };
    const ended = (closed: Order | null) => this.#ended.command({ ...late, closed }, waitMs);
    return this.#order(orderId).command(update, message, command, ended, waitMs);
  }

  /** `spend`: before Stripe is searched; throws where the reader has done so too often. */
  async read(orderId: string, spend: () => void = () => {}): Promise<Order> {
    const order = await this.#order(orderId).readIfThere();
    if (order && !wasNeverMade(order) && !isUnread(order)) return order;
    const recalled = (await this.#ended.readFromStripeForReader(orderId, spend)) ?? order;
    if (recalled) return recalled;
    throw new ProblemError(this.#order(orderId).absent);
  }

  /** The order as a command would find it; throws what the command would be refused with. */
  async readForCommand(orderId: string, command: OrderCommandBody): Promise<Order> {
    const isOpen = await this.#order(orderId).isOpen();
    const order = await this.read(orderId);
    const refusal = isOpen ? refusalOf(order, command, Date.now()) : refusalOfLate(order, command);
    if (refusal) throw new ProblemError(refusal);
    return order;
  }

  /** Whether Temporal knows such an order; one whose creation Stripe refused counts as none. */
  async exists(orderId: string): Promise<boolean> {
    const order = await this.#order(orderId).readIfThere();
    return order !== null && !wasNeverMade(order);
  }

  /** Whether it has taken this command, whatever came of it. */
  knows(orderId: string, commandId: string): Promise<boolean> {
    return this.#order(orderId).knows(commandId);
  }

  timeline(orderId: string): Promise<Timeline> {
    return this.#order(orderId).query((handle) => handle.query(timelineQuery));
  }

  #begin(
    input: OrderInput,
    how: Pick<Beginning<Order, OrderInput>, 'update' | 'reopens'>,
    waitMs: number,
  ): Promise<CommandAnswer<Order>> {
    const { terms, livemode, authorize: envelope } = input;
    const beginning = { ...orderBeginning(input, this.#taskQueue), ...how, envelope };
    return this.#order(terms.id).begin(beginning, (at) => newOrder(terms, at, livemode), waitMs);
  }

  #order(orderId: string) {
    return new CommandedWorkflow(this.#temporal, ORDER, orderId);
  }
}
