import type { Problem } from './generated/types.gen.ts';

/** The API refused a request (RFC 9457). Decide by `code` and `retryable`. */
export class WaybillProblem extends Error {
  override readonly name = 'WaybillProblem';
  /** The whole answer. */
  readonly problem: Problem;
  readonly status: number;
  readonly code: Problem['code'];
  /** The same request under the same Idempotency-Key may succeed later. */
  readonly retryable: boolean;
  /** Quote it when you ask about the request. */
  readonly requestId: string;
  /** The key of the request, if it had one. */
  readonly idempotencyKey: string | null;

  constructor(problem: Problem, idempotencyKey: string | null) {
    super(`${problem.code}: ${problem.detail}`);
    this.problem = problem;
    this.status = problem.status;
    this.code = problem.code;
    this.retryable = problem.retryable;
    this.requestId = problem.request_id;
    this.idempotencyKey = idempotencyKey;
  }
}

/** No answer of the API arrived. Whether the request took effect is not known: repeat it under the same key. */
export class WaybillUnreachable extends Error {
  override readonly name = 'WaybillUnreachable';
  readonly idempotencyKey: string | null;

  constructor(message: string, idempotencyKey: string | null, cause?: unknown) {
    super(message, { cause });
    this.idempotencyKey = idempotencyKey;
  }
}

/** What a failed request is thrown as. */
export function errorOf(error: unknown, response: Response | undefined, request: Request): Error {
  const key = request.headers.get('Idempotency-Key');
  if (isProblem(error)) return new WaybillProblem(error, key);
  if (response) return new WaybillUnreachable(`${response.status} from something before the API`, key, error);
  // Whoever aborted a request expects the reason that they gave.
  if (request.signal.aborted) return error as Error;
  const reason = error instanceof Error ? error.message : String(error);
  return new WaybillUnreachable(`${new URL(request.url).origin} cannot be reached: ${reason}`, key, error);
}

function isProblem(error: unknown): error is Problem {
  return typeof error === 'object' && error !== null && 'code' in error && 'request_id' in error;
}
