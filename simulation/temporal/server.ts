import type { Activation, Command, Job } from '../runtime/jobs.ts';
import { areAlike, toText } from '../runtime/jobs.ts';
import { WorkflowRun } from '../runtime/workflow-run.ts';
import type { Chance } from '../world/chance.ts';
import type { VirtualClock } from '../world/clock.ts';
import type { Processes } from '../world/process.ts';
import type { Beginning, Update } from './execution.ts';
import { Execution } from './execution.ts';
import type { TaskServer } from './task-server.ts';
import { Worker } from './worker.ts';
import { runTask } from './workflow-task.ts';

// biome-ignore lint/suspicious/noExplicitAny: workflows and activities of any arguments
type Code = Readonly<Record<string, (...args: any[]) => any>>;

export interface ServerParts {
  readonly clock: VirtualClock;
  readonly chance: Chance;
  readonly processes: Processes;
  readonly workflows: Code;
  readonly callActivity: (name: string, args: string, attempt: number) => Promise<string | undefined>;
  readonly workers: number;
  /** Events after which a run is asked to go on in a new one. */
  readonly eventsMax: number;
  /** A run asked for something else than what is recorded, or its code threw. */
  readonly onBroken: (execution: Execution, why: string) => void;
}

/** A task is handed out within so many milliseconds. */
const TASK_LATENCY_MS = 30;
const RESTART_MAX_MS = 30_000;
/** Longer than Stripe remembers a key. */
const FLEET_DOWN_MS = 25 * 3_600_000;
const VISIBLE_AFTER_MS = 1_000;
const STALE_MAX_MS = 60_000;
/** A namespace's shortest retention is a day. */
const RETENTION_MS = 26 * 3_600_000;
const FORGETTABLE: ReadonlySet<string> = new Set(['order', 'payout', 'specialCaseTransfer']);

/** What Waybill sees of a Temporal server and its workers: histories that are lost at most some time after their end, and workers that come and go. */
export class Server implements TaskServer {
  readonly clock: VirtualClock;
  readonly chance: Chance;
  readonly processes: Processes;
  readonly workers: readonly Worker[];
  /** The newest run of each workflow, by its id. */
  readonly newest = new Map<string, Execution>();
  readonly executions: Execution[] = [];
  /** Runs that ended so long ago that the server has deleted them, by workflow id. */
  readonly forgotten = new Map<string, Execution>();
  onForgotten: (execution: Execution) => void = () => {};
  readonly changed = new Set<Execution>();
  readonly durable = new Map<string, number>();
  readonly #parts: ServerParts;
  readonly #forWorkers: (() => void)[] = [];
  #runs = 0;
  /** When all workers are up again. */
  allUpAt = 0;

  constructor(parts: ServerParts) {
    this.#parts = parts;
    this.clock = parts.clock;
    this.chance = parts.chance;
    this.processes = parts.processes;
    this.workers = Array.from({ length: parts.workers }, (_, id) => new Worker(id));
  }

  begin(beginning: Beginning): Execution {
    this.#runs += 1;
    const { workflowId } = beginning;
    const before = this.newest.get(workflowId) ?? this.forgotten.get(workflowId);
    const execution = new Execution(beginning, `run-${this.#runs}`, this.clock.now, before);
    this.newest.set(beginning.workflowId, execution);
    this.executions.push(execution);
    this.showLater(execution);
    this.planTask(execution);
    return execution;
  }

  add(execution: Execution, job: Job, events = 1): void {
    execution.inbox.push(job);
    execution.events += events;
    this.planTask(execution);
  }

  update(execution: Execution, job: Job & { type: 'update' }): Update {
    const known = execution.updates.get(job.id);
    if (known) return known;
    const update: Update = { id: job.id, job, stage: 'admitted', outcome: null, watchers: new Set() };
    execution.updates.set(job.id, update);
    this.add(execution, job, 0);
    return update;
  }

  get eventsMax(): number {
    return this.#parts.eventsMax;
  }

  break(execution: Execution, why: string): void {
    this.#parts.onBroken(execution, why);
  }

  callActivity(name: string, args: string, attempt: number): Promise<string | undefined> {
    return this.#parts.callActivity(name, args, attempt);
  }

  withWorker(
    place: string,
    use: (worker: Worker) => void | Promise<void>,
    wanted: number | null = null,
  ): void {
    const up = this.workers.filter(({ isUp }) => isUp);
    if (up.length === 0) {
      this.#forWorkers.push(() => this.withWorker(place, use, wanted));
      return;
    }
    const sticky = up.find(({ id }) => id === wanted);
    const worker = sticky ?? this.chance.pick(`worker ${place}`, up);
    this.clock.after(this.chance.between(`handed ${place}`, 1, TASK_LATENCY_MS), () => {
      if (worker.isUp) return use(worker);
      return this.withWorker(`${place}'`, use);
    });
  }

  /** Ends a worker in the middle of whatever it does, or all of them; another life begins later. */
  crash(worker: Worker, place: string): void {
    const isFleet = this.chance.happens('fleet_down', place);
    const restartMs = isFleet ? FLEET_DOWN_MS : this.chance.between(`restart ${place}`, 100, RESTART_MAX_MS);
    for (const one of isFleet ? this.workers : [worker]) this.#end(one, restartMs);
  }

