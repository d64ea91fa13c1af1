import type { Problem } from '../errors.ts';
import { problem } from '../errors.ts';
import { commandIdFromSignal } from '../ids.ts';
import { hasCardNumber } from '../texts/card-numbers.ts';
import { characterCount, refusalOfText } from '../texts/texts.ts';
import type { CommandBody, CommandEnvelope, CommandKind } from './commands.ts';
import { CANCELLATION_REASONS, isAmount, REFUND_REASONS, RESOLVE_ACTIONS } from './commands.ts';

/** The commands of operators. A new payment method comes from the customer, and evidence is staged at Stripe: both by the API. */
export type SignalKind = Exclude<CommandKind, 'confirm' | 'submit_evidence'>;

/** The command of that kind. */
export type CommandOf<Kind extends CommandKind> = CommandEnvelope & Extract<CommandBody, { kind: Kind }>;

/** What a signal says, or what is wrong with it. */
export type ParsedSignal<Parsed> =
  | { readonly command: Parsed; readonly refusal: null }
  | { readonly command: null; readonly refusal: Problem };

/** Characters: it becomes part of Stripe's idempotency key, which takes 255. */
const REQUEST_ID_MAX = 100;
/** Characters of a person's name. */
const ACTOR_MAX = 100;
const VIA_TEMPORAL = 'temporal';
/** Characters of any other text: what Stripe's metadata takes. */
const TEXT_MAX = 500;

/**
 * A command typed by hand in Temporal's UI or CLI: the API's own JSON body, a `requestId` that makes a repeat
 * harmless, and optionally an `actor`, the name of whoever typed it. Whatever is wrong with it is a {@link Problem}, never an exception: a bad
 * signal must not stop the workflow.
 */
export function commandFromSignal<Kind extends SignalKind>(
  kind: Kind,
  raw: unknown,
): ParsedSignal<CommandOf<Kind>> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    return refused('The signal takes one JSON object.');
  }
  const reader = new FieldReader(raw as Record<string, unknown>);
  const requestId = reader.text('requestId', true, REQUEST_ID_MAX) ?? '';
  const claimed = reader.text('actor', false, ACTOR_MAX);
  const body = readBody(kind, reader);
  const wrong = reader.wrong();
  if (wrong !== null) return refused(wrong);
  const commandId = commandIdFromSignal(requestId);
  // Nobody has checked the name: it must not read like an API key's.
  const actor = claimed === null ? VIA_TEMPORAL : `${claimed} (via ${VIA_TEMPORAL})`;
  const envelope = { commandId, requestId, requestHash: commandId, actor };
  return { command: { ...body, ...envelope } as CommandOf<Kind>, refusal: null };
}

/** That something happened at Stripe: a reason to read the payment again. */
export interface StripeEventSignal {
  readonly eventId: string;
  readonly eventType: string;
}

/** The hint that a signal carries; null if it carries none. */
export function stripeEventFromSignal(raw: unknown): StripeEventSignal | null {
  const { eventId, eventType }: Partial<Record<keyof StripeEventSignal, unknown>> = Object(raw);
  return isWellFormedText(eventId) && isWellFormedText(eventType) ? { eventId, eventType } : null;
}

function readBody(kind: SignalKind, reader: FieldReader): CommandBody {
  switch (kind) {
    case 'capture':
      return { kind, amount: reader.amount('amount'), final: reader.flag('final', true) };
    case 'increment':
      return { kind, amount: reader.amount('amount', true) ?? 0 };
    case 'accept_dispute':
      return { kind, dispute: reader.text('dispute') };
    case 'cancel':
      return { kind, reason: reader.oneOf('reason', CANCELLATION_REASONS) };
    case 'refund':
      return {
        kind,
        amount: reader.amount('amount'),
        reverseTransfer: reader.flag('reverse_transfer'),
        refundApplicationFee: reader.flag('refund_application_fee'),
        reason: reader.oneOf('reason', REFUND_REASONS),
      };
    case 'transfer':
      return {
        kind,
        amount: reader.amount('amount', true) ?? 0,
        destination: reader.text('destination'),
        description: reader.text('description'),
      };
    case 'reverse_transfer':
      return {
        kind,
        transfer: reader.text('transfer', true) ?? '',
        amount: reader.amount('amount'),
        reason: reader.text('reason'),
      };
    case 'resolve':
      return {
        kind,
        action: reader.oneOf('action', RESOLVE_ACTIONS, true) ?? 'retry',
        stripeId: reader.text('stripe_id'),
        reason: reader.text('reason', true) ?? '',
      };
  }
}

/** Reads fields one by one and remembers the first thing that was wrong, unknown fields included. */
class FieldReader {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #read = new Set<string>();
  #firstWrong: string | null = null;

  constructor(fields: Readonly<Record<string, unknown>>) {
    this.#fields = fields;
  }

  text(name: string, required = false, lengthMax = TEXT_MAX): string | null {
    const isShort = (value: unknown): value is string => isText(value, lengthMax);
    const text = this.#field(name, required, isShort, `a string of 1 to ${lengthMax} characters`);
    this.#firstWrong ??= text === null ? null : wrongOfText(name, text);
    return text;
  }

  amount(name: string, required = false): number | null {
    return this.#field(name, required, isAmount, 'a positive integer number of minor units');
  }

  flag(name: string, fallback = false): boolean {
    return this.#field(name, false, isBoolean, 'true or false') ?? fallback;
  }

  oneOf<T extends string>(name: string, values: readonly T[], required = false): T | null {
    const isOneOf = (value: unknown): value is T => (values as readonly unknown[]).includes(value);
    return this.#field(name, required, isOneOf, `one of ${values.join(', ')}`);
  }

  wrong(): string | null {
    if (this.#firstWrong !== null) return this.#firstWrong;
    const unknown = Object.keys(this.#fields).find((name) => !this.#read.has(name));
    if (unknown === undefined) return null;
    return wrongOfText('The name of a field', unknown) ?? `Unknown field: ${unknown}.`;
  }

  #field<T>(name: string, required: boolean, is: (value: unknown) => value is T, kind: string): T | null {
    this.#read.add(name);
    const value = this.#fields[name];
    if (is(value)) return value;
    const missing = value === undefined || value === null;
    if (!missing || required) this.#firstWrong ??= `${name} must be ${kind}.`;
    return null;
  }
}

function isText(value: unknown, lengthMax = TEXT_MAX): value is string {
  return typeof value === 'string' && value !== '' && characterCount(value) <= lengthMax;
}

function wrongOfText(what: string, text: string): string | null {
  const wrong = refusalOfText(text) ?? (hasCardNumber(text) ? 'must not contain a card number' : null);
  return wrong === null ? null : `${what} ${wrong}.`;
}

function isWellFormedText(value: unknown): value is string {
  return isText(value) && refusalOfText(value) === null;
}

const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';

function refused(detail: string): ParsedSignal<never> {
  return { command: null, refusal: problem('invalid_request', detail) };
}
