import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Problem } from '../../domain/errors.ts';
import { problem } from '../../domain/errors.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { faultOf, problemOfFault } from '../../temporal/faults.ts';
import { stateOf } from './context.ts';
import { problemReply } from './problems.ts';
import { send } from './send.ts';
import { shownPath } from './shown-path.ts';
import { problemOfStripe } from './stripe-problems.ts';

export const unknownRoute: RequestHandler = (req) => {
  const path = shownPath(req);
  const hint = path.endsWith('/')
    ? ' If something has to follow the last slash, such as an id, it is empty; otherwise leave the slash out.'
    : '';
  throw new ProblemError(problem('not_found', `There is no ${path}.${hint}`));
};

/** Every error's way out: as a problem, with nothing of its inside. `isNoWorkerThere`: asked where no answer came in time. */
export function errorHandler(logger: Logger, isNoWorkerThere: () => Promise<boolean>): ErrorRequestHandler {
  return async (error: unknown, _req, res, next) => {
    if (res.headersSent) return next(error);
    const { requestId } = stateOf(res);
    if (error instanceof ProblemError) {
      if (error.cause) logger.error({ err: error.cause }, error.message);
      return send(res, problemReply(error.problem, { requestId, headers: error.headers }));
    }
    const known = await problemOf(error, isNoWorkerThere);
    if (!known || known.code === 'unavailable') logger.error({ err: error }, 'request failed');
    const shown = known ?? problem('internal', `Internal error. Quote ${requestId}.`);
    send(res, problemReply(shown, { requestId }));
  };
}

async function problemOf(error: unknown, isNoWorkerThere: () => Promise<boolean>): Promise<Problem | null> {
  const fault = faultOf(error);
  if (fault === null) return problemOfStripe(error) ?? problemOfHttp(error);
  const isAlone = fault.type === 'timeout' && (await isNoWorkerThere());
  return problemOfFault(isAlone ? { type: 'no_worker' } : fault);
}

/** What Express and its body parser throw: errors with a `status`, and a `type` where the body is at fault. */
function problemOfHttp(error: unknown): Problem | null {
  if (!(error instanceof Error) || !('status' in error)) return null;
  if ('type' in error && error.type === 'entity.parse.failed') {
    return problem('invalid_request', 'The body is not a JSON object.');
  }
  switch (error.status) {
    case 400:
      return problem('invalid_request', 'The request cannot be read.');
    case 413:
      return problem('payload_too_large', `The body is larger than ${limitOf(error)}.`);
    case 415:
      return problem('unsupported_media_type', 'Send the body as plain JSON in UTF-8.');
    default:
      return null;
  }
}

function limitOf(error: Error): string {
  const bytes = 'limit' in error ? Number(error.limit) : 0;
  return `${bytes / 1024}kb`;
}
