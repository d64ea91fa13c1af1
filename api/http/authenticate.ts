import type { Request, RequestHandler } from 'express';
import { ROLES } from '../../domain/commands/role.ts';
import { problem } from '../../domain/errors.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { stateOf } from './context.ts';
import type { Endpoint } from './endpoint.ts';
import type { KeyRing } from './key-ring.ts';
import type { Sessions } from './sessions.ts';
import { CSRF_HEADER } from './sessions.ts';
import { isSame } from './signed-text.ts';

/** Finds out who calls, by key or by the console's session. Whether they may is said by each endpoint. */
export function authenticate(keys: KeyRing, sessions: Sessions): RequestHandler {
  return (req, res, next) => {
    const state = stateOf(res);
    if (req.get('Authorization') === undefined) {
      state.caller = callerOfSession(req, sessions);
    } else {
      const given = bearerSecretOf(req);
      const key = given === undefined ? null : keys.find(given);
      state.caller = key && { name: key.name, role: key.role, keyId: key.keyId, scope: key.scope };
    }
    next();
  };
}

/** The secret of `Authorization: Bearer …`; undefined: the header is not there, or another one. */
export function bearerSecretOf(req: Request): string | undefined {
  return /^Bearer +(\S+)$/i.exec(req.get('Authorization') ?? '')?.[1];
}

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

function callerOfSession(req: Request, sessions: Sessions) {
  const session = sessions.of(req, Date.now());
  if (!session) return null;
  if (!READS.has(req.method) && !isSame(req.get(CSRF_HEADER) ?? '', session.csrfToken)) {
    throw new ProblemError(
      problem('forbidden', `With a session of the console every command needs its ${CSRF_HEADER}.`),
    );
  }
  return { name: session.name, role: session.role, keyId: session.keyId, scope: session.scope };
}

/** Lets in only callers of the endpoint's role. */
export function requireRole(role: Endpoint['role']): RequestHandler {
  return (_req, res, next) => {
    const { caller } = stateOf(res);
    if (role === 'open') return next();
    if (!caller) {
      throw new ProblemError(
        problem('unauthenticated', 'Send a valid API key: Authorization: Bearer <key>.'),
        { 'WWW-Authenticate': 'Bearer realm="waybill"' },
      );
    }
    if (ROLES.indexOf(caller.role) < ROLES.indexOf(role)) {
      throw new ProblemError(
        problem('forbidden', `This needs the role ${role}; the key ${caller.name} has ${caller.role}.`),
      );
    }
    next();
  };
}
