import type { Client, WorkflowHandle } from '@temporalio/client';
import { WithStartWorkflowOperation, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll } from 'vitest';
import type { SettledAnswer } from '../../contract/command-messages.ts';
import { commandQuery, timelineQuery, updateOf, wholeAnswer } from '../../contract/command-messages.ts';
import { orderBeginning } from '../../contract/order-start.ts';
import type { OrderInput, OrderPolicy } from '../../contract/orders.ts';
import { adoptUpdate, authorizeUpdate, type OrderMemory, orderQuery } from '../../contract/orders.ts';
import { deliveriesTaskQueue } from '../../contract/outgoing-events.ts';
import { USUAL_ORDER } from '../../contract/usual-order.ts';
import type { ResolveAction } from '../../domain/attention/attention.ts';
import { messageOf } from '../../domain/commands/define-command.ts';
import type { Problem } from '../../domain/errors.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import type { Order, OrderTerms } from '../../domain/orders/order.ts';
import type { OrderCommandBody } from '../../domain/orders/order-command-table.ts';
import { ORDER_COMMANDS } from '../../domain/orders/order-command-table.ts';
import { ask } from '../../temporal/ask.ts';
import { FastWorker } from '../../worker/workflow-thread/fast-worker.ts';
import { envelope, terms } from './builders.ts';
import { quietRuntime } from './runtime.ts';
import { ScriptedStripe } from './scripted-stripe.ts';
import { startTestServer } from './temporal.ts';
import { WITHIN } from './within.ts';
import { workflowBundle } from './workflow-bundle.ts';
import { shareWorkflowThreads } from './workflow-threads.ts';

export { WITHIN } from './within.ts';

/** A query may be lost with the worker's memory of an ended run: asked without a deadline, its caller waits for ever. */
export const askLong = <T>(client: Client, question: () => Promise<T>): Promise<T> =>
  ask(client, question, WITHIN.timeout);

// A workflow that ends as failed is a warning, and here often the point.
quietRuntime();
shareWorkflowThreads();

const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** How long Stripe holds an authorization of a Visa card. */
export const CAPTURE_WINDOW_MS = 7 * DAY_MS;
const TASK_QUEUE = 'orders';

/** As in production, but for retries: no test waits for their end but by choice. */
const POLICY: OrderPolicy = {
  retryBudgetMs: 60_000,
  openMs: 90 * DAY_MS,
  abandonAfterMs: DAY_MS,
  captureWarningMs: DAY_MS,
  reauthorizeBeforeMs: 1.5 * DAY_MS,
  reauthorizeForMs: 90 * DAY_MS,
  metadataKey: '',
};

/** For tests in which Stripe stays away until an operator has to look. */
export const IMPATIENT = { policy: { retryBudgetMs: 2_500 } };

export const COMMAND_ID = 'cmd_authorize';

/** The bodies of commands with everything left at its default. */
export const COMMANDS = {
  capture: { kind: 'capture', final: true },
  cancel: { kind: 'cancel' },
  refund: { kind: 'refund', reverse_transfer: false, refund_application_fee: false },
  transfer: { kind: 'transfer', amount: 10, description: 'bonus' },
} as const;

export function resolve(action: ResolveAction, stripeId?: string) {
  return { kind: 'resolve', action, stripe_id: stripeId, reason: 'looked at it' } as const;
}

export interface OrderChanges {
  readonly terms?: Partial<OrderTerms>;
  readonly policy?: Partial<OrderPolicy>;
  readonly commandId?: string;
  /** Somebody wants to be told of it. */
  readonly announced?: boolean;
  /** Its payment exists at Stripe already. */
  readonly adopted?: boolean;
  /** What an earlier life of it remembers, where it is adopted. */
  readonly memory?: OrderMemory;
  /** That life had another payment. */
  readonly isAnother?: true;
  /** How long Stripe holds the authorization. */
  readonly captureWindowMs?: number;
}

