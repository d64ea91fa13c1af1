import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../../dev/project-root.ts';
import { DIFFERENCE_CODES } from '../../domain/reconciliation/balance-transactions.ts';
import { classify } from '../../stripe/errors.ts';
import { connectionError, serverError, stripeError, unreadableAnswer } from '../support/stripe-errors.ts';

const read = (file: string) => readFileSync(join(projectRoot, file), 'utf8');
const runbook = read('docs/runbook.md');
const headings = [...runbook.matchAll(/^#{2,4} (.+)$/gm)].map(([, heading]) => heading);

/** What the code gives as the reason why somebody has to look. */
const OWN = [
  /\bfailure: \{ code: '(\w+)'/g,
  /\bneedsAttention\(\{[^}]*?\bcode: '(\w+)'/g,
  /\bfailure = \{\s*code: '(\w+)',\s*message: error/g,
  /\): StripeFailure \{\s*return \{ code: '(\w+)'/g,
  /\battention: '(\w+)'/g,
  /#attend\('(\w+)'/g,
  /ATTENTION_CODE, value: [^}]*'(\w+)'/g,
];

const ofStripe = [
  connectionError(),
  unreadableAnswer(),
  serverError(false),
  ...[
    { statusCode: 401 },
    { statusCode: 401, code: 'api_key_expired' },
    { statusCode: 403 },
    { statusCode: 429 },
    { statusCode: 429, code: 'lock_timeout' },
    { statusCode: 409, type: 'idempotency_error', code: 'idempotency_key_in_use' },
    { statusCode: 400, type: 'idempotency_error' },
  ].map((raw) => stripeError({ type: 'invalid_request_error', ...raw })),
].map((error) => classify(error).failure.code);

it('the runbook has an entry for each code under which something asks for an operator', () => {
  const sources = ['workflows', 'activities', 'stripe'].flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => read(join(folder, file))),
  );
  const own = sources.flatMap((source) =>
    OWN.flatMap((pattern) => [...source.matchAll(pattern)].map(([, code = '']) => code)),
  );
  const [, union = ''] = /type NoticeCode =([^;]+);/.exec(read('domain/attention/notice.ts')) ?? [];
  const notices = [...union.matchAll(/'(\w+)'/g)].map(([, code = '']) => code);
  expect(new Set(own).size).toBeGreaterThan(12);
  expect(notices.length).toBeGreaterThan(8);
  const codes = [...new Set([...own, ...notices, ...ofStripe, ...DIFFERENCE_CODES])];
  expect(codes.filter((code) => !headings.includes(code))).toEqual([]);
});

it('the runbook has each heading once, since links lead to them', () => {
  expect(headings.filter((heading, index) => headings.indexOf(heading) !== index)).toEqual([]);
});

it('every entry of a code says symptom, check and do', () => {
  const entries = runbook
    .split(/^#{2,4} /m)
    .filter((entry) => /^\w+\n/.test(entry) && /^[a-z]+_/.test(entry));
  expect(entries.length).toBeGreaterThan(40);
  const steps = (entry: string) => [...entry.matchAll(/^- \*(\w+)\.\*/gm)].map(([, step]) => step).join(' ');
  expect(entries.filter((entry) => steps(entry) !== 'Symptom Check Do')).toEqual([]);
});
