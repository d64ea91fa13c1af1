import type { Response } from 'express';
import type { Role } from '../../domain/commands/role.ts';
import { newRequestId } from './request-identity.ts';

/** Who calls: the key's name becomes the actor of what it does. */
interface Caller {
  readonly name: string;
  readonly role: Role;
}

/** What is known of a request while it is served. */
export interface RequestState {
  readonly requestId: string;
  /** Null: no key, or an unknown one. */
  caller: Caller | null;
  /** Path template of the endpoint, for metrics and logs. */
  route: string | null;
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
  locals.request ??= { requestId: newRequestId(), caller: null, route: null };
  return locals.request;
}
