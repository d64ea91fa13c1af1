import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import express from 'express';
import { problem } from '../../domain/errors.ts';
import { ProblemError } from '../../domain/problem-error.ts';

/** The largest valid body is evidence of 150,000 emoji, each written as two escapes: 1.8 MB. Its sender has shown a key. */
const BODY_MAX = '2mb';

/** Reads a JSON body. None at all counts as `{}`: many commands have nothing but defaults. */
export const jsonBody = jsonBodyUpTo(BODY_MAX);

/** The same of a body that is at most so long. */
export function jsonBodyUpTo(limit: string): RequestHandler {
  const parse = express.json({
    limit,
    inflate: false,
    reviver: refusePrototype,
    verify: refuseOtherBytes,
  });
  return (req, res, next) => {
    const empty = req.get('Content-Length') === '0' || req.is('*/*') === null;
    if (!empty && !req.is('application/json')) {
      throw new ProblemError(
        problem('unsupported_media_type', 'Send the body as JSON, with Content-Type: application/json.'),
      );
    }
    parse(req, res, (error?: unknown) => {
      if (error) return next(error);
      req.body ??= {};
      next();
    });
  };
}

/** The parser would replace them in silence. */
function refuseOtherBytes(_req: IncomingMessage, _res: unknown, body: Buffer): void {
  if (!isUtf8(body)) throw new ProblemError(problem('invalid_request', 'The body is not UTF-8.'));
}

/** Validation would drop such a key in silence; no honest body has one. */
function refusePrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new SyntaxError('__proto__ is no field');
  return value;
}
