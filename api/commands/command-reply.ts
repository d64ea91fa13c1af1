import type { CommandEnvelope } from '../../domain/commands/commands.ts';
import { problem } from '../../domain/errors.ts';
import type { Outcome } from '../backend/commanded.ts';
import type { Reply } from '../http/endpoint.ts';
import type { WaitPreference } from '../http/headers.ts';
import { problemOfRepeat } from '../http/idempotency.ts';
import { problemReply } from '../http/problems.ts';

/** What a command left behind, ready to be shown. */
export interface CommandResponse {
  readonly location: string;
  readonly body: unknown;
  /** What the outcome `done` is in HTTP. */
  readonly doneStatus: 200 | 201 | 202;
  /** The order's id, for a decline. */
  readonly order?: string;
}

/** The answer to a command, in HTTP. */
export function commandReply<State>(
  outcome: Outcome<State>,
  envelope: CommandEnvelope,
  wait: WaitPreference,
  show: (state: State) => CommandResponse,
): Reply {
  const { location, body, doneStatus, order } = show(outcome.state);
  const { requestId } = envelope;
  const applied = wait.asked ? { 'Preference-Applied': `wait=${wait.seconds}` } : {};
  if (outcome.type === 'running') return { status: 202, headers: { ...applied, Location: location }, body };

  const { result } = outcome;
  if (result.requestHash !== envelope.requestHash) {
    return problemReply(problemOfRepeat(result, envelope), { requestId });
  }
  const headers = {
    ...applied,
    ...(result.requestId === requestId && !result.replayed ? {} : { 'Idempotent-Replayed': 'true' }),
  };
  const why = result.problem ?? problem('internal', `The command was ${result.outcome} without a reason.`);
  switch (result.outcome) {
    case 'done':
      return {
        status: doneStatus,
        headers: doneStatus === 200 ? headers : { ...headers, Location: location },
        body,
      };
    case 'needs_attention':
      return { status: 202, headers: { ...headers, Location: location }, body };
    case 'declined':
      return problemReply(why, {
        requestId,
        headers,
        stored: true,
        ...(order === undefined ? {} : { order }),
      });
    case 'refused':
      return problemReply(why, { requestId, headers, stored: true });
  }
}
