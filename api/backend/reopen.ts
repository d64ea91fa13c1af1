import type { Client, WithStartWorkflowOperation } from '@temporalio/client';
import { WithStartWorkflowOperation as WithStart } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import type { CommandEnvelope } from '../../domain/commands/commands.ts';
import type { Beginning } from './begin.ts';
import { startOptions } from './begin.ts';
import { settle } from './settle.ts';

/**
 * Reopens a workflow that has ended or is gone, for one command: one call to Temporal starts the new run and sends it the
 * command, so that neither can be lost without the other. Null: it is running.
 */
export function reopen<Answer, Input, Message extends CommandEnvelope>(
  temporal: Client,
  beginning: Omit<Beginning<unknown, Input>, 'update'>,
  { update, message }: { readonly update: UpdateDefinition<Answer, [Message]>; readonly message: Message },
  waitMs: number,
): Promise<Answer | null> {
  const start = (): WithStartWorkflowOperation<(input: Input) => Promise<unknown>> =>
    new WithStart(beginning.workflowType, startOptions(beginning, 'ALLOW_DUPLICATE', 'USE_EXISTING'));
  const args: [Message] = [message];
  const updateId = message.commandId;
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
  return settle(temporal, call, waitMs);
}
