import type { WorkflowHandle } from '@temporalio/client';
import { WithStartWorkflowOperation, WorkflowUpdateFailedError } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll } from 'vitest';
import { commandQuery, timelineQuery } from '../../contract/commands.ts';
import type { CommandMessage, OrderAnswer, OrderInput, OrderPolicy } from '../../contract/orders.ts';
import {
  acceptDisputeUpdate,
  adoptUpdate,
  authorizeUpdate,
  cancelUpdate,
  captureUpdate,
  confirmUpdate,
  incrementUpdate,
  ORDER_WORKFLOW,
  type OrderMemory,
  orderQuery,
  refundUpdate,
  resolveUpdate,
  reverseTransferUpdate,
  submitEvidenceUpdate,
  transferUpdate,
} from '../../contract/orders.ts';
import { deliveriesTaskQueue } from '../../contract/outgoing-events.ts';
import type { ResolveAction } from '../../domain/attention/attention.ts';
import type { CommandBody } from '../../domain/commands/commands.ts';
import type { Problem } from '../../domain/errors.ts';
import { orderWorkflowId } from '../../domain/ids.ts';
import type { OrderTerms } from '../../domain/orders/order.ts';
import { envelope, terms } from './builders.ts';
import { quietRuntime } from './runtime.ts';
import { ScriptedStripe } from './scripted-stripe.ts';
import { startTestServer } from './temporal.ts';
import { workflowBundle } from './workflow-bundle.ts';

// A workflow that ends as failed is a warning, and here often the point.
quietRuntime();

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
};

/** How long a condition may take to come true, for `vi.waitFor`. */
export const WITHIN = { timeout: 20_000, interval: 50 };

/** For tests in which Stripe stays away until an operator has to look. */
export const IMPATIENT = { policy: { retryBudgetMs: 2_500 } };

export const COMMAND_ID = 'cmd_authorize';

const UPDATES = {
  confirm: confirmUpdate,
  capture: captureUpdate,
  cancel: cancelUpdate,
  refund: refundUpdate,
  transfer: transferUpdate,
  reverse_transfer: reverseTransferUpdate,
  increment: incrementUpdate,
  submit_evidence: submitEvidenceUpdate,
  accept_dispute: acceptDisputeUpdate,
  resolve: resolveUpdate,
};

/** The bodies of commands with everything left at its default. */
export const COMMANDS = {
  capture: { kind: 'capture', amount: null, final: true },
  cancel: { kind: 'cancel', reason: null },
  refund: { kind: 'refund', amount: null, reverseTransfer: false, refundApplicationFee: false, reason: null },
  transfer: { kind: 'transfer', amount: 10, destination: null, description: null },
} as const;

export function resolve(action: ResolveAction, stripeId: string | null = null) {
  return { kind: 'resolve', action, stripeId, reason: 'looked at it' } as const;
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
  /** How long Stripe holds the authorization. */
  readonly captureWindowMs?: number;
}

/** Why a command was not carried out: the problem in its answer, or the one that the validator threw. */
export async function refusalOf(command: Promise<unknown>): Promise<Problem> {
  const error = await command.then(
    (answer) => (answer as Partial<OrderAnswer>).result?.problem ?? new Error('it was carried out'),
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
      activities: { ...stripe.activities, ...activities },
      shutdownGraceTime: '1 second',
    } as const;
    const worker = await Worker.create({
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
    { terms: changes = {}, policy = {}, commandId = COMMAND_ID, adopted, memory, announced }: OrderChanges,
  ): OrderInput {
    const authorize = envelope(commandId);
    return {
      terms: terms({ id, ...changes }),
      livemode: false,
      policy: { ...POLICY, ...policy },
      authorize,
      ...(announced ? { announced } : {}),
      ...(adopted ? { adopt: { paymentIntent: `pi_${id}`, memory: memory ?? null } } : {}),
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
    const startWorkflowOperation = new WithStartWorkflowOperation<(input: OrderInput) => Promise<unknown>>(
      ORDER_WORKFLOW,
      {
        workflowId: orderWorkflowId(id),
        taskQueue: TASK_QUEUE,
        args: [input],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      },
    );
    const created = await env.client.workflow.executeUpdateWithStart(update, {
      startWorkflowOperation,
      updateId: commandId,
      args: [input.authorize],
    });
    const handle = await startWorkflowOperation.workflowHandle();
    return { created, handle, ...talkTo(handle), stripe: stripe.of(id) };
  }

  return {
    stripe,
    create,
    taskQueue: TASK_QUEUE,
    get client() {
      return env.client;
    },
    /** Lets so much time pass, in milliseconds: at once where the server skips time. */
    sleep: (ms: number) => env.sleep(ms),
  };
}

export type OrderBench = ReturnType<typeof useOrderBench>;

export type OrderUnderTest = ReturnType<typeof talkTo> & {
  /** The answer to its authorization. */
  readonly created: OrderAnswer;
  readonly handle: WorkflowHandle;
  readonly stripe: ReturnType<ScriptedStripe['of']>;
};

function talkTo(handle: WorkflowHandle) {
  return {
    /** Sends a command as the API does, and waits for its answer. */
    command(commandId: string, { kind, ...body }: CommandBody): Promise<OrderAnswer> {
      const update = UPDATES[kind] as UpdateDefinition<OrderAnswer, [CommandMessage<typeof kind>]>;
      const message = { ...envelope(commandId), ...body } as CommandMessage<typeof kind>;
      return handle.executeUpdate(update, { args: [message], updateId: commandId });
    },
    order: () => handle.query(orderQuery),
    timeline: () => handle.query(timelineQuery),
    known: (commandId: string) => handle.query(commandQuery, commandId),
    async events() {
      return (await handle.fetchHistory()).events ?? [];
    },
  };
}
