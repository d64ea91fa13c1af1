import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { SearchAttributePair } from '@temporalio/common';
import { defaultDataConverter } from '@temporalio/common';
import { toJson } from '../runtime/jobs.ts';
import type { Chance } from '../world/chance.ts';
import type { Process } from '../world/process.ts';
import { answerOf, described, gone, late, startedEvent } from './answers.ts';
import type { Beginning, Execution } from './execution.ts';
import type { Server } from './server.ts';
import { filterOf } from './visibility.ts';

const LATENCY_MAX_MS = 20;
/** How often a query is repeated while its workflow is in the middle of a task. */
const ASK_AGAIN_MS = 100;
const PAGE_LATENCY_MS = 5;

interface Named {
  readonly name: string;
}

interface StartOptions {
  readonly workflowId: string;
  readonly args?: readonly unknown[];
  readonly memo?: Readonly<Record<string, unknown>>;
  readonly typedSearchAttributes?: readonly SearchAttributePair[];
  readonly workflowIdReusePolicy?: string;
  readonly workflowIdConflictPolicy?: string;
}

interface UpdateOptions {
  readonly args: readonly unknown[];
  /** Absent: one of its own. */
  readonly updateId?: string;
}

interface WithStartOptions extends UpdateOptions {
  readonly startWorkflowOperation: { readonly workflowTypeOrFunc: string; readonly options: StartOptions };
}

/**
 * The part of Temporal's client that Waybill uses, on the simulated server. Each call takes its time in both directions, so that
 * whoever makes it may die before, or before the answer comes.
 */
export function createClient(server: Server, chance: Chance): Client {
  return new SimulatedClient(server, chance) as unknown as Client;
}

