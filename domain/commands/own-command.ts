import type { CommandEnvelope } from './commands.ts';

/** What Waybill does by itself, as a command: the same id is the same thing done. */
export function ownCommand(commandId: string): CommandEnvelope {
  return { commandId, requestHash: commandId, requestId: commandId, actor: 'waybill' };
}
