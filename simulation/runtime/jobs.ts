/** What a workflow is told. Arguments and results are JSON texts, as payloads are: nobody shares an object with a workflow. */
export type Job =
  | { readonly type: 'start'; readonly args: string }
  | { readonly type: 'signal'; readonly name: string; readonly args: string }
  | { readonly type: 'update'; readonly id: string; readonly name: string; readonly args: string }
  | { readonly type: 'fire_timer'; readonly seq: number }
  | { readonly type: 'resolve_activity'; readonly seq: number; readonly result: ActivityResult };

export type ActivityResult = { readonly value: string | undefined } | { readonly failure: Error };

/** What a workflow asks for. */
export type Command =
  | {
      readonly type: 'schedule_activity';
      readonly seq: number;
      readonly name: string;
      readonly args: string;
      readonly options: ActivityOptions;
    }
  | {
      readonly type: 'schedule_local_activity';
      readonly seq: number;
      readonly name: string;
      readonly args: string;
      readonly options: ActivityOptions;
    }
  | { readonly type: 'start_timer'; readonly seq: number; readonly ms: number }
  | { readonly type: 'cancel_timer'; readonly seq: number }
  | { readonly type: 'upsert_search_attributes'; readonly values: Readonly<Record<string, unknown>> }
  | { readonly type: 'upsert_memo'; readonly values: Readonly<Record<string, unknown>> }
  | { readonly type: 'accept_update'; readonly id: string }
  | { readonly type: 'reject_update'; readonly id: string; readonly failure: Error }
  | {
      readonly type: 'complete_update';
      readonly id: string;
      readonly result: { readonly value: string | undefined } | { readonly failure: Error };
    }
  | { readonly type: 'complete'; readonly value: string | undefined }
  | { readonly type: 'fail'; readonly failure: Error }
  | { readonly type: 'continue_as_new'; readonly args: string };

/** Of ordinary and local activities alike, in milliseconds. */
export interface ActivityOptions {
  readonly startToCloseMs: number;
  readonly scheduleToCloseMs: number | null;
  readonly heartbeatMs: number | null;
  readonly retry: {
    readonly initialMs: number;
    readonly coefficient: number;
    readonly maximumMs: number;
    readonly maximumAttempts: number | null;
  };
}

/** One round of a workflow: what it was told, when, and what it asked for then. */
export interface Activation {
  /** Milliseconds since the epoch: the workflow's own time. */
  readonly at: number;
  readonly jobs: readonly Job[];
  readonly commands: readonly Command[];
  readonly continueAsNewSuggested: boolean;
}

/** Whether a workflow asks for nothing more after it. */
export function isLast(command: Command): boolean {
  return command.type === 'complete' || command.type === 'fail' || command.type === 'continue_as_new';
}

/** Whether two of these certainly have the same JSON; of failures it says no. */
export function areAlike(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b) || a instanceof Error) return false;
  if (a instanceof Date) return a.getTime() === (b as Date).getTime();
  const names = Object.keys(a);
  const others = Object.keys(b);
  return (
    names.length === others.length &&
    names.every((name, n) => {
      const of = (one: object) => (one as Readonly<Record<string, unknown>>)[name];
      return name === others[n] && areAlike(of(a), of(b));
    })
  );
}

/** A command as it is compared with what was recorded; of a failure only what it says. */
export function toText(command: Command): string {
  const { type } = command;
  const mayHoldFailure = type === 'complete_update' || type === 'reject_update' || type === 'fail';
  if (!mayHoldFailure) return JSON.stringify(command);
  return JSON.stringify(command, (_, value: unknown) =>
    value instanceof Error ? `${value.name}: ${value.message}` : value,
  );
}

export function toJson(value: unknown): string | undefined {
  return JSON.stringify(value);
}

export function fromJson(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text);
}
