import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { ApiKey } from '../../config.ts';
import type { Role } from '../../domain/commands/role.ts';
import { problem } from '../../domain/errors.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { stateOf } from './context.ts';
import type { Endpoint } from './endpoint.ts';

/** A key of a higher role may do what a lower one may. */
const RANK: Readonly<Record<Role, number>> = { read: 0, service: 1, ops: 2 };

/** Finds out who calls. Whether they may is said by each endpoint. */
export function authenticate(keys: readonly ApiKey[]): RequestHandler {
  const known = keys.map(({ name, role, secret }) => ({ name, role, digest: sha256(secret) }));
  return (req, res, next) => {
    const given = /^Bearer +(\S+)$/i.exec(req.get('Authorization') ?? '')?.[1];
    if (given !== undefined) {
      const digest = sha256(given);
      // Every key is compared, in constant time: the duration says nothing about any of them.
      const [match] = known.filter((key) => timingSafeEqual(key.digest, digest));
      stateOf(res).caller = match ? { name: match.name, role: match.role } : null;
    }
    next();
  };
}

/** Lets in only callers of the endpoint's role. */
export function authorize(role: Endpoint['role']): RequestHandler {
  return (_req, res, next) => {
    const { caller } = stateOf(res);
    if (role === 'open') return next();
    if (!caller) {
      throw new ProblemError(
        problem('unauthenticated', 'Send a valid API key: Authorization: Bearer <key>.'),
        { 'WWW-Authenticate': 'Bearer realm="waybill"' },
      );
    }
    if (RANK[caller.role] < RANK[role]) {
      throw new ProblemError(
        problem('forbidden', `This needs the role ${role}; the key ${caller.name} has ${caller.role}.`),
      );
    }
    next();
  };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
