import type { Job } from '../runtime/jobs.ts';
import type { WorkflowRun } from '../runtime/workflow-run.ts';
import type { Chance } from '../world/chance.ts';
import type { VirtualClock } from '../world/clock.ts';
import type { Processes } from '../world/process.ts';
import type { Beginning, Execution, Update } from './execution.ts';
import type { Worker } from './worker.ts';

/** What tasks need of their server. */
export interface TaskServer {
  readonly clock: VirtualClock;
  readonly chance: Chance;
  readonly processes: Processes;
  /** Events after which a run is asked to go on in a new one. */
  readonly eventsMax: number;
  /** Ids of the operations that are written down, and since when: milliseconds since the epoch. */
  readonly durable: Map<string, number>;
  /** Runs whose task was completed since somebody looked last. */
  readonly changed: Set<Execution>;
  begin(beginning: Beginning): Execution;
  /** An event for a run that is open. */
  add(execution: Execution, job: Job, events?: number): void;
  callActivity(name: string, args: string, attempt: number): Promise<string | undefined>;
  /** Calls back with a worker, at once or when one is up again. */
  withWorker(place: string, use: (worker: Worker) => void | Promise<void>, wanted?: number | null): void;
  planTask(execution: Execution): void;
  /** The run as its history has it. */
  replay(execution: Execution): Promise<WorkflowRun>;
  /** A run asked for something else than what is recorded, or its code threw. */
  break(execution: Execution, why: string): void;
  changeUpdate(execution: Execution, id: string, stage: Update['stage'], outcome: Update['outcome']): void;
  close(execution: Execution, status: Execution['status'], result: Execution['result']): void;
  /** Tells those who wait for an update of a run that is over. */
  noticeEnd(execution: Execution): void;
  showLater(execution: Execution): void;
}
