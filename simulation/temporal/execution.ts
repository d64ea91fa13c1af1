import type { Activation, Job } from '../runtime/jobs.ts';
import type { WorkflowRun } from '../runtime/workflow-run.ts';
import type { Cancel } from '../world/clock.ts';

export type ExecutionStatus = 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CONTINUED_AS_NEW';

type UpdateOutcome = { readonly value: string | undefined } | { readonly failure: Error };

/** An update as the server keeps it, by its id. */
export interface Update {
  readonly id: string;
  readonly job: Job & { readonly type: 'update' };
  stage: 'admitted' | 'accepted' | 'completed';
  outcome: UpdateOutcome | null;
  /** Called whenever its stage changes, or its run ends. */
  readonly watchers: Set<() => void>;
}

/** How a workflow was begun. */
export interface Beginning {
  readonly workflowId: string;
  readonly type: string;
  /** JSON of the arguments. */
  readonly args: string;
  readonly memo: Readonly<Record<string, unknown>>;
  readonly searchAttributes: Readonly<Record<string, unknown>>;
  readonly lastResult: unknown;
  /** Id of the first run of those that go on in this one; absent: it is the first. */
  readonly first?: string;
  /** Id of the run that goes on in this one. */
  readonly continued?: string;
}

/** What a list of workflows shows; it lags behind. */
export interface Visible {
  readonly status: ExecutionStatus;
  readonly searchAttributes: Readonly<Record<string, unknown>>;
  readonly version: number;
}

/** What the server keeps of one run of a workflow. Lost with nothing but the server itself. */
export class Execution {
  status: ExecutionStatus = 'RUNNING';
  /** All that the run was told and asked for, task by task: a worker that does not know the run begins with it. */
  readonly recorded: Activation[] = [];
  /** What no workflow task has taken yet. */
  inbox: Job[];
  task: 'none' | 'planned' | 'running' = 'none';
  /** Of all runs under its id, for the names of places: none comes again in a later run. */
  tasks: number;
  activities: number;
  /** Of what visibility shows. */
  changes = 0;
  events = 1;
  searchAttributes: Readonly<Record<string, unknown>>;
  memo: Readonly<Record<string, unknown>>;
  visible: Visible | null = null;
  result: { readonly value: string | undefined } | { readonly failure: Error } | null = null;
  /** The worker that has the run in its memory. */
  sticky: number | null = null;
  /** The run that carried out all that is recorded; null: one carries out a task. */
  latest: WorkflowRun | null = null;
  /** Another one, which carried out or replayed the first of what is recorded: the next replay goes on from there. */
  earlier: WorkflowRun | null = null;
  readonly updates = new Map<string, Update>();
  /** By their numbers, how they are canceled. */
  readonly timers = new Map<number, Cancel>();
  /** Activities that the run waits for, by their numbers. */
  readonly openActivities = new Set<number>();
  readonly beginning: Beginning;
  readonly runId: string;
  readonly startedAt: number;

  /** `before`: the run before it under the same id. */
  constructor(beginning: Beginning, runId: string, startedAt: number, before: Execution | undefined) {
    this.beginning = beginning;
    this.runId = runId;
    this.startedAt = startedAt;
    this.tasks = before?.tasks ?? 0;
    this.activities = before?.activities ?? 0;
    this.inbox = [{ type: 'start', args: beginning.args }];
    this.searchAttributes = beginning.searchAttributes;
    this.memo = beginning.memo;
  }

  get workflowId(): string {
    return this.beginning.workflowId;
  }

  get isOpen(): boolean {
    return this.status === 'RUNNING';
  }
}
