import type { CommandEnvelope, CommandResult, RunningCommand } from '../../domain/commands/command.ts';
import type { Problem } from '../../domain/errors.ts';
import { KEY_REUSED, problem } from '../../domain/errors.ts';
import { commandIdFromDigest } from '../../domain/ids.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import type { LogFacts } from '../../telemetry/log-facts.ts';
import { noteLogFacts } from '../../telemetry/log-facts.ts';
import type { ApiRequest } from './endpoint.ts';
import { commandDigest, inBase64url, keyedHash, requestHash } from './request-identity.ts';

type CommandRequest = Pick<
  ApiRequest<unknown, unknown, { 'Idempotency-Key': string }, unknown>,
  'requestId' | 'actor' | 'perDay' | 'headers' | 'given'
>;

/** Digest of the caller and its Idempotency-Key, within `scope`: equal for every repeat of a request. */
export function digestOf(
  { actor, headers }: Pick<CommandRequest, 'actor' | 'headers'>,
  ...scope: string[]
): string {
  return commandDigest([actor, ...scope], headers['Idempotency-Key']);
}

/** The id of the command that a request brings. */
export function commandIdOf(
  request: Pick<CommandRequest, 'actor' | 'headers'>,
  ...scope: string[]
): CommandEnvelope['commandId'] {
  return commandIdFromDigest(inBase64url(digestOf(request, ...scope)));
}

/** Who asks for `operation`, under which request. `about`: what its path does not name. */
export function envelopeOf(
  request: Omit<CommandRequest, 'headers'>,
  operation: string,
  digest: string,
  about: LogFacts = {},
): CommandEnvelope {
  const commandId = commandIdFromDigest(inBase64url(digest));
  noteLogFacts({ ...about, command_id: commandId });
  return {
    commandId,
    requestHash: requestHash(operation, request.given),
    requestId: request.requestId,
    actor: request.actor,
    ...(request.perDay ? { perDay: request.perDay } : {}),
  };
}

/**
 * The same for a body with identity data or bank numbers: few enough values are possible there for a plain hash to be
 * guessed from, so that this one needs a secret.
 */
export function secretEnvelopeOf(
  request: CommandRequest,
  operation: string,
  digest: string,
  secret: string,
): CommandEnvelope {
  const envelope = envelopeOf(request, operation, digest);
  return { ...envelope, requestHash: keyedHash(envelope.requestHash, secret) };
}

/** Why a repeat gets no answer yet, or never will. `first`: the request that came before it under the same key. */
export function problemOfRepeat(first: { readonly requestHash: string }, repeat: CommandEnvelope): Problem {
  return first.requestHash === repeat.requestHash ? KEY_IN_USE : KEY_REUSED;
}

export const KEY_IN_USE = problem(
  'idempotency_key_in_use',
  'A request with this Idempotency-Key is still running.',
  { param: 'Idempotency-Key' },
);

/** A command that an earlier request brought has no answer for a repeat until it ends. */
export function refuseRepeatOfRunning(
  known: CommandResult | RunningCommand,
  envelope: CommandEnvelope,
): void {
  if (known.outcome !== 'running' || known.requestId === envelope.requestId) return;
  throw new ProblemError(problemOfRepeat(known, envelope));
}

/** The commands that this process is waiting for, so that a burst of repeats does not become a burst of updates. */
export class InFlight {
  readonly #running = new Map<string, CommandEnvelope>();

  /** Whether this process waits for it: its workflow may not have accepted it yet. */
  has(commandId: string): boolean {
    return this.#running.has(commandId);
  }

  async run<T>(envelope: CommandEnvelope, work: () => Promise<T>): Promise<T> {
    const first = this.#running.get(envelope.commandId);
    if (first) throw new ProblemError(problemOfRepeat(first, envelope));
    this.#running.set(envelope.commandId, envelope);
    try {
      return await work();
    } finally {
      this.#running.delete(envelope.commandId);
    }
  }
}
