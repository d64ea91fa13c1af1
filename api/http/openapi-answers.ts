import type { ResponseConfig } from '@asteasolutions/zod-to-openapi';
import type { Endpoint, ResponseDoc } from './endpoint.ts';
import { problemResource } from './problem.ts';

interface HeaderDoc {
  readonly description: string;
  readonly type: 'string' | 'integer';
}

/** Headers of answers. Which of them an answer has, {@link headersOf} says. */
export const ANSWER_HEADERS = {
  'Request-Id': { description: 'Of this request; quote it when you ask about it.', type: 'string' },
  RateLimit: { description: 'What is left of the limit, in the window that runs.', type: 'string' },
  'RateLimit-Policy': { description: 'The limit of this API key and its window.', type: 'string' },
  Location: { description: 'Where to read what this is about.', type: 'string' },
  'Idempotent-Replayed': { description: '`true`: the first answer under this key.', type: 'string' },
  'Preference-Applied': { description: 'The wait that was asked for, as it was heeded.', type: 'string' },
  'Retry-After': { description: 'Seconds.', type: 'integer' },
  'WWW-Authenticate': { description: 'How to authenticate.', type: 'string' },
} as const satisfies Readonly<Record<string, HeaderDoc>>;
type HeaderName = keyof typeof ANSWER_HEADERS;

const ALWAYS = ['Request-Id', 'RateLimit', 'RateLimit-Policy'] as const;

const PROBLEMS = {
  400: 'The request is malformed, or Stripe refused it.',
  401: 'No valid API key.',
  402: 'The payment was declined.',
  403: 'The key’s role is too low, or access was denied.',
  404: 'Not found.',
  409: 'The state does not allow this, or the same request is still running.',
  413: 'The body is too large.',
  415: 'The body is not JSON in UTF-8.',
  422: 'A rule is broken, or the Idempotency-Key was used with another body.',
  429: 'Too many requests.',
  500: 'Internal error.',
  503: 'Temporal or Stripe cannot be reached.',
} as const;
type ProblemStatus = keyof typeof PROBLEMS;

/** Every answer that an endpoint may give: its own, then the problems that go with what it takes. */
export function answersOf(endpoint: Endpoint): Record<string, ResponseConfig> {
  const problems = problemStatuses(endpoint).map((status) => [status, problemAnswer(status)] as const);
  const own = Object.entries(endpoint.responses).map(
    ([status, doc]) => [status, ownAnswer(endpoint, Number(status), doc)] as const,
  );
  const other = { description: 'Any other problem.', ...PROBLEM_CONTENT, headers: headers(ALWAYS) };
  return Object.fromEntries([...problems, ...own, ['default', other]]);
}

function problemStatuses({ role, params, body, method, path, headers }: Endpoint): ProblemStatus[] {
  const names = Object.keys(headers?.shape ?? {});
  const isCommand = names.includes('Idempotency-Key');
  const reads = path.startsWith('/v1/');
  return [
    400,
    ...(role === 'open' ? [] : ([401, 403] as const)),
    ...(isCommand ? ([402, 409, 422] as const) : []),
    ...(params === undefined ? [] : ([404] as const)),
    ...(method === 'post' ? ([413, 415] as const) : []),
    ...(body !== undefined && !isCommand ? ([422] as const) : []),
    ...(reads ? ([429, 503] as const) : []),
    500,
  ];
}

function problemAnswer(status: ProblemStatus): ResponseConfig {
  const more: readonly HeaderName[] =
    status === 401
      ? ['WWW-Authenticate']
      : status === 429 || status === 503 || status === 409
        ? ['Retry-After']
        : [];
  return { description: PROBLEMS[status], ...PROBLEM_CONTENT, headers: headers([...ALWAYS, ...more]) };
}

const PROBLEM_CONTENT = { content: { 'application/problem+json': { schema: problemResource } } };
const TEXT = { schema: { type: 'string' as const } };

function ownAnswer(
  endpoint: Endpoint,
  status: number,
  { description, schema, contentType = 'application/json', alsoAs }: ResponseDoc,
): ResponseConfig {
  return {
    description,
    content: { [contentType]: schema ? { schema } : TEXT, ...(alsoAs ? { [alsoAs]: TEXT } : {}) },
    headers: headers(headersOf(endpoint, status)),
  };
}

function headersOf({ headers: taken, responses }: Endpoint, status: number): readonly HeaderName[] {
  const asked = Object.keys(taken?.shape ?? {});
  const isOfCommand = asked.includes('Prefer') && status !== 200;
  return [
    ...ALWAYS,
    ...(isOfCommand || responses[status]?.located ? (['Location'] as const) : []),
    ...(asked.includes('Idempotency-Key') ? (['Idempotent-Replayed'] as const) : []),
    ...(asked.includes('Prefer') ? (['Preference-Applied'] as const) : []),
  ];
}

function headers(names: readonly HeaderName[]) {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
