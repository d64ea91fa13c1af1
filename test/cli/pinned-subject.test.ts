import { expect, it } from 'vitest';
import { pinnedSubject } from '../../cli/src/commands/pinned-subject.ts';

const notice = (subject: string, by: string | null = null) => ({
  subject,
  allowed_actions: ['acknowledge'],
  acknowledged_by: by,
});
const one = { approvals: [{ id: 'cmd_1' }] };
const two = { approvals: [{ id: 'cmd_1' }, { id: 'cmd_2' }] };

it.each([
  ['the one that was shown', { action: 'approve' }, one, 'cmd_1'],
  ['it, to decline it too', { action: 'decline' }, one, 'cmd_1'],
  ['none of several: the API asks which one', { action: 'approve' }, two, undefined],
  ['none where none waits', { action: 'approve' }, { approvals: [] }, undefined],
  ['what is named', { action: 'approve', stripeId: 'cmd_2' }, one, undefined],
  ['what the API finds, where nothing is shown', { action: 'approve', yes: true }, one, undefined],
  ['what the API finds, where nothing is done', { action: 'approve', dryRun: true }, one, undefined],
  ['what is stuck', { action: 'retry' }, one, undefined],
  ['the object of all notices', { action: 'acknowledge' }, [notice('re_1'), notice('re_1')], 're_1'],
  ['all notices', { action: 'acknowledge' }, [notice('re_1'), notice('re_2')], undefined],
  ['the notice that is open', { action: 'acknowledge' }, [notice('re_1'), notice('re_2', 'ada')], 're_1'],
])('a decision on the command line is about %s', async (_, asked, shown, subject) => {
  const found = Array.isArray(shown) ? { ...one, notices: shown } : shown;
  expect(await pinnedSubject(asked, async () => found)).toBe(subject);
});
