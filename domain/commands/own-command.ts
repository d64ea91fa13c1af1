import type { CommandEnvelope } from './command.ts';

/** What Waybill does on its own, as a command. The same id is the same action. */
export function ownCommand(commandId: string): CommandEnvelope {
  return { commandId, requestHash: commandId, requestId: commandId, actor: 'waybill' };
}