/** Why a command was not carried out: the problem in its answer, or the one that the validator threw. */
export async function refusalOf(command: Promise<unknown>): Promise<Problem> {
  const error = await command.then(
    (answer) => (answer as Partial<SettledAnswer<Order>>).result?.problem ?? new Error('it was carried out'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) return error as Problem;
  if (!(error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure)) throw error;
  return error.cause.details?.[0] as Problem;
}

interface BenchOptions {
  readonly serverArgs?: readonly string[];
  /** A test server with `serverArgs`, unless there is another. */
  readonly startServer?: () => Promise<TestWorkflowEnvironment>;
  readonly activities?: object;
}

/**
 * A worker with the real workflows and a scripted Stripe, on a real Temporal server: started before the tests of the file or
 * `describe` that calls this, stopped after them. `activities`: beside or instead of Stripe's.
 */
export function useOrderBench({
  serverArgs = [],
  startServer = () => startTestServer(serverArgs),
  activities = {},
}: BenchOptions = {}) {
  const stripe = new ScriptedStripe();
  let env: TestWorkflowEnvironment;
  let stopWorkers: () => Promise<void>;

  beforeAll(async () => {
    env = await startServer();
    const common = {
      connection: env.nativeConnection,
      namespace: env.namespace ?? 'default',
      activities: { ...stripe.activities, ...activities },
      shutdownGraceTime: '1 second',
    } as const;
    const worker = await FastWorker.create({
      ...common,
      taskQueue: TASK_QUEUE,
      workflowBundle: await workflowBundle(env),
    });
    const deliveries = await Worker.create({ ...common, taskQueue: deliveriesTaskQueue(TASK_QUEUE) });
    const running = Promise.all([worker.run(), deliveries.run()]);
    stopWorkers = async () => {
      worker.shutdown();
      deliveries.shutdown();
      await running;
    };
  });
  afterAll(async () => {
    await stopWorkers?.();
    await env?.teardown();
  });

  function inputOf(
    id: string,
    {
      terms: changes = {},
      policy = {},
      commandId = COMMAND_ID,
      adopted,
      memory,
      isAnother,
      announced,
    }: OrderChanges,
  ): OrderInput {
    const authorize = envelope(commandId);
    const adopt = { paymentIntent: `pi_${id}`, memory: memory ?? null, ...(isAnother ? { isAnother } : {}) };
    return {
      terms: terms({ id, ...changes }),
      livemode: false,
      policy: { ...POLICY, ...policy },
      authorize,
      ...(announced ? { announced } : {}),
      ...(adopted ? { adopt } : {}),
    };
  }

  /** Starts an order, and waits for the answer of its authorization. */
  async function create(id: string, changes: OrderChanges = {}): Promise<OrderUnderTest> {
    const input = inputOf(id, changes);
    const { commandId } = input.authorize;
    const update = input.adopt ? adoptUpdate : authorizeUpdate;
    const now = await env.currentTimeMs();
    stripe.of(id).authorizedAt = now;
    stripe.of(id).captureBefore = now + (changes.captureWindowMs ?? CAPTURE_WINDOW_MS);
    const { workflowType, memo, searchAttributes } = orderBeginning(input, TASK_QUEUE);
    const startWorkflowOperation = new WithStartWorkflowOperation<(input: OrderInput) => Promise<unknown>>(
      workflowType,
      {
        workflowId: orderWorkflowId(id),
        taskQueue: TASK_QUEUE,
        args: [input],
        memo,
        typedSearchAttributes: searchAttributes,
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      },
    );
    const created = await env.client.workflow.executeUpdateWithStart(update, {
      startWorkflowOperation,
      updateId: commandId,
      args: [],
    });
    const handle = await startWorkflowOperation.workflowHandle();
    return {
      created: wholeAnswer(created, commandId, USUAL_ORDER),
      handle,
      ...talkTo(env.client, handle),
      stripe: stripe.of(id),
    };
  }

  return {
    stripe,
    create,
    taskQueue: TASK_QUEUE,
    get client() {
      return env.client;
    },
    /** The server's clock, in milliseconds since the epoch. */
    now: () => env.currentTimeMs(),
    /** Lets so much time pass, in milliseconds: at once where the server skips time. */
    sleep: (ms: number) => env.sleep(ms),
  };
}

export type OrderBench = ReturnType<typeof useOrderBench>;

export type OrderUnderTest = ReturnType<typeof talkTo> & {
  /** The answer to its authorization. */
  readonly created: SettledAnswer<Order>;
  readonly handle: WorkflowHandle;
  readonly stripe: ReturnType<ScriptedStripe['of']>;
};

function talkTo(client: Client, handle: WorkflowHandle) {
  return {
    /** Sends a command as the API does, and waits for its answer. */
    async command(commandId: string, { kind, ...body }: OrderCommandBody): Promise<SettledAnswer<Order>> {
      const message = messageOf(envelope(commandId), body);
      const answer = await handle.executeUpdate(updateOf<Order>(ORDER_COMMANDS[kind]), {
        args: [message],
        updateId: commandId,
      });
      return wholeAnswer(answer, commandId, USUAL_ORDER);
    },
    order: () => askLong(client, () => handle.query(orderQuery)),
    timeline: () => askLong(client, () => handle.query(timelineQuery)),
    known: (commandId: string) => askLong(client, () => handle.query(commandQuery, commandId)),
    async events() {
      return (await handle.fetchHistory()).events ?? [];
    },
  };
}
