import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { WorkerOptions, WorkflowBundleOption } from '@temporalio/worker';
import { GRPC, grpcCodeOf } from '../temporal/grpc-code.ts';

/** Which release a worker runs, for Temporal to route by. */
export interface DeploymentVersion {
  readonly deploymentName: string;
  readonly buildId: string;
}

/** Which versions get work. `current`: null, workers without a version. */
export interface Routing {
  readonly current: string | null;
  /** The version that gets a share of the work instead, in percent. */
  readonly ramping: { readonly buildId: string; readonly percentage: number } | null;
  /** All that Temporal knows, those without workers included. */
  readonly buildIds: readonly string[];
}

const POLL_MS = 250;
/** A worker that has just started is known to the server after about a second. */
const POLLERS_WITHIN_MS = 30_000;
/** The version is not known yet (not found), or not all of its task queues are polled (failed precondition). */
const NOT_POLLED: readonly (number | null)[] = [GRPC.NOT_FOUND, GRPC.FAILED_PRECONDITION];

/** Characters of the hash by which a worker without a version names its workflow code. */
const BUILD_ID_LENGTH = 8;

/**
 * A worker's part of its options. Without a version it takes whatever no versioned worker gets. `bundle`: its workflow code; null: it
 * has none.
 */
export function versioning(
  version: DeploymentVersion | null,
  bundle: WorkflowBundleOption | null,
): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  if (version === null) return unversioned(bundle);
  return {
    workerDeploymentOptions: {
      version,
      useWorkerVersioning: true,
      // workflows/index.ts names those that stay with the version that began them.
      defaultVersioningBehavior: 'AUTO_UPGRADE',
    },
  };
}

/** Each workflow task names its code twice in the history: in 8 characters instead of the SDK's 91. By a deployment's name workflows know that they have a version. */
function unversioned(bundle: WorkflowBundleOption | null): ReturnType<typeof versioning> {
  if (bundle === null) return {};
  const code = 'code' in bundle ? bundle.code : readFileSync(bundle.codePath);
  const buildId = createHash('sha256').update(code).digest('hex').slice(0, BUILD_ID_LENGTH);
  return {
    workerDeploymentOptions: {
      version: { deploymentName: '', buildId },
      useWorkerVersioning: false,
    },
  };
}

/** Gives all work to that version, but for pinned workflows of others. A rollback is the same with the version before. */
export async function setCurrentVersion(temporal: Client, version: DeploymentVersion): Promise<void> {
  const { namespace } = temporal.options;
  await oncePolled(() =>
    temporal.workflowService.setWorkerDeploymentCurrentVersion({ namespace, ...version }),
  );
}

/** Gives that version so many percent of the work; 0 ends it. */
export async function setRampingVersion(
  temporal: Client,
  version: DeploymentVersion,
  percentage: number,
): Promise<void> {
  const { namespace } = temporal.options;
  const { deploymentName } = version;
  const buildId = percentage === 0 ? '' : version.buildId;
  await oncePolled(() =>
    temporal.workflowService.setWorkerDeploymentRampingVersion({
      ...{ namespace, deploymentName, buildId, percentage },
    }),
  );
}

export async function routingOf(temporal: Client, deploymentName: string): Promise<Routing> {
  const { namespace } = temporal.options;
  const described = await temporal.workflowService.describeWorkerDeployment({ namespace, deploymentName });
  const { routingConfig, versionSummaries } = described.workerDeploymentInfo ?? {};
  const ramping = routingConfig?.rampingDeploymentVersion?.buildId;
  return {
    current: routingConfig?.currentDeploymentVersion?.buildId ?? null,
    ramping: ramping ? { buildId: ramping, percentage: routingConfig?.rampingVersionPercentage ?? 0 } : null,
    buildIds: (versionSummaries ?? []).flatMap(({ deploymentVersion }) => deploymentVersion?.buildId ?? []),
  };
}

/** Repeats what the server refuses until the version's workers poll all task queues. */
async function oncePolled(call: () => Promise<unknown>): Promise<void> {
  const deadline = performance.now() + POLLERS_WITHIN_MS;
  for (;;) {
    try {
      await call();
      return;
    } catch (error) {
      if (!NOT_POLLED.includes(grpcCodeOf(error))) throw error;
      if (performance.now() > deadline) {
        throw new Error('Temporal refuses this version. Do its workers run?', { cause: error });
      }
      await sleep(POLL_MS);
    }
  }
}
