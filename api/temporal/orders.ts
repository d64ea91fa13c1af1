import type { Client } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import type { CommandBody, CommandEnvelope } from '../../domain/commands.ts';
import { refusalOf } from '../../domain/commands.ts';
import type { Problem } from '../../domain/errors.ts';
import { problem } from '../../domain/errors.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import { formatMoney } from '../../domain/money.ts';
import type { Order } from '../../domain/order.ts';
import { newOrder, orderStatus } from '../../domain/order.ts';
import type { Timeline } from '../../domain/timeline.ts';
import type { CommandMessage, OrderAnswer, OrderInput } from '../../workflows/messages.ts';
import { authorizeUpdate, ORDER_WORKFLOW, orderQuery, timelineQuery } from '../../workflows/messages.ts';
import { ProblemError } from '../problems.ts';
import type { Commanded, Outcome } from './commanded.ts';
import { CommandedWorkflow } from './commanded.ts';
import { orderSearchAttributes } from './search-attributes.ts';

type OrderCommand<Kind extends CommandBody['kind']> = Extract<CommandBody, { kind: Kind }>;

const ORDER: Commanded<Order, OrderAnswer> = {
  noun: 'order',
  stateQuery: orderQuery,
  workflowId: orderWorkflowId,
  stateOf: ({ order }) => order,
};

/** Orders, as their workflows know them. */
export class Orders {
  readonly #temporal: Client;
  readonly #taskQueue: string;

  constructor(temporal: Client, taskQueue: string) {
    this.#temporal = temporal;
    this.#taskQueue = taskQueue;
  }

  create(input: OrderInput, waitMs: number): Promise<Outcome<Order>> {
    const { terms, livemode, authorize } = input;
    const beginning = {
      workflowType: ORDER_WORKFLOW,
      taskQueue: this.#taskQueue,
      input,
      searchAttributes: orderSearchAttributes(input),
      summary: `${formatMoney(terms)} → ${terms.connectedAccount}`,
      update: authorizeUpdate,
      envelope: authorize,
    };
    return this.#order(terms.id).begin(beginning, (at) => newOrder(terms, at, livemode), waitMs);
  }

  command<Kind extends CommandBody['kind']>(
    orderId: string,
    update: UpdateDefinition<OrderAnswer, [CommandMessage<Kind>]>,
    envelope: CommandEnvelope,
    command: OrderCommand<Kind>,
    waitMs: number,
  ): Promise<Outcome<Order>> {
    const { kind: _, ...body } = command;
    const message = { ...envelope, ...body } as unknown as CommandMessage<Kind>;
    return this.#order(orderId).command(update, message, (order) => refusalOfEnded(order, command), waitMs);
  }

  read(orderId: string): Promise<Order> {
    return this.#order(orderId).read();
  }

  /** Whether there is such an order; one whose creation Stripe refused counts as none. */
  async exists(orderId: string): Promise<boolean> {
    try {
      const { payment } = await this.read(orderId);
      return payment.status !== 'canceled' || payment.paymentIntent !== null;
    } catch (error) {
      if (error instanceof ProblemError && error.problem.code === 'not_found') return false;
      throw error;
    }
  }

  timeline(orderId: string): Promise<Timeline> {
    return this.#order(orderId).query((handle) => handle.query(timelineQuery));
  }

  #order(orderId: string) {
    return new CommandedWorkflow(this.#temporal, ORDER, orderId);
  }
}

function refusalOfEnded(order: Order, command: CommandBody): Problem {
  return (
    refusalOf(order, command) ??
    problem(
      'state_conflict',
      `This order is ${orderStatus(order)} and closed: its time for commands is over.`,
    )
  );
}
