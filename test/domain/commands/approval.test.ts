import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Approval, Decision } from '../../../domain/commands/approval.ts';
import {
  approvalDue,
  approvalNotices,
  approvalOf,
  decidedApproval,
  isDecision,
  needsApproval,
  problemOfDeclined,
  problemOfExpired,
  problemOfFull,
  problemOfWaiting,
  refusalOfDecision,
  stakeOfWhole,
} from '../../../domain/commands/approval.ts';
import { field } from '../../../domain/commands/fields.ts';
import { withNotices } from '../../../domain/orders/notices.ts';
import { newOrder } from '../../../domain/orders/order.ts';
import { summaryOfResolve } from '../../../domain/orders/preview/preview-decision.ts';
import { transition } from '../../../domain/orders/transition.ts';
import { envelope, NOW, terms } from '../../support/builders.ts';

const pendingOrder = newOrder(terms(), NOW, false);
const POLICY = { above: { usd: 500 }, withinMs: 1_000 };
const stake = (total: number, currency = 'usd') => ({ what: 'refund', amount: total, currency, total });
const from = (actor: string, commandId = 'cmd_1') => ({ ...envelope(commandId), actor });
const approval = (commandId = 'cmd_1'): Approval =>
  approvalOf(from('ada', commandId), stake(600), POLICY, NOW);
const decision = (actor: string, stripe_id?: string): Decision & ReturnType<typeof from> => ({
  ...from(actor, 'cmd_2'),
  kind: 'resolve',
  action: 'approve',
  reason: 'looked at it',
  stripe_id,
});

describe('the money of what has no order', () => {
  const resolve = (action: 'mark_done' | 'retry') => ({ kind: 'resolve', action }) as const;
  it.each<[string, { kind: string; action?: string }, object | null]>([
    ['a payout is about all of it', { kind: 'pay_out' }, { what: 'payout', amount: 500, total: 500 }],
    ['a transfer is about all of it', { kind: 'pay' }, { what: 'transfer', amount: 500, total: 500 }],
    [
      'so is what is marked as done',
      resolve('mark_done'),
      { what: 'mark_done', amount: 500, currency: 'usd' },
    ],
    ['no other decision is about money', resolve('retry'), null],
    ['a reversal brings it back', { kind: 'reverse_transfer' }, null],
    ['a payout that is canceled leaves it where it is', { kind: 'cancel' }, null],
  ])('%s', (_, command, expected) => {
    const found = stakeOfWhole({ amount: 500, currency: 'usd' }, command);
    if (expected === null) expect(found).toBeNull();
    else expect(found).toMatchObject(expected);
  });

  it('asks for somebody while it waits', () => {
    expect(approvalNotices([approval()])).toMatchObject([
      { code: 'approval_needed', since: NOW, deadline: NOW + 1_000, acknowledgedBy: null },
    ]);
  });
});

describe('a command needs an approval', () => {
  it.each([
    ['above the limit', POLICY, stake(501), true],
    ['not at the limit', POLICY, stake(500), false],
    ['of any amount in a currency without a limit', POLICY, stake(1, 'eur'), true],
    ['not where it moves nothing', POLICY, null, false],
    ['not without a policy', undefined, stake(501), false],
  ])('%s', (_, policy, asked, expected) => {
    expect(needsApproval(policy, asked)).toBe(expected);
  });
});

