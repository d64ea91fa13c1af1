import type { CommandAnswer } from '../../contract/command-messages.ts';
import type { CommandEnvelope } from '../../domain/commands/command.ts';
import { problem } from '../../domain/errors.ts';
import type { Reply } from '../http/endpoint.ts';
import type { WaitPreference } from '../http/headers.ts';
import { problemOfRepeat } from '../http/idempotency.ts';
import { problemReply } from '../http/problems.ts';

/** Who asked, and how long it waits. */
export interface Asked {
  readonly envelope: CommandEnvelope;
  readonly wait: WaitPreference;
}

interface Shown {
  readonly location: string;
  readonly body: unknown;
  /** What the outcome `done` is in HTTP. */
  readonly doneStatus: 200 | 201 | 202;
  /** The order's id, for a decline. */
  readonly order?: string;
}

/** The reply to a command, with the state that it left behind. */
export function commandReply(
  { result }: CommandAnswer<unknown>,
  { envelope, wait }: Asked,
  { location, body, doneStatus, order }: Shown,
): Reply {
  const { requestId } = envelope;
  const applied = wait.asked ? { 'Preference-Applied': `wait=${wait.seconds}` } : {};
  if (result.outcome === 'running') return { status: 202, headers: { ...applied, Location: location }, body };

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
    case 'needs_approval':
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
