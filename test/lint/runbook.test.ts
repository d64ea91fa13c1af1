import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../../dev/project-root.ts';
import { ACCOUNT_COMMANDS } from '../../domain/accounts/account-command-table.ts';
import { ORDER_COMMANDS } from '../../domain/orders/order-command-table.ts';
import { TRANSFER_COMMANDS } from '../../domain/orders/transfer-command-table.ts';
import { PAYOUT_COMMANDS } from '../../domain/payouts/payout-command-table.ts';
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
  /#raise\('(\w+)'/g,
  /needAttributes\([^)]*\bcode: '(\w+)'/g,
  /\b(?:needOf|show)\('(\w+)'/g,
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

/** https://docs.stripe.com/connect/oauth-reference: of the authorization, of the token and of the end of a connection. */
const OAUTH_CODES = [
  ...['access_denied', 'invalid_client', 'invalid_grant', 'invalid_redirect_uri', 'invalid_request'],
  ...['invalid_scope', 'unsupported_grant_type', 'unsupported_response_type', 'unsupported_scope'],
];

it('the runbook has an entry for each code that Stripe’s OAuth can answer', () => {
  expect(OAUTH_CODES.filter((code) => !headings.includes(code))).toEqual([]);
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

/** By what the ids of their workflows begin with. */
const TABLES = {
  order: Object.values(ORDER_COMMANDS),
  transfer: Object.values(TRANSFER_COMMANDS),
  payout: Object.values(PAYOUT_COMMANDS),
  account: Object.values(ACCOUNT_COMMANDS),
};

/** The rows of the table of signals: who takes it, its name, and an input. */
const signals = [...runbook.matchAll(/^\| (.*`\w+\/…`.*) \| `(\w+)` \| `(\{.*\})` \|$/gm)];

it('the runbook has an input for every signal of a command, which is taken as it is written', () => {
  const wrong = signals.flatMap(([, takers = '', name, input = '']) => {
    const tables = Object.entries(TABLES).filter(([noun]) => takers.includes(`${noun}/…`));
    return tables.flatMap(([noun, table]) => {
      const taker = table.find(({ update, isSignal }) => isSignal && update === name);
      const { refusal } = taker?.fromSignal(JSON.parse(input)) ?? { refusal: { detail: 'no such signal' } };
      return refusal ? [`${noun} ${name}: ${refusal.detail}`] : [];
    });
  });
  expect(wrong).toEqual([]);
  const all = Object.values(TABLES).flatMap((table) =>
    table.flatMap(({ update, isSignal }) => (isSignal ? [update] : [])),
  );
  expect(new Set(signals.map(([, , name]) => name))).toEqual(new Set(all));
});

it('every payload of a signal in the runbook’s commands is taken as it is written', () => {
  const typed = [...runbook.matchAll(/--name (\w+) \\\n\s+--input '(\{[^']*\})'/g)];
  expect(typed.length).toBeGreaterThan(0);
  const refusals = typed.map(([, name, input = '']) => {
    const taker = TABLES.order.find(({ update, isSignal }) => isSignal && update === name);
    return taker?.fromSignal(JSON.parse(input)).refusal;
  });
  expect(refusals.filter((refusal) => refusal !== null)).toEqual([]);
});
