import type {
  Workflow,
  WorkflowCreateOptions,
  WorkflowCreator,
} from '@temporalio/worker/lib/workflow/interface.js';
import { expect, it } from 'vitest';
import { WorkflowBehind } from '../../temporal/workflow-behind.ts';
import { punctual } from '../../worker/workflow-thread/punctual-worker.ts';

type Activation = Parameters<Workflow['activate']>[0];
const RUNNING = 1;
const TERMINATED = 5;

/** A workflow that is in this state at the server, and what of its activations got through to it. */
async function workflowIn(status: number) {
  const seen: Activation[] = [];
  const inner: Workflow = {
    activate: async (activation) => {
      seen.push(activation);
      return {};
    },
    getAndResetSinkCalls: async () => [],
    dispose: async () => {},
  };
  const creator: WorkflowCreator = { createWorkflow: async () => inner, destroy: async () => {} };
  const describeWorkflowExecution = async () => ({ workflowExecutionInfo: { status } });
  const connection = { workflowService: { describeWorkflowExecution } };
  const options = { connection, namespace: 'default' } as unknown as Parameters<typeof punctual>[1];
  const how = { info: { workflowId: 'order/1', runId: 'run' } } as WorkflowCreateOptions;
  return { seen, workflow: await punctual(creator, options).createWorkflow(how) };
}

/** Of the nth workflow task: begun after so many seconds, with so many KB of history. */
function activation(nth: number, ...jobs: NonNullable<Activation['jobs']>): Activation {
  const begun = { historySizeBytes: nth * 1024, timestamp: { seconds: nth, nanos: 0 } };
  return { ...begun, jobs } as unknown as Activation;
}

const BEGIN = activation(1, { initializeWorkflow: {} });
const EVENTS: readonly [string, NonNullable<Activation['jobs']>[number]][] = [
  ['a timer has fired', { fireTimer: { seq: 1 } }],
  ['an activity has ended', { resolveActivity: { seq: 1 } }],
  ['a signal has come', { signalWorkflow: { signalName: 'stripeEvent' } }],
  ['somebody has canceled it', { cancelWorkflow: {} }],
];

it.each(EVENTS)('a workflow is not asked while no task has brought it that %s', async (_, event) => {
  const { seen, workflow } = await workflowIn(RUNNING);
  await workflow.activate(BEGIN);
  await expect(workflow.activate(activation(1, event))).rejects.toThrow(WorkflowBehind);
  expect(seen).toEqual([BEGIN]);
});

it.each(EVENTS)('a workflow takes what its next task brings: %s', async (_, event) => {
  const { seen, workflow } = await workflowIn(RUNNING);
  const next = activation(2, event);
  for (const one of [BEGIN, next]) await workflow.activate(one);
  expect(seen).toEqual([BEGIN, next]);
});

it('a workflow takes what comes within a task', async () => {
  const { seen, workflow } = await workflowIn(RUNNING);
  const within = [
    activation(1, { resolveActivity: { seq: 1, isLocal: true } }),
    activation(1, { doUpdate: { id: 'cmd_1' } }),
    activation(1, { queryWorkflow: { queryId: 'q1' } }),
  ];
  for (const one of [BEGIN, ...within]) await workflow.activate(one);
  expect(seen).toHaveLength(4);
});

it('a workflow that has ended with events that no task brought it can be asked all the same', async () => {
  const { seen, workflow } = await workflowIn(TERMINATED);
  await workflow.activate(BEGIN);
  await workflow.activate(activation(1, { fireTimer: { seq: 1 } }));
  expect(seen).toHaveLength(2);
});

it('a server that does not say how long a history is, is believed', async () => {
  const { seen, workflow } = await workflowIn(RUNNING);
  const unsized = { ...activation(1, { fireTimer: { seq: 1 } }), historySizeBytes: null };
  for (const one of [{ ...BEGIN, historySizeBytes: null }, unsized]) await workflow.activate(one);
  expect(seen).toHaveLength(2);
});