  #end(worker: Worker, restartMs: number): void {
    if (!worker.isUp) return;
    worker.crash();
    this.allUpAt = Math.max(this.allUpAt, this.clock.now + restartMs);
    this.clock.after(restartMs, () => {
      worker.isUp = true;
      for (const waiting of this.#forWorkers.splice(0)) waiting();
    });
  }

  /** What a run answers, from its history where no worker knows it. Null: it is in the middle of a task. */
  async query(execution: Execution, name: string, args: string): Promise<unknown> {
    const cached = this.#cached(execution);
    if (cached) return cached.query(name, args);
    execution.earlier = await this.#replayed(execution);
    return execution.earlier.query(name, args);
  }

  /** What a run in some worker's memory would answer; undefined: there is none. Nothing is asked of anybody. */
  peek(execution: Execution, name: string, ...args: readonly unknown[]): unknown {
    return this.#cached(execution)?.peek(name, args);
  }

  /**
   * For a worker that does not have the run in its memory. The one that was lost replays what follows when this one is lost: all that
   * is recorded is replayed once, and not once more from the beginning each time.
   */
  async replay(execution: Execution): Promise<WorkflowRun> {
    const run = await this.#replayed(execution);
    execution.earlier = execution.latest;
    return run;
  }

  async #replayed(execution: Execution): Promise<WorkflowRun> {
    const run = execution.earlier ?? this.#newRun(execution);
    for (const activation of execution.recorded.slice(run.rounds)) {
      const commands = await run.activate(activation, true);
      this.#compare(execution, activation, commands);
    }
    return run;
  }

  #cached({ runId, sticky }: Execution): WorkflowRun | undefined {
    return this.workers.find(({ id, isUp }) => isUp && id === sticky)?.runs.get(runId);
  }

  #newRun({ beginning, runId, startedAt }: Execution): WorkflowRun {
    const { type, workflowId, searchAttributes, lastResult, memo, continued } = beginning;
    const workflow = this.#parts.workflows[type];
    if (!workflow) throw new Error(`There is no workflow ${type}.`);
    const info = {
      workflowId,
      runId,
      firstExecutionRunId: beginning.first ?? runId,
      workflowType: type,
      startTime: new Date(startedAt),
      lastResult,
      memo,
      ...(continued ? { continuedFromExecutionRunId: continued } : {}),
      continueAsNewSuggested: false,
      currentDeploymentVersion: undefined,
    };
    return new WorkflowRun(workflow, info, searchAttributes);
  }

  #compare(execution: Execution, { commands: recorded }: Activation, commands: readonly Command[]): void {
    if (recorded.length === commands.length && recorded.every((one, n) => areAlike(one, commands[n]))) return;
    const [was, is] = [recorded.map(toText), commands.map(toText)];
    const at = was.findIndex((text, n) => text !== is[n]);
    if (at < 0 && was.length === is.length) return;
    this.#parts.onBroken(execution, `it is not deterministic: ${was[at]} became ${is[at]}`);
  }

  planTask(execution: Execution): void {
    if (execution.task !== 'none' || !execution.isOpen) return;
    execution.task = 'planned';
    execution.tasks += 1;
    const place = `${execution.workflowId} task ${execution.tasks}`;
    this.withWorker(place, (worker) => runTask(this, execution, worker, place), execution.sticky);
  }

  changeUpdate(execution: Execution, id: string, stage: Update['stage'], outcome: Update['outcome']): void {
    const update = execution.updates.get(id);
    if (!update) return;
    update.stage = stage;
    update.outcome = outcome;
    for (const watch of [...update.watchers]) watch();
  }

  close(execution: Execution, status: Execution['status'], result: Execution['result']): void {
    execution.status = status;
    execution.result = result;
    for (const cancel of execution.timers.values()) cancel();
    this.showLater(execution);
    if (status === 'CONTINUED_AS_NEW') return;
    this.noticeEnd(execution);
    this.#mayForget(execution);
  }

  #mayForget(execution: Execution): void {
    const { workflowId, beginning, tasks } = execution;
    if (!FORGETTABLE.has(beginning.type)) return;
    if (!this.chance.happens('forgotten', `${workflowId} ended by task ${tasks}`)) return;
    this.clock.after(RETENTION_MS, () => {
      execution.visible = null;
      if (this.newest.get(workflowId) !== execution) return;
      this.newest.delete(workflowId);
      this.forgotten.set(workflowId, execution);
      this.onForgotten(execution);
    });
  }

  noticeEnd(execution: Execution): void {
    for (const update of execution.updates.values()) for (const watch of [...update.watchers]) watch();
  }

  showLater(execution: Execution): void {
    const { chance } = this;
    const { status, searchAttributes } = execution;
    execution.changes += 1;
    const version = execution.changes;
    const place = `${execution.workflowId} change ${version}`;
    const most = chance.happens('stale_list', place) ? STALE_MAX_MS : VISIBLE_AFTER_MS;
    this.clock.after(chance.between(`visible ${place}`, 0, most), () => {
      // What came later stands.
      if (version > (execution.visible?.version ?? 0))
        execution.visible = { status, searchAttributes, version };
    });
  }
}
