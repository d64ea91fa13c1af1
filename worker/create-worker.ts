import { activityInfo, Context, log, sleep } from '@temporalio/activity';
import { Client } from '@temporalio/client';
import type { NativeConnection, WorkflowBundleOption } from '@temporalio/worker';
import { Worker } from '@temporalio/worker';
import type Stripe from 'stripe';
import { createActivities } from '../activities/index.ts';
import type { EventDeliverySettings } from '../activities/outgoing-events/deliver-event.ts';
import { createDeliveryActivities } from '../activities/outgoing-events/deliver-event.ts';
import { createOutgoingEventActivities } from '../activities/outgoing-events/outgoing-events.ts';
import { createReconciliationActivities } from '../activities/reconciliation/reconciliation.ts';
import { createConnectedActivities } from '../activities/stripe-events/connected.ts';
import { createEventActivities } from '../activities/stripe-events/events.ts';
import type { OrderDefaults } from '../contract/orders.ts';
import { deliveriesTaskQueue } from '../contract/outgoing-events.ts';
import { SubscriptionDirectory } from '../event-delivery/directory.ts';
import type { DeploymentVersion } from './deployment.ts';
import { versioning } from './deployment.ts';
import { heartbeats, progress } from './heartbeats.ts';
import { retryDelays } from './retry-delays.ts';
import { FastWorker } from './workflow-thread/fast-worker.ts';

export interface WorkerDeps {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  /** Null (default): Temporal routes by no version. */
  readonly version?: DeploymentVersion | null;
  readonly workflowBundle: WorkflowBundleOption;
  readonly stripe: Stripe;
  /** The platform's OAuth client at Stripe; null where Standard accounts are not connected. */
  readonly clientId: string | null;
  readonly events: EventDeliverySettings;
  /** Whether Stripe is asked for what an earlier request created, before anything is created; otherwise only on suspicion. */
  readonly lookBeforeCreate?: boolean;
  /** Whether Temporal UI's Call Stack works; workflow code then costs what it costs in the SDK. */
  readonly callStacks?: boolean;
  /** Of orders that an event reopens. */
  readonly policy: OrderDefaults;
  /** It moves real money. */
  readonly livemode?: boolean;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** Workflows kept in memory between their tasks; an evicted one is replayed. Bounds the worker's memory. */
const CACHED_WORKFLOWS_MAX = 500;
/** Calls to Stripe at the same time: under Stripe's 100 requests a second at a usual 0.5 s each. */
const ACTIVITIES_MAX = 40;

/** Posts to receivers at the same time. */
const DELIVERIES_MAX = 50;
const SHUTDOWN_GRACE = '20 seconds';

/** What a worker process runs: the worker that carries orders, and the one that posts outgoing events. */
export function createWorkers(deps: WorkerDeps): Promise<readonly Worker[]> {
  return Promise.all([createWorker(deps), createDeliveryWorker(deps)]);
}

/** A worker that carries orders; it polls once it is run. */
export function createWorker(deps: WorkerDeps): Promise<Worker> {
  const { connection, namespace, taskQueue, workflowBundle, stripe, clientId, events, policy } = deps;
  const {
    now = Date.now,
    lookBeforeCreate = true,
    livemode = false,
    callStacks = false,
    version = null,
  } = deps;
  const temporal = new Client({ connection, namespace });
  const subscriptions = new SubscriptionDirectory(temporal);
  return (callStacks ? Worker : FastWorker).create({
    connection,
    namespace,
    taskQueue,
    ...versioning(version),
    workflowBundle,
    activities: {
      ...createActivities({ stripe, clientId, temporal, lookBeforeCreate, progress, now }),
      ...createEventActivities({ stripe, temporal, taskQueue, livemode, policy, subscriptions, now }),
      ...createConnectedActivities({
        stripe,
        temporal,
        taskQueue,
        livemode,
        retryBudgetMs: policy.retryBudgetMs,
        cancellation: () => Context.current().cancellationSignal,
        warn: (message, facts) => log.warn(message, facts),
      }),
      ...createOutgoingEventActivities({ temporal, taskQueue, subscriptions, events }),
      ...createReconciliationActivities({ stripe, temporal, taskQueue }),
    },
    interceptors: { activity: [heartbeats, retryDelays] },
    maxCachedWorkflows: CACHED_WORKFLOWS_MAX,
    maxConcurrentActivityTaskExecutions: ACTIVITIES_MAX,
    maxConcurrentLocalActivityExecutions: ACTIVITIES_MAX,
    shutdownGraceTime: SHUTDOWN_GRACE,
  });
}

/** The worker that posts outgoing events; it polls once it is run. */
function createDeliveryWorker(deps: Omit<WorkerDeps, 'workflowBundle' | 'stripe' | 'clientId' | 'policy'>) {
  const { connection, namespace, taskQueue, events, now = Date.now, version = null } = deps;
  const temporal = new Client({ connection, namespace });
  return Worker.create({
    connection,
    namespace,
    taskQueue: deliveriesTaskQueue(taskQueue),
    ...versioning(version),
    activities: createDeliveryActivities({
      temporal,
      events,
      now,
      attempt: () => activityInfo().attempt,
      sleep,
    }),
    interceptors: { activity: [heartbeats] },
    maxConcurrentActivityTaskExecutions: DELIVERIES_MAX,
    shutdownGraceTime: SHUTDOWN_GRACE,
  });
}
