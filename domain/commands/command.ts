import type { Problem } from '../errors.ts';
import type { DayLimits } from '../limits/day-limits.ts';

/** Who asked, and under which request: what the timeline and idempotency need. */
export interface CommandEnvelope {
  /** Unique in its order; the same id is the same command. */
  readonly commandId: string;
  /** Hash of the request's body: the same command id with another hash is refused. */
  readonly requestHash: string;
  /** The API request that first brought it; a repeat sees another id than its own in the result. */
  readonly requestId: string;
  readonly actor: string;
  /** What the actor's API key may move out in a day; absent: it has no limit. */
  readonly perDay?: DayLimits;
}

/** A command that says why it was sent, for the timeline. */
export interface ReasonedCommand extends CommandEnvelope {
  readonly reason?: string | undefined;
}

/** How a command ended. `problem` says why where it was not done. */
export interface CommandResult {
  readonly commandId: string;
  readonly requestHash: string;
  readonly requestId: string;
  readonly outcome: 'done' | 'declined' | 'refused' | 'needs_attention' | 'needs_approval';
  readonly problem: Problem | null;
  /** Brought about by an earlier request that only Stripe knew of. */
  readonly replayed?: true;
}

/** A command that has not ended yet. */
export interface RunningCommand extends Pick<CommandResult, 'commandId' | 'requestHash' | 'requestId'> {
  readonly outcome: 'running';
}

/** Whether its outcome stays as it is: it neither runs nor waits for a person. */
export function isConcluded(command: CommandResult | RunningCommand): command is CommandResult {
  return command.outcome !== 'running' && !command.outcome.startsWith('needs_');
}
