import { z } from 'zod';
import type { FieldError, Problem } from '../errors.ts';
import { KEY_REUSED, problem } from '../errors.ts';
import { commandIdFromSignal } from '../ids.ts';
import type { DayLimits } from '../limits/day-limits.ts';
import { sha256Hex } from '../sha256-hex.ts';
import { canonicalJson } from './canonical-json.ts';
import type { CommandEnvelope } from './command.ts';
import { textUpTo } from './fields.ts';
import type { Role } from './role.ts';
import type { Validated } from './validate.ts';
import { validate } from './validate.ts';

/** Characters: it becomes part of Stripe's idempotency key, which takes 255. */
const REQUEST_ID_MAX = 100;
/** Characters of a person's or an API key's name. */
const ACTOR_MAX = 100;
const HASH_LENGTH = 32;
const VIA_TEMPORAL = ' (via temporal)';

/** What a command is declared with. */
interface Declaration<Message extends z.ZodObject> {
  /** One line, for the API's document and for Temporal's UI. */
  readonly description: string;
  /** Name of its Temporal update, and of its signal. */
  readonly update: string;
  /** Operators may send it as a signal, too. */
  readonly isSignal: boolean;
  /** Of the API keys that may send it. */
  readonly role: Role;
  /** An order that was closed is reopened for it. */
  readonly reopens?: true;
  /** In the API, below the path of its object. What it names by `{name}` is part of the message. */
  readonly path: string;
  /** Everything but who sends it. */
  readonly message: Message;
  /** The body of its request in the API; absent: the message. */
  readonly body?: z.ZodObject;
}

/** A command, declared once: validation, messages, routes and the API's document are made from it. */
export interface CommandDefinition<Kind extends string, Message extends z.ZodObject>
  extends Declaration<Message> {
  readonly kind: Kind;
  /** The command of these fields. */
  readonly read: (fields: unknown) => Validated<BodyOfKind<Kind, Message>>;
  /** The same of a message, with who sent it. */
  readonly fromUpdate: (raw: unknown) => Validated<CommandEnvelope & BodyOfKind<Kind, Message>>;
  readonly fromSignal: (raw: unknown) => Validated<CommandEnvelope & BodyOfKind<Kind, Message>>;
}

type BodyOfKind<Kind extends string, Message extends z.ZodObject> = Readonly<z.output<Message>> & {
  readonly kind: Kind;
};

/** What a command says, but for who sent it. */
export type BodyOf<Definition> =
  Definition extends CommandDefinition<infer Kind, infer Message>
    ? // Zod has no object without fields to which one can be added.
      keyof Message['shape'] extends never
      ? { readonly kind: Kind }
      : BodyOfKind<Kind, Message>
    : never;

/** A command as it is sent: its fields, who sends it, and an id that makes a repeat harmless. */
export interface CommandMessage extends z.output<typeof SENDER_OF_UPDATE> {
  readonly [field: string]: unknown;
}

const SENDER_OF_SIGNAL = z.object({ request_id: textUpTo(REQUEST_ID_MAX), actor: textUpTo(ACTOR_MAX) });
const SENDER_OF_UPDATE = SENDER_OF_SIGNAL.extend({
  /** With what marks a name that came through Temporal. */
  actor: textUpTo(ACTOR_MAX + VIA_TEMPORAL.length),
  /** By the API, out of the caller's Idempotency-Key; otherwise it is made of the request id, and the hash of what was asked. */
  command_id: textUpTo(REQUEST_ID_MAX).optional(),
  request_hash: textUpTo(REQUEST_ID_MAX).optional(),
  per_day: z.custom<DayLimits>((given) => typeof given === 'object' && given !== null).optional(),
});

export function defineCommand<const Kind extends string, Message extends z.ZodObject>(
  kind: Kind,
  declaration: Declaration<Message>,
): CommandDefinition<Kind, Message> {
  const read = (fields: unknown): Validated<BodyOfKind<Kind, Message>> => {
    const { value, refusal } = validate(declaration.message, fields);
    return refusal ? { value: null, refusal } : { value: { ...value, kind }, refusal };
  };
  const from =
    (sender: typeof SENDER_OF_UPDATE | typeof SENDER_OF_SIGNAL) =>
    (raw: unknown): Validated<CommandEnvelope & BodyOfKind<Kind, Message>> => {
      const { own, others } = divide(raw, Object.keys(sender.shape));
      const sent = validate(sender, own);
      const body = read(others);
      if (sent.refusal && body.refusal) return { value: null, refusal: together(sent.refusal, body.refusal) };
      if (sent.refusal) return sent;
      if (body.refusal) return body;
      const asked = [kind, sent.value.actor, others];
      return { value: { ...body.value, ...envelopeOf(sent.value, asked) }, refusal: null };
    };
  return {
    ...declaration,
    kind,
    read,
    fromUpdate: from(SENDER_OF_UPDATE),
    fromSignal: from(SENDER_OF_SIGNAL),
  };
}

/** The message of a command that the API received. */
export function messageOf(
  { commandId, requestId, requestHash, actor, perDay }: CommandEnvelope,
  body: Readonly<Record<string, unknown>>,
): CommandMessage {
  const limited = perDay ? { per_day: perDay } : {};
  return {
    ...body,
    request_id: requestId,
    actor,
    command_id: commandId,
    request_hash: requestHash,
    ...limited,
  };
}

/**
 * Why a message is not the command that is known by its id, and would be lost without a word; null: it is a repeat of it.
 */
export function refusalOfReuse(
  known: Pick<CommandEnvelope, 'requestHash'>,
  { commandId, requestId, requestHash }: CommandEnvelope,
): Problem | null {
  if (known.requestHash === requestHash) return null;
  if (commandId !== commandIdFromSignal(requestId)) return KEY_REUSED;
  const why = `The request_id ${requestId} was used before for another request.`;
  return problem('idempotency_key_reused', why, { param: 'request_id' });
}

/** Without the API's own ids it was typed by hand: nobody has checked the name, which must not read like an API key's. */
function envelopeOf(sender: z.output<typeof SENDER_OF_UPDATE>, asked: unknown): CommandEnvelope {
  const { request_id: requestId, actor, command_id: commandId, per_day: perDay } = sender;
  const requestHash = sender.request_hash ?? hashOf(asked);
  if (commandId !== undefined) {
    return { commandId, requestId, requestHash, actor, ...(perDay ? { perDay } : {}) };
  }
  const id = commandIdFromSignal(requestId);
  return { commandId: id, requestId, requestHash, actor: viaTemporal(actor) };
}

/** A name that nobody has checked: it must not read like an API key's. */
export function viaTemporal(actor: string): string {
  return `${actor}${VIA_TEMPORAL}`;
}

/** What distinguishes one request from another under the same id. */
function hashOf(asked: unknown): string {
  return sha256Hex(canonicalJson(asked)).slice(0, HASH_LENGTH);
}

/** Who sent a message, and all the rest. What is no object stays whole, for its schema to refuse. */
function divide(raw: unknown, names: readonly string[]): { own: unknown; others: unknown } {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return { own: raw, others: raw };
  const [own, others] = [true, false].map((isOwn) =>
    Object.fromEntries(Object.entries(raw).filter(([name]) => names.includes(name) === isOwn)),
  );
  return { own, others };
}

/** Two refusals of one message as one, with the wrong fields of both. */
function together(first: Problem, second: Problem): Problem {
  return { ...first, errors: [...errorsOf(first), ...errorsOf(second)] };
}

function errorsOf({ param, detail, errors }: Problem): readonly FieldError[] {
  return errors ?? (param === undefined ? [] : [{ param, detail }]);
}