class SimulatedClient {
  readonly #server: Server;
  readonly #chance: Chance;
  #deadline = Number.POSITIVE_INFINITY;
  readonly options = { namespace: 'default', loadedDataConverter: defaultDataConverter };
  readonly connection = {
    withDeadline: async <T>(deadline: number, work: () => Promise<T>): Promise<T> => {
      const before = this.#deadline;
      this.#deadline = Math.min(before, deadline);
      try {
        // Each call looks at the deadline when it begins, before anything else can run.
        return work();
      } finally {
        this.#deadline = before;
      }
    },
    withAbortSignal: <T>(_: AbortSignal, work: () => Promise<T>): Promise<T> => work(),
  };
  readonly workflowService = {
    getSystemInfo: () => this.#call(() => ({})),
    getWorkflowExecutionHistory: ({ execution }: { execution: { workflowId: string } }) =>
      this.#call(() => ({ history: { events: [startedEvent(this.#known(execution.workflowId))] } })),
  };
  readonly workflow = {
    start: (type: string, options: StartOptions) => this.#call(() => void this.#start(type, options)),
    signalWithStart: (
      type: string,
      options: StartOptions & { signal: Named | string; signalArgs: readonly unknown[] },
    ) =>
      this.#call(() => {
        const execution = this.#start(type, { ...options, workflowIdConflictPolicy: 'USE_EXISTING' });
        this.#signal(execution, options.signal, options.signalArgs);
      }),
    executeUpdateWithStart: (update: Named, options: WithStartOptions) =>
      this.#updatedWithStart(update, options, 'completed'),
    startUpdateWithStart: (update: Named, options: WithStartOptions) =>
      this.#updatedWithStart(update, options, 'accepted'),
    getHandle: (workflowId: string) => ({
      workflowId,
      signal: (signal: Named | string, ...args: unknown[]) =>
        this.#call(() => this.#signal(this.#open(workflowId), signal, args)),
      query: (query: Named, ...args: unknown[]) => this.#query(workflowId, query, args),
      describe: () => this.#call(() => described(this.#known(workflowId))),
      executeUpdate: (update: Named, options: UpdateOptions) =>
        this.#updated(() => this.#open(workflowId), update, options, 'completed'),
      startUpdate: (update: Named, options: UpdateOptions) =>
        this.#updated(() => this.#open(workflowId), update, options, 'accepted'),
    }),
    list: ({ query }: { query: string }) => this.#list(query),
    count: (query: string) => this.#call(() => ({ count: this.#found(query).length })),
  };

  constructor(server: Server, chance: Chance) {
    this.#server = server;
    this.#chance = chance;
  }

  /** One call that the server answers at once. */
  #call<T>(work: () => T | Promise<T>): Promise<T> {
    const { clock, processes } = this.#server;
    return processes.wait<T>((resolve, reject, process) => {
      process.requests += 1;
      const place = `${process.place} call ${process.requests}`;
      const [there, back] = ['there', 'back'].map((way) =>
        this.#chance.between(`${way} ${place}`, 1, LATENCY_MAX_MS),
      ) as [number, number];
      clock.after(there, async () => {
        try {
          const value = await work();
          this.#mayCrash(process, place);
          clock.after(back, () => resolve(value));
        } catch (error) {
          clock.after(back, () => reject(error));
        }
      });
    });
  }

  /** What a worker asked of the server is done, and the worker does not learn of it. */
  #mayCrash({ worker, life }: Process, place: string): void {
    if (!worker || worker.life !== life || !this.#chance.happens('crash', `${place} done`)) return;
    this.#server.crash(worker, place);
  }

  async #query(workflowId: string, query: Named, args: unknown[]): Promise<unknown> {
    const deadline = this.#deadline;
    for (;;) {
      const answer = await this.#call(async () => {
        const execution = this.#known(workflowId);
        const isIdle = execution.task !== 'running' && execution.recorded.length > 0;
        const isAnswered = isIdle && this.#server.workers.some(({ isUp }) => isUp);
        return isAnswered
          ? { value: await this.#server.query(execution, query.name, toJson(args) ?? '[]') }
          : null;
      });
      if (answer) return answer.value;
      if (this.#server.clock.now >= deadline) throw late();
      await this.#server.processes.sleep(ASK_AGAIN_MS);
    }
  }

  /** Sends an update, and waits for its answer or until it is accepted, as long as the deadline allows. */
  #updated(
    find: () => Execution,
    { name }: Named,
    { args, updateId }: UpdateOptions,
    stage: 'accepted' | 'completed',
  ): Promise<unknown> {
    const deadline = this.#deadline;
    const { clock, processes } = this.#server;
    return processes.wait((resolve, reject, process) => {
      process.requests += 1;
      const place = `${process.place} call ${process.requests}`;
      const id = updateId ?? place;
      let isOver = false;
      const over = (report: () => void) => {
        if (isOver) return;
        isOver = true;
        clock.after(this.#chance.between(`back ${place}`, 1, LATENCY_MAX_MS), report);
      };
      if (Number.isFinite(deadline)) clock.at(deadline, () => over(() => reject(late())));
      const send = (execution: Execution): void => {
        const update = this.#server.update(execution, {
          type: 'update',
          id,
          name,
          args: toJson(args) ?? '[]',
        });
        const watch = (): void => {
          if (isOver) return void update.watchers.delete(watch);
          const answer = answerOf(execution, update, stage);
          if (answer === 'moved') {
            update.watchers.delete(watch);
            const next = this.#server.newest.get(execution.workflowId);
            if (next && next !== execution) send(next);
            else over(() => reject(gone(execution.workflowId)));
          } else if (answer) over(() => ('error' in answer ? reject(answer.error) : resolve(answer.value)));
        };
        update.watchers.add(watch);
        watch();
      };
      clock.after(this.#chance.between(`there ${place}`, 1, LATENCY_MAX_MS), () => {
        try {
          send(find());
        } catch (error) {
          over(() => reject(error));
        }
      });
    });
  }

  #updatedWithStart(
    update: Named,
    options: WithStartOptions,
    stage: 'accepted' | 'completed',
  ): Promise<unknown> {
    const { workflowTypeOrFunc, options: start } = options.startWorkflowOperation;
    return this.#updated(() => this.#start(workflowTypeOrFunc, start), update, options, stage);
  }

  async *#list(query: string) {
    await this.#server.processes.sleep(PAGE_LATENCY_MS);
    yield* this.#found(query).map(described);
  }

  #found(query: string): Execution[] {
    return this.#server.executions.filter(filterOf(query)).toReversed();
  }

  #known(workflowId: string): Execution {
    const execution = this.#server.newest.get(workflowId);
    if (!execution) throw gone(workflowId);
    return execution;
  }

  #open(workflowId: string): Execution {
    const execution = this.#known(workflowId);
    if (!execution.isOpen) throw gone(workflowId);
    return execution;
  }

  #signal(execution: Execution, signal: Named | string, args: readonly unknown[]): void {
    const name = typeof signal === 'string' ? signal : signal.name;
    this.#server.add(execution, { type: 'signal', name, args: toJson(args) ?? '[]' });
  }

  /** By the policies for an id that is in use. */
  #start(type: string, options: StartOptions): Execution {
    const { workflowId, workflowIdReusePolicy: reuse = 'ALLOW_DUPLICATE' } = options;
    const before = this.#server.newest.get(workflowId);
    if (before?.isOpen && options.workflowIdConflictPolicy === 'USE_EXISTING') return before;
    const mayReuse =
      reuse === 'ALLOW_DUPLICATE' || (reuse === 'ALLOW_DUPLICATE_FAILED_ONLY' && before?.status === 'FAILED');
    if (before && (before.isOpen || !mayReuse)) {
      throw new WorkflowExecutionAlreadyStartedError('Workflow execution already started', workflowId, type);
    }
    const pairs = options.typedSearchAttributes ?? [];
    return this.#server.begin({
      workflowId,
      type,
      args: toJson(options.args ?? []) ?? '[]',
      memo: options.memo ?? {},
      searchAttributes: Object.fromEntries(pairs.map(({ key, value }) => [key.name, value])),
      lastResult: undefined,
    } satisfies Beginning);
  }
}
