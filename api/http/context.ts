import type { Response } from 'express';
import type { KeyScope } from '../../domain/commands/key-scope.ts';
import type { Role } from '../../domain/commands/role.ts';
import type { LogFacts } from '../../telemetry/log-facts.ts';
import { newRequestId } from './request-identity.ts';

/** Who calls: the key's name becomes the actor of what it does. */
export interface Caller {
  readonly name: string;
  readonly role: Role;
  /** Which of the name's secrets in the file of keys; null: a key of the environment, or a person whom a proxy signed in. */
  readonly keyId: string | null;
  /** What it is confined to besides. */
  readonly scope: KeyScope;
}

/** What is known of a request while it is served. */
export interface RequestState {
  readonly requestId: string;
  /** Null: no key, or an unknown one. */
  caller: Caller | null;
  /** Path template of the endpoint, for metrics and logs. */
  route: string | null;
  /** What came of it, in short, for the audit log. */
  outcome: Readonly<Record<string, unknown>>;
  /** Whether an endpoint works on it: it comes to an answer, also where nobody waits for that any more. */
  isServed: boolean;
  /** Called with its answer, where its caller has gone before. */
  whenAnswered: (() => void) | null;
  /** What its log lines say. */
  readonly facts: LogFacts;
}

declare global {
  namespace Express {
    interface Locals {
      request?: RequestState;
    }
  }
}

/** The state of the request that this response answers. */
export function stateOf({ locals }: Response): RequestState {
  if (locals.request === undefined) {
    const requestId = newRequestId();
    locals.request = {
      requestId,
      caller: null,
      route: null,
      outcome: {},
      isServed: false,
      whenAnswered: null,
      facts: { request_id: requestId },
    };
  }
  return locals.request;
}
