import type { ActivityResult, Command } from '../runtime/jobs.ts';
import { ActivityAttempts } from './activity-attempts.ts';
import type { Execution } from './execution.ts';
import type { TaskServer } from './task-server.ts';

const OPERATION_ID = /"operationId":"([^"]+)"/;

/** Does what a workflow asked for, once that is recorded. Counts the events that it costs. */
export function applyCommand(server: TaskServer, execution: Execution, command: Command): void {
  switch (command.type) {
    case 'schedule_activity':
      scheduleActivity(server, execution, command);
      return;
    case 'schedule_local_activity':
      execution.events += 1;
      return;
    case 'start_timer':
      startTimer(server, execution, command);
      return;
    case 'cancel_timer':
      execution.timers.get(command.seq)?.();
      execution.timers.delete(command.seq);
      execution.inbox = execution.inbox.filter((job) => job.type !== 'fire_timer' || job.seq !== command.seq);
      execution.events += 1;
      return;
    case 'upsert_search_attributes':
      execution.searchAttributes = { ...execution.searchAttributes, ...command.values };
      execution.events += 1;
      server.showLater(execution);
      return;
    case 'upsert_memo':
      execution.memo = { ...execution.memo, ...command.values };
      execution.events += 1;
      return;
    case 'accept_update':
      execution.events += 1;
      server.changeUpdate(execution, command.id, 'accepted', null);
      return;
    case 'reject_update':
      server.changeUpdate(execution, command.id, 'completed', { failure: command.failure });
      // The same id may be let in later.
      execution.updates.delete(command.id);
      return;
    case 'complete_update':
      execution.events += 1;
      server.changeUpdate(execution, command.id, 'completed', command.result);
      return;
    case 'complete':
      server.close(execution, 'COMPLETED', { value: command.value });
      return;
    case 'fail':
      server.close(execution, 'FAILED', { failure: command.failure });
      return;
    case 'continue_as_new':
      continueAsNew(server, execution, command.args);
  }
}

function scheduleActivity(
  server: TaskServer,
  execution: Execution,
  command: Command & { readonly type: 'schedule_activity' },
): void {
  execution.activities += 1;
  execution.events += 3;
  const [, operationId] = OPERATION_ID.exec(command.args) ?? [];
  if (operationId !== undefined && !server.durable.has(operationId))
    server.durable.set(operationId, server.clock.now);
  const place = `${execution.workflowId} ${command.name} ${execution.activities}`;
  execution.openActivities.add(command.seq);
  const resolve = (result: ActivityResult) => {
    execution.openActivities.delete(command.seq);
    if (execution.isOpen) server.add(execution, { type: 'resolve_activity', seq: command.seq, result }, 0);
  };
  new ActivityAttempts(server, execution, command, place, resolve).begin();
}

function startTimer(
  server: TaskServer,
  execution: Execution,
  { seq, ms }: Command & { readonly type: 'start_timer' },
): void {
  execution.events += 1;
  const fire = () => {
    execution.timers.delete(seq);
    if (execution.isOpen) server.add(execution, { type: 'fire_timer', seq });
  };
  execution.timers.set(seq, server.clock.after(ms, fire));
}

/** Whoever waits for an update that the run did not let in waits for the new one. */
function continueAsNew(server: TaskServer, execution: Execution, args: string): void {
  server.close(execution, 'CONTINUED_AS_NEW', null);
  const { beginning, searchAttributes, memo, runId } = execution;
  server.begin({
    ...beginning,
    args,
    searchAttributes,
    memo,
    continued: runId,
    first: beginning.first ?? runId,
  });
  server.noticeEnd(execution);
}
