import { expect, it } from 'vitest';
import type { Attention } from '../../../domain/attention/attention.ts';
import type { Notice } from '../../../domain/attention/notice.ts';
import type { TimelineEntry } from '../../../domain/commands/timeline.ts';
import type { Situation } from '../../../workflows/entity/details.ts';
import { currentDetails } from '../../../workflows/entity/details.ts';

const STANDING: Situation = {
  lines: ['**captured** · 10.00 USD', 'Captured 10.00 USD'],
  pending: null,
  attention: null,
  refusal: null,
  notices: [],
  requestId: 'r1',
};

const STUCK: Attention = {
  operation: 'refund',
  operationId: 'cmd_1',
  code: 'api_key_expired',
  message: 'Expired API Key provided: sk_test_***ill',
  stripeRequestId: 'req_1',
  since: 0,
  generation: 0,
  allowedActions: ['retry', 'abandon'],
};

const DISPUTED: Notice = {
  code: 'dispute_needs_response',
  subject: 'du_1',
  message: 'The customer disputes 10.00 USD.',
  since: 0,
  deadline: 86_400_000,
  allowedActions: ['acknowledge'],
  acknowledgedBy: null,
};

const REFUSAL: TimelineEntry = {
  at: 0,
  type: 'command',
  name: 'refund refused',
  actor: 'ada (via temporal)',
  cause: null,
  detail: 'Only 7.00 USD are left to refund.',
  stripeId: null,
  stripeRequestId: null,
};

/** Lines as Markdown shows them, but the empty one at the end. */
function linesOf(situation: Partial<Situation>): string[] {
  return currentDetails({ ...STANDING, ...situation })
    .split('\\\n')
    .slice(0, -1);
}

it('where nothing is wrong, the details say where the workflow stands and where its money is', () => {
  expect(linesOf({})).toEqual(['**captured** · 10.00 USD', 'Captured 10.00 USD']);
});

it('what to do comes first, with a payload that can be sent as it is; then why, then where it stands', () => {
  expect(linesOf({ attention: STUCK })).toEqual([
    '**resolve** `{"request_id":"r1","actor":"you","action":"retry","reason":"why"}`',
    '**Needs attention: refund** `api_key_expired` · `req_1`',
    expect.stringContaining('Expired API Key provided'),
    'Runbook: docs/runbook.md#api_key_expired · or `abandon`',
    ...STANDING.lines,
  ]);
});

it('a text from outside shows as it is, not as Markdown', () => {
  expect(linesOf({ attention: STUCK })).toContain('Expired API Key provided: sk\\_test\\_\\*\\*\\*ill');
  const hostile = { ...STUCK, message: '<img src=x>\n# [a](b)' };
  expect(linesOf({ attention: hostile })).toContain('\\<img src=x\\> \\# \\[a\\]\\(b\\)');
});

it('a long text is cut to one line: Temporal UI hides what a wrapped line pushes down', () => {
  expect(linesOf({ attention: { ...STUCK, message: 'x'.repeat(5_000) } })).toContain(`${'x'.repeat(74)}…`);
});

it('a notice names its object in the payload, and says when it is too late', () => {
  expect(linesOf({ notices: [DISPUTED] }).slice(0, 2)).toEqual([
    '**resolve** `{"request_id":"r1","actor":"you","action":"acknowledge","stripe_id":"du_1","reason":"why"}`',
    '**dispute_needs_response** · until 1970-01-02T00:00:00.000Z',
  ]);
});

it('what ends with its cause asks for no signal', () => {
  const [first] = linesOf({ notices: [{ ...DISPUTED, allowedActions: [] }] });
  expect(first).toBe('Nothing to resolve here: it ends with its cause.');
});

it('an operation on its way shows since when, and why it is being retried', () => {
  const pending = { operation: 'capture', operationId: 'cmd_2', since: 0, failure: null } as const;
  expect(linesOf({ pending })).toContain('**Pending: capture** since 1970-01-01T00:00:00.000Z');
  const failure = { code: 'rate_limit', message: 'Too many requests', stripeRequestId: null };
  expect(linesOf({ pending: { ...pending, failure } }).slice(2, 4)).toEqual([
    '**Pending: capture** since 1970-01-01T00:00:00.000Z · `rate_limit`',
    'Too many requests',
  ]);
});

it('further notices are only named', () => {
  const lines = linesOf({
    notices: [DISPUTED, { ...DISPUTED, code: 'refund_failed' }],
    lines: ['**captured**'],
  });
  expect(lines.at(-1)).toBe('Also: `refund_failed`');
  expect(lines.filter((line) => line.includes('**resolve**'))).toHaveLength(1);
});

it('a refusal of the last command is shown, with who sent it and every line visible', () => {
  expect(linesOf({ refusal: REFUSAL })).toEqual([
    '**refund refused** · ada \\(via temporal\\)',
    'Only 7.00 USD are left to refund.',
    ...STANDING.lines,
  ]);
});

it('has six lines at most, whatever comes together: what to do, the refusal and where it stands stay', () => {
  const failure = { code: 'rate_limit', message: 'Too many requests', stripeRequestId: null };
  const pending = { operation: 'capture', operationId: 'cmd_2', since: 0, failure } as const;
  const lines = linesOf({ attention: STUCK, notices: [DISPUTED], refusal: REFUSAL, pending });
  expect(lines).toEqual([
    expect.stringMatching(/^\*\*resolve\*\* `\{.*\}`$/),
    '**Needs attention: refund** `api_key_expired` · `req_1`',
    '**refund refused** · ada \\(via temporal\\)',
    'Only 7.00 USD are left to refund.',
    ...STANDING.lines,
  ]);
  expect(linesOf({ attention: STUCK, pending })).toHaveLength(6);
  expect(linesOf({ notices: [DISPUTED], pending: { ...pending, failure: null } })).toHaveLength(6);
});
