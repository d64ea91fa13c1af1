import type { CommandResult, RunningCommand } from '../../domain/commands/command.ts';
import type { Callers } from '../lives/caller.ts';
import type { Execution } from '../temporal/execution.ts';
import type { World } from '../world/world.ts';

/** What is wrong with the answer to a command; null: nothing is. `about`: as the plan names what it is about. */
export async function wrongAnswer(
  { server }: World,
  callers: Callers,
  execution: Execution,
  about: string,
): Promise<string | null> {
  for (const { about: asked, envelope, results } of callers.asked.values()) {
    if (asked !== about) continue;
    const args = JSON.stringify([envelope.commandId]);
    const known = (await server.query(execution, 'command', args)) as CommandResult | RunningCommand | null;
    if (known?.outcome === 'running') return `${envelope.commandId} has no result`;
    // What was approved is carried out, or waits on.
    const isHeld = results.some(({ outcome }) => outcome === 'needs_approval');
    if (isHeld && known?.outcome === 'refused' && known.problem?.code === 'needs_attention')
      return `the approval of ${envelope.commandId} was used up by what was stuck`;
  }
  return null;
}
