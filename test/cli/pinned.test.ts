import { expect, it } from 'vitest';
import type { Decidable } from '../../cli/src/commands/pinned.ts';
import { pinned } from '../../cli/src/commands/pinned.ts';

const notice = (subject: string, second: number, by: string | null = null) => ({
  subject,
  since: `2026-01-01T00:00:0${second}.000Z`,
  allowed_actions: ['acknowledge'],
  acknowledged_by: by,
});
const one: Decidable = { needs_attention: null, approvals: [{ id: 'cmd_1' }] };
const two: Decidable = { needs_attention: null, approvals: [{ id: 'cmd_1' }, { id: 'cmd_2' }] };
const none: Decidable = { needs_attention: null, approvals: [] };
const stuck: Decidable = { needs_attention: { since: '2026-01-01T00:00:07.000Z' } };
const noticed = (...notices: ReturnType<typeof notice>[]): Decidable => ({ ...one, notices });
const asOf = (second: number) => ({ as_of: `2026-01-01T00:00:0${second}.000Z` });

it.each([
  ['the one that was shown', { action: 'approve' }, one, { stripe_id: 'cmd_1' }],
  ['it, to decline it too', { action: 'decline' }, one, { stripe_id: 'cmd_1' }],
  ['none of several: the API asks which one', { action: 'approve' }, two, {}],
  ['none where none waits', { action: 'approve' }, none, {}],
  ['what is named', { action: 'approve', stripeId: 'cmd_2' }, one, { stripe_id: 'cmd_2' }],
  ['what the API finds, where nothing is shown', { action: 'approve', yes: true }, one, {}],
  ['what the API finds, where nothing is done', { action: 'approve', dryRun: true }, one, {}],
  ['what is stuck, and nothing that gets stuck later', { action: 'abandon' }, stuck, asOf(7)],
  [
    'the object of all notices, as they are',
    { action: 'acknowledge' },
    noticed(notice('re_1', 1), notice('re_1', 2)),
    { stripe_id: 're_1', ...asOf(2) },
  ],
  [
    'all notices, and none that comes later',
    { action: 'acknowledge' },
    noticed(notice('re_1', 2), notice('re_2', 1)),
    asOf(2),
  ],
  [
    'the notice that is open',
    { action: 'acknowledge' },
    noticed(notice('re_1', 1), notice('re_2', 2, 'ada')),
    { stripe_id: 're_1', ...asOf(2) },
  ],
  [
    'what was shown at a time that is given, as its repeat is',
    { action: 'acknowledge', asOf: '2025-01-01T00:00:00Z', stripeId: 're_2' },
    noticed(notice('re_1', 1)),
    { stripe_id: 're_2', as_of: '2025-01-01T00:00:00Z' },
  ],
])('a decision on the command line is about %s', async (_, asked, shown, meant) => {
  expect(await pinned(asked, async () => shown)).toEqual(meant);
});
