import type { Problem } from './errors.ts';

/** A refusal on its way to the caller. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;

  constructor(problem: Problem, headers: Readonly<Record<string, string>> = {}, options?: ErrorOptions) {
    super(problem.detail, options);
    this.problem = problem;
    this.headers = headers;
  }
}
