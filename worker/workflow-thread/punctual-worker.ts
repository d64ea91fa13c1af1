import proto from '@temporalio/proto';
import type { CompiledWorkerOptions, Logger } from '@temporalio/worker';
import { Worker } from '@temporalio/worker';
import type {
  Workflow,
  WorkflowCreateOptions,
  WorkflowCreator,
} from '@temporalio/worker/lib/workflow/interface.js';
import type { WorkflowBundleWithSourceMapAndFilename } from '@temporalio/worker/lib/workflow/workflow-worker-thread/input.js';
import { WorkflowBehind } from '../../temporal/workflow-behind.ts';

type Activation = Parameters<Workflow['activate']>[0];
type Options = Pick<CompiledWorkerOptions, 'connection' | 'namespace'>;

const { WORKFLOW_EXECUTION_STATUS_RUNNING: RUNNING } = proto.temporal.api.enums.v1.WorkflowExecutionStatus;

/** The SDK's worker, whose workflows see no event before the workflow task that brings it. */
export class PunctualWorker extends Worker {
  protected static override async createWorkflowCreator(
    workflowBundle: WorkflowBundleWithSourceMapAndFilename,
    options: CompiledWorkerOptions,
    logger: Logger,
  ): Promise<WorkflowCreator> {
    return punctual(await Worker.createWorkflowCreator(workflowBundle, options, logger), options);
  }
}

/**
 * A worker that does not have a workflow in its memory reads the whole history for a query. What has happened since the last workflow
 * task is there, too, and the SDK has the workflow act on it: at the time of the last task, and without what else the next one brings.
 * What it decides is sent with the next one. Whoever replays that sees another time and other events, and the history fits no more.
 */
export function punctual(creator: WorkflowCreator, options: Options): WorkflowCreator {
  return {
    async createWorkflow(how: WorkflowCreateOptions): Promise<Workflow> {
      const workflow = await creator.createWorkflow(how);
      let last: string | null = null;
      return {
        async activate(activation) {
          const task = taskOf(activation);
          const isAhead = task !== null && task === last && bringsEvents(activation);
          // Nothing follows from what one decides that has ended.
          if (isAhead && (await isRunning(options, how.info))) throw new WorkflowBehind();
          last = task;
          return workflow.activate(activation);
        },
        getAndResetSinkCalls: () => workflow.getAndResetSinkCalls(),
        dispose: () => workflow.dispose(),
      };
    },
    destroy: () => creator.destroy(),
  };
}

/** Tells workflow tasks apart: each begins later, with a longer history. Null: this server does not say how long. */
function taskOf({ historySizeBytes: bytes, timestamp }: Activation): string | null {
  return Number(bytes) > 0 ? `${bytes} ${timestamp?.seconds} ${timestamp?.nanos}` : null;
}

/** What comes with a task alone. Answers of local activities, and updates, come within one. */
function bringsEvents({ jobs }: Activation): boolean {
  return (jobs ?? []).some(
    ({ fireTimer, resolveActivity, signalWorkflow, cancelWorkflow }) =>
      fireTimer || signalWorkflow || cancelWorkflow || (resolveActivity && !resolveActivity.isLocal),
  );
}

async function isRunning(
  { connection, namespace }: Options,
  { workflowId, runId }: WorkflowCreateOptions['info'],
): Promise<boolean> {
  const execution = { workflowId, runId };
  const described = await connection?.workflowService.describeWorkflowExecution({ namespace, execution });
  return described?.workflowExecutionInfo?.status === RUNNING;
}
