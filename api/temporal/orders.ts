import type { Client, WorkflowHandle } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import type { CommandBody, CommandEnvelope } from '../../domain/commands.ts';
import { refusalOf } from '../../domain/commands.ts';
import { problem } from '../../domain/errors.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import { formatMoney } from '../../domain/money.ts';
import type { Order } from '../../domain/order.ts';
import { orderStatus } from '../../domain/order.ts';
import type { Timeline } from '../../domain/timeline.ts';
import type { CommandMessage, OrderAnswer, OrderInput } from '../../workflows/messages.ts';
import {
  authorizeUpdate,
  commandQuery,
  ORDER_WORKFLOW,
  orderQuery,
  timelineQuery,
} from '../../workflows/messages.ts';
import { refuseRepeatOfRunning } from '../idempotency.ts';
import { ProblemError } from '../problems.ts';
import { faultOf } from './errors.ts';
import { orderSearchAttributes } from './search-attributes.ts';
import type { Settled } from './settle.ts';
import { ANSWER_WITHIN_MS, settle, within } from './settle.ts';
import { startWithUpdate } from './start-with-update.ts';

/** A command that is running, with the order as it is meanwhile. */
export interface StillRunning {
  readonly type: 'running';
  readonly order: Order;
}
export type OrderOutcome = { readonly type: 'answered'; readonly answer: OrderAnswer } | StillRunning;

type OrderCommand<Kind extends CommandBody['kind']> = Extract<CommandBody, { kind: Kind }>;

/** Orders, as their workflows know them. */
export class Orders {
  readonly #temporal: Client;
  readonly #taskQueue: string;

  constructor(temporal: Client, taskQueue: string) {
    this.#temporal = temporal;
    this.#taskQueue = taskQueue;
  }

  async create(input: OrderInput, waitMs: number): Promise<OrderOutcome> {
    const { terms, authorize: envelope } = input;
    const beginning = {
      workflowType: ORDER_WORKFLOW,
      workflowId: orderWorkflowId(terms.id),
      taskQueue: this.#taskQueue,
      input,
      searchAttributes: orderSearchAttributes(input),
      summary: `${formatMoney(terms)} → ${terms.connectedAccount}`,
      update: authorizeUpdate,
      envelope,
    };
    try {
      return await this.#outcome(
        terms.id,
        envelope,
        await startWithUpdate(this.#temporal, beginning, waitMs),
      );
    } catch (error) {
      const first = faultOf(error)?.type === 'already_started' && (await this.#known(terms.id, envelope));
      if (first) return first;
      throw error;
    }
  }

  async command<Kind extends CommandBody['kind']>(
    orderId: string,
    update: UpdateDefinition<OrderAnswer, [CommandMessage<Kind>]>,
    envelope: CommandEnvelope,
    command: OrderCommand<Kind>,
    waitMs: number,
  ): Promise<OrderOutcome> {
    const handle = this.#handle(orderId);
    const { kind: _, ...body } = command;
    const args = [{ ...envelope, ...body }] as unknown as [CommandMessage<Kind>];
    const call = {
      execute: () => handle.executeUpdate(update, { args, updateId: envelope.commandId }),
      admit: () =>
        handle.startUpdate(update, { args, updateId: envelope.commandId, waitForStage: 'ACCEPTED' }),
    };
    try {
      return await this.#outcome(orderId, envelope, await settle(this.#temporal, call, waitMs));
    } catch (error) {
      if (faultOf(error)?.type !== 'not_found') throw error;
      const first = await this.#known(orderId, envelope);
      if (first) return first;
      throw new ProblemError(refusalOfEnded(await this.read(orderId), command));
    }
  }

  read(orderId: string): Promise<Order> {
    return this.#query(orderId, (handle) => handle.query(orderQuery));
  }

  timeline(orderId: string): Promise<Timeline> {
    return this.#query(orderId, (handle) => handle.query(timelineQuery));
  }

  async #outcome(
    orderId: string,
    envelope: CommandEnvelope,
    settled: Settled<OrderAnswer>,
  ): Promise<OrderOutcome> {
    if (settled.type === 'answered') return settled;
    return (await this.#known(orderId, envelope)) ?? { type: 'running', order: await this.read(orderId) };
  }

  /** What the order knows of this command, even after its end; null if nothing. */
  async #known(orderId: string, envelope: CommandEnvelope): Promise<OrderOutcome | null> {
    const known = await this.#query(orderId, (handle) => handle.query(commandQuery, envelope.commandId));
    if (known === null) return null;
    refuseRepeatOfRunning(known, envelope);
    const order = await this.read(orderId);
    return known.outcome === 'running'
      ? { type: 'running', order }
      : { type: 'answered', answer: { result: known, order } };
  }

  async #query<T>(orderId: string, ask: (handle: WorkflowHandle) => Promise<T>): Promise<T> {
    try {
      return await within(this.#temporal, ANSWER_WITHIN_MS, () => ask(this.#handle(orderId)));
    } catch (error) {
      if (faultOf(error)?.type !== 'not_found') throw error;
      throw new ProblemError(problem('not_found', `There is no order ${orderId}.`, { param: 'id' }));
    }
  }

  #handle(orderId: string): WorkflowHandle {
    return this.#temporal.workflow.getHandle(orderWorkflowId(orderId));
  }
}

function refusalOfEnded(order: Order, command: CommandBody) {
  return (
    refusalOf(order, command) ??
    problem(
      'state_conflict',
      `This order is ${orderStatus(order)} and closed: its time for commands is over.`,
    )
  );
}
