import type { Client, WithStartWorkflowOperation } from '@temporalio/client';
import { WithStartWorkflowOperation as WithStart } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import type { CommandMessage } from '../../domain/commands/define-command.ts';
import type { Beginning } from './begin.ts';
import { startOptions } from './begin.ts';
import { waitForAnswer } from './wait.ts';

/**
 * Reopens a workflow that has ended or is gone, for one command: one call to Temporal starts the new run and sends it the
 * command, so that neither can be lost without the other. Null: it is running.
 */
export function reopen<Answer, Input>(
  temporal: Client,
  beginning: Omit<Beginning<unknown, Input>, 'update'>,
  {
    update,
    message,
    commandId,
  }: {
    readonly update: UpdateDefinition<Answer, [CommandMessage]>;
    readonly message: CommandMessage;
    readonly commandId: string;
  },
  waitMs: number,
): Promise<Answer | null> {
  const start = (): WithStartWorkflowOperation<(input: Input) => Promise<unknown>> =>
    new WithStart(beginning.workflowType, startOptions(beginning, 'ALLOW_DUPLICATE', 'USE_EXISTING'));
  const args: [CommandMessage] = [message];
  // Under the command's own id Temporal would give what the ended run answered, such as that it needs attention, and start nothing.
  const updateId = `reopen/${commandId}`;
  const client = temporal.workflow;
  const call = {
    execute: () => client.executeUpdateWithStart(update, { updateId, args, startWorkflowOperation: start() }),
    admit: () =>
      client.startUpdateWithStart(update, {
        updateId,
        args,
        startWorkflowOperation: start(),
        waitForStage: 'ACCEPTED',
      }),
  };
  return waitForAnswer(temporal, call, waitMs);
}
