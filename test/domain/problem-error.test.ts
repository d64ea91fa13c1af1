import { expect, it } from 'vitest';
import { problem } from '../../domain/errors.ts';
import { ProblemError } from '../../domain/problem-error.ts';

it('a refusal on its way says what its problem says, and keeps headers and cause', () => {
  const why = problem('not_found', 'There is no order o1.', { param: 'id' });
  const cause = new Error('gone');
  const error = new ProblemError(why, { 'Retry-After': '1' }, { cause });
  expect(error).toMatchObject({ name: 'ProblemError', message: why.detail, problem: why, cause });
  expect(error.headers).toEqual({ 'Retry-After': '1' });
  expect(new ProblemError(why).headers).toEqual({});
});
