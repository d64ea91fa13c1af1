import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { LogFacts } from '../telemetry/log-facts.ts';
import { factsOfWorkflow, withLogFacts } from '../telemetry/log-facts.ts';

/** What an operation says of itself (domain/commands/operation-stamp.ts). Other activities take other things. */
interface Stamped {
  readonly operationId?: unknown;
  readonly requestId?: unknown;
}

/** Lets every log line of an activity, the SDK's own too, say whose operation it is and which request asked for it. */
export const activityLog: ActivityInterceptorsFactory = ({ info }) => {
  const facts: LogFacts = factsOfWorkflow(info.workflowExecution?.workflowId ?? '');
  return {
    inbound: {
      execute(input, next) {
        const { operationId, requestId } = (input.args[0] ?? {}) as Stamped;
        if (typeof operationId === 'string') facts.command_id = operationId;
        if (typeof requestId === 'string') facts.request_id = requestId;
        return withLogFacts(facts, () => next(input));
      },
    },
    outbound: { getLogAttributes: (input, next) => next({ ...input, ...facts }) },
  };
};
