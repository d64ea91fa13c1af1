import type { CommandResult, RunningCommand } from '../../domain/commands/command.ts';
import type { Callers } from '../lives/caller.ts';
import type { Execution } from '../temporal/execution.ts';
import type { World } from '../world/world.ts';

/** The id of a command that is still running; null: none is. `about`: as the plan names what it is about. */
export async function unansweredOf(
  { server }: World,
  callers: Callers,
  execution: Execution,
  about: string,
): Promise<string | null> {
  for (const { about: asked, envelope } of callers.asked.values()) {
    if (asked !== about) continue;
    const args = JSON.stringify([envelope.commandId]);
    const known = (await server.query(execution, 'command', args)) as CommandResult | RunningCommand | null;
    if (known?.outcome === 'running') return envelope.commandId;
  }
  return null;
}
