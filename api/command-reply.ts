import type { CommandEnvelope, CommandResult } from '../domain/commands.ts';
import { problem } from '../domain/errors.ts';
import type { Reply } from './endpoint.ts';
import { problemOfRepeat } from './idempotency.ts';
import { problemReply } from './problems.ts';
import type { WaitPreference } from './schemas/headers.ts';

/** What a command left behind, ready to be shown. */
export interface Aftermath {
  readonly location: string;
  readonly body: unknown;
  /** What the outcome `done` is in HTTP. */
  readonly doneStatus: 200 | 201 | 202;
  /** The order's id, for a decline. */
  readonly order?: string;
}

/** The answer of a command that came to an end. */
export function endedReply(
  result: CommandResult,
  envelope: CommandEnvelope,
  { location, body, doneStatus, order }: Aftermath,
): Reply {
  const { requestId } = envelope;
  if (result.requestHash !== envelope.requestHash) {
    return problemReply(problemOfRepeat(result, envelope), { requestId });
  }
  const replayed = result.requestId === requestId ? {} : { 'Idempotent-Replayed': 'true' };
  const why = result.problem ?? problem('internal', `The command was ${result.outcome} without a reason.`);
  switch (result.outcome) {
    case 'done':
      return {
        status: doneStatus,
        headers: { ...replayed, ...(doneStatus === 200 ? {} : { Location: location }) },
        body,
      };
    case 'needs_attention':
      return { status: 202, headers: { ...replayed, Location: location }, body };
    case 'declined':
      return problemReply(why, { requestId, headers: replayed, ...(order === undefined ? {} : { order }) });
    case 'refused':
      return problemReply(why, { requestId, headers: replayed });
  }
}

/** The answer where the caller's patience ended before the command did. */
export function runningReply(wait: WaitPreference, { location, body }: Aftermath): Reply {
  return {
    status: 202,
    headers: { Location: location, ...(wait.asked ? { 'Preference-Applied': `wait=${wait.seconds}` } : {}) },
    body,
  };
}
