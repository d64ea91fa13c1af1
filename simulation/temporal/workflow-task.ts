import type { Activation, ActivityResult, Command, Job } from '../runtime/jobs.ts';
import { isLast } from '../runtime/jobs.ts';
import type { WorkflowRun } from '../runtime/workflow-run.ts';
import { ActivityAttempts } from './activity-attempts.ts';
import { applyCommand } from './apply-command.ts';
import type { Execution } from './execution.ts';
import type { TaskServer } from './task-server.ts';
import type { Worker } from './worker.ts';

/** An answer is on its way for so many milliseconds. */
const ANSWER_LATENCY_MS = 30;
/** How long a worker is gone before its workflow tasks are given to another. */
const UNNOTICED_MS = 10_000;

/** One workflow task on one worker. */
interface Task {
  readonly server: TaskServer;
  readonly execution: Execution;
  readonly worker: Worker;
  /** Of the worker when it took the task. */
  readonly life: number;
  readonly place: string;
  readonly rounds: Activation[];
  /** Gives it to whoever is up. */
  readonly again: () => void;
}

/** Brings a run what is new, and carries out what it asks for. Until the server has the answer, nothing of it has happened. */
export async function runTask(
  server: TaskServer,
  execution: Execution,
  worker: Worker,
  place: string,
): Promise<void> {
  if (!execution.isOpen) return;
  execution.task = 'running';
  const taken = execution.inbox.splice(0);
  if (server.chance.happens('evicted', place)) worker.evict(execution);
  const again = () => {
    execution.inbox.unshift(...taken);
    execution.task = 'none';
    execution.sticky = null;
    server.planTask(execution);
  };
  const task: Task = { server, execution, worker, life: worker.life, place, rounds: [], again };
  const lost = () => server.clock.after(UNNOTICED_MS, again);
  worker.lost.add(lost);
  try {
    const known = execution.sticky === worker.id ? worker.runs.get(execution.runId) : undefined;
    const run = known ?? (await server.replay(execution));
    worker.runs.set(execution.runId, run);
    execution.sticky = worker.id;
    execution.latest = null;
    await inRounds(task, run, taken, () => {
      if (worker.life !== task.life) return;
      worker.lost.delete(lost);
      complete(task, run);
    });
  } catch (error) {
    broken(task, error);
  }
}

/** The workflow's code threw what is none of Temporal's errors: the task would fail again and again. */
function broken({ server, execution, worker }: Task, error: unknown): void {
  worker.evict(execution);
  server.break(execution, String((error as Error)?.stack ?? error));
}

/** One round, and one more for each local activity that ends, until none is left. */
async function inRounds(task: Task, run: WorkflowRun, jobs: readonly Job[], done: () => void): Promise<void> {
  const { server, execution, worker, life, place, rounds } = task;
  const { clock, chance } = server;
  let open = 0;
  const activate = async (told: readonly Job[]): Promise<void> => {
    const continueAsNewSuggested = execution.events >= server.eventsMax;
    const round = { at: clock.now, jobs: told, continueAsNewSuggested };
    const commands = await run.activate(round, false);
    rounds.push({ ...round, commands });
    for (const command of commands) {
      if (command.type !== 'schedule_local_activity') continue;
      open += 1;
      execution.activities += 1;
      const named = `${execution.workflowId} ${command.name} ${execution.activities}`;
      const resolve = (result: ActivityResult) => {
        open -= 1;
        // Not in the middle of the step that ended it.
        clock.after(0, async () => {
          if (worker.life !== life) return;
          await activate([{ type: 'resolve_activity', seq: command.seq, result }]).catch((error) =>
            broken(task, error),
          );
        });
      };
      new ActivityAttempts(server, execution, command, named, resolve).beginLocally(worker);
    }
    if (open === 0) clock.after(chance.between(`answered ${place}`, 1, ANSWER_LATENCY_MS), done);
  };
  await activate(jobs);
}

function complete({ server, execution, worker, rounds, again }: Task, run: WorkflowRun): void {
  if (!execution.isOpen) return;
  const commands = rounds.flatMap((round) => round.commands);
  if (commands.some(isLast) && execution.inbox.length > 0) {
    // The server refuses to end a run that has something new.
    worker.evict(execution);
    again();
    return;
  }
  const rejected = new Set(commands.flatMap((one) => (one.type === 'reject_update' ? [one.id] : [])));
  execution.task = 'none';
  execution.events += 3;
  for (const round of rounds) execution.recorded.push(withoutRejected(round, rejected));
  execution.latest = run;
  for (const command of commands) applyCommand(server, execution, command);
  server.changed.add(execution);
  if (execution.inbox.length > 0) server.planTask(execution);
}

/** A rejected update leaves no trace. */
function withoutRejected(round: Activation, rejected: ReadonlySet<string>): Activation {
  if (rejected.size === 0) return round;
  const isKept = (one: Job | Command) =>
    !((one.type === 'update' || one.type === 'reject_update') && rejected.has(one.id));
  return { ...round, jobs: round.jobs.filter(isKept), commands: round.commands.filter(isKept) };
}