describe('an approval', () => {
  it('says until when, about how much, and by whom it was asked for', () => {
    expect(approval()).toMatchObject({ id: 'cmd_1', amount: 600, since: NOW, expiresAt: NOW + 1_000 });
    expect(approvalDue(approval())).toMatchObject({
      code: 'approval_needed',
      subject: 'cmd_1',
      message: expect.stringContaining('ada asks for a refund of 6.00 USD.'),
      deadline: NOW + 1_000,
      allowedActions: ['approve', 'decline'],
    });
  });

  it('has an id that can be written, whatever the request id of a signal was', () => {
    expect(approval('sig_r-1 é').id).toBe('sig_r_2d1_x20__xe9_');
    expect(approval('cmd_1').id).toBe('cmd_1');
    const long = [`sig_${'é'.repeat(100)}`, `sig_${'ü'.repeat(100)}`].map((id) => approval(id).id);
    for (const id of long) expect(field.anyStripeId.safeParse(id).success).toBe(true);
    expect(new Set(long).size).toBe(2);
  });

  it('has an id of its own, whatever characters the request ids of two signals have', () => {
    const part = fc.stringMatching(/^[a-fx0-9._\-é]{0,8}$/);
    fc.assert(
      fc.property(part, part, (one, other) => {
        fc.pre(one !== other);
        expect(approval(`sig_${one}`).id).not.toBe(approval(`sig_${other}`).id);
      }),
      {
        seed: 1,
        examples: [
          ['a.b', 'a_2eb'],
          ['a.b', 'a_x2e_b'],
          ['a-b', 'a_2db'],
          ['x_.b', 'x__x2e_b'],
        ],
      },
    );
  });

  it.each([
    ['by another person', [approval()], decision('bob'), approval()],
    ['by name', [approval(), approval('cmd_3')], decision('bob', 'cmd_3'), approval('cmd_3')],
    [
      'not of another id',
      [approval()],
      decision('bob', 'cmd_4'),
      { code: 'state_conflict', param: 'stripe_id' },
    ],
    [
      'not of several at once, which it names',
      [approval(), approval('cmd_3')],
      decision('bob'),
      {
        code: 'invalid_request',
        detail:
          'Several wait for approval; name one as stripe_id: cmd_1 (ada asks for a refund of 6.00 USD), cmd_3 (ada asks for a refund of 6.00 USD).',
      },
    ],
    [
      'not where it was asked for after its sender looked',
      [approval()],
      { ...decision('bob'), as_of: '1999-01-01T00:00:00Z' },
      { code: 'state_conflict', param: 'as_of' },
    ],
    ['not where nothing waits', [], decision('bob'), { detail: 'Nothing waits for approval here.' }],
    ['not by who asked', [approval()], decision('ada'), { code: 'forbidden' }],
    [
      'not by the same name from Temporal',
      [approval()],
      decision('Ada (via temporal)'),
      { code: 'forbidden' },
    ],
  ])('is decided %s', (_, approvals, decided, expected) => {
    expect(decidedApproval(approvals, decided)).toMatchObject(expected);
  });

  it('is foreseen to be refused, and no other command is', () => {
    const refusal = (command: { kind: string }, actor: string) =>
      refusalOfDecision([approval()], command, actor);
    expect(refusal(decision('bob'), 'bob')).toBeNull();
    expect(refusal(decision('ada'), 'ada')).toMatchObject({ code: 'forbidden' });
    expect(refusal(decision('bob', 'cmd_4'), 'bob')).toMatchObject({ param: 'stripe_id' });
    expect(refusal({ kind: 'refund' }, 'ada')).toBeNull();
  });

  it('leaves a reason behind, whatever becomes of it', () => {
    const held = { ...approval(), what: 'mark_done' };
    expect(problemOfWaiting(held)).toMatchObject({ code: 'needs_approval' });
    expect(problemOfExpired(held).detail).toBe('Nobody approved this mark done in time. Ask for it again.');
    expect(problemOfFull(50).detail).toMatch(/^50 commands wait for an approval here/);
    expect(problemOfDeclined(held, decision('bob')).detail).toBe('bob declined this mark done: looked at it');
  });
});

it('is decided by two actions of resolve, and by no other command', () => {
  expect(isDecision({ kind: 'resolve', action: 'decline' } as { kind: string })).toBe(true);
  expect(isDecision({ kind: 'resolve', action: 'retry' } as { kind: string })).toBe(false);
  expect(isDecision({ kind: 'refund' })).toBe(false);
});

describe('an order with something that waits', () => {
  const held = { ...approval(), command: { ...from('ada'), kind: 'cancel' as const } };
  const waiting = withNotices(transition(pendingOrder, { type: 'approval_asked', approval: held }), NOW);

  it('asks for somebody until it is decided', () => {
    expect(waiting.notices).toMatchObject([{ code: 'approval_needed', subject: 'cmd_1', since: NOW }]);
    const decided = withNotices(transition(waiting, { type: 'approval_ended', id: 'cmd_1' }), NOW);
    expect(decided).toMatchObject({ approvals: [], notices: [] });
    expect(transition(waiting, { type: 'approval_ended', id: 'cmd_9' }).approvals).toEqual([held]);
  });

  it.each([
    ['approve', /^Approves what another person asked for.* ada asks for a refund of 6\.00 USD\.$/],
    ['decline', /^Declines what another person asked for.* ada asks for a refund of 6\.00 USD\.$/],
  ] as const)('is previewed by %s, with who asked for what', (action, summary) => {
    const command = { kind: 'resolve', action, reason: 'why' } as const;
    expect(summaryOfResolve(waiting, command)).toMatch(summary);
  });

  it('is previewed by what was asked for, whatever its notice says', () => {
    const command = { kind: 'resolve', action: 'approve', reason: 'why' } as const;
    const notices = waiting.notices.map((notice) => ({ ...notice, message: 'In other words.' }));
    expect(summaryOfResolve({ ...waiting, notices }, command)).toMatch(
      / ada asks for a refund of 6\.00 USD\.$/,
    );
  });
});
