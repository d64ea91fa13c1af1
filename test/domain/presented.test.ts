import { describe, expect, it } from 'vitest';
import { presentPending } from '../../domain/commands/present-pending.ts';
import { presentDispute, presentDisputes } from '../../domain/orders/present-dispute.ts';
import { presentApproval, presentNeed, presentNotice } from '../../domain/orders/present-need.ts';
import {
  presentDifference,
  presentReconciliation,
} from '../../domain/reconciliation/present-reconciliation.ts';
import { foundOfTransaction, NOTHING_FOUND } from '../../domain/reconciliation/reconciliation.ts';
import { rfc3339 } from '../../domain/rfc3339.ts';
import { dispute, envelope, NOW, orderIn } from '../support/builders.ts';

const AT = rfc3339(NOW);

describe('an operation on its way', () => {
  const failure = { code: 'api_error', message: 'away', stripeRequestId: null };
  const pending = { operation: 'capture', operationId: 'cmd_1', since: NOW, failure: null } as const;

  it('is nothing where none is', () => {
    expect(presentPending(null)).toBeNull();
  });

  it('has no attempt where Temporal was not asked, and says why the first one failed', () => {
    expect(presentPending(pending)).toEqual({
      operation: 'capture',
      since: AT,
      attempt: null,
      next_attempt_at: null,
      last_error: null,
    });
    expect(presentPending({ ...pending, failure })).toMatchObject({
      last_error: { code: 'api_error', message: 'away' },
    });
  });

  it('counts its first attempt beside those of the retried activity, and shows the last error', () => {
    const attempt = { number: 2, nextAt: NOW, lastError: { code: 'rate_limit', message: 'slow down' } };
    expect(presentPending({ ...pending, failure }, attempt)).toMatchObject({
      attempt: 3,
      next_attempt_at: AT,
      last_error: { code: 'rate_limit' },
    });
    expect(presentPending(pending, { ...attempt, nextAt: null, lastError: null })).toMatchObject({
      attempt: 2,
      next_attempt_at: null,
      last_error: null,
    });
  });

  it('shows when the workflow tries again, until an attempt of the activity is under way', () => {
    const waiting = { ...pending, nextAttemptAt: NOW };
    expect(presentPending(waiting)).toMatchObject({ attempt: null, next_attempt_at: AT });
    const running = { number: 1, nextAt: null, lastError: null };
    expect(presentPending(waiting, running)).toMatchObject({ attempt: 1, next_attempt_at: null });
  });
});

describe('a dispute', () => {
  const recovery = {
    disputeId: dispute().id,
    status: 'recovered',
    attempts: 1,
    nextAttemptAt: null,
    reversal: { id: 'trr_1', transfer: 'tr_1', amount: 100, currency: 'usd' },
    failure: null,
  } as const;
  const order = orderIn('succeeded');

  it('shows when evidence is due, and what was recovered of it', () => {
    const disputed = { ...order, disputes: [dispute({ evidenceDueBy: NOW })], recoveries: [recovery] };
    expect(presentDispute(disputed)).toMatchObject({
      object: 'dispute',
      evidence_due_by: AT,
      recovery: {
        status: 'recovered',
        next_attempt_at: null,
        transfer_reversal: { id: 'trr_1', amount: 100, currency: 'usd' },
        failure: null,
      },
    });
  });

  it('shows the next attempt at a recovery and why the last one failed', () => {
    const failure = { code: 'balance_insufficient', message: 'no funds' };
    const waiting = { ...recovery, status: 'pending', nextAttemptAt: NOW, reversal: null, failure } as const;
    const disputed = { ...order, disputes: [dispute({ evidenceDueBy: null })], recoveries: [waiting] };
    expect(presentDisputes(disputed)).toMatchObject([
      { evidence_due_by: null, recovery: { next_attempt_at: AT, transfer_reversal: null, failure } },
    ]);
  });

  it('is shown without a recovery where there is none, and is nothing where there is none', () => {
    expect(presentDisputes({ ...order, disputes: [dispute()] })).toMatchObject([{ recovery: null }]);
    expect(presentDispute(order)).toBeNull();
  });
});

it('a notice shows its deadline, where it has one, and who has seen it', () => {
  const notice = {
    code: 'capture_expiring',
    subject: 'pi_1',
    message: 'soon',
    since: NOW,
    deadline: NOW,
    allowedActions: ['acknowledge'],
    acknowledgedBy: null,
  } as const;
  expect(presentNotice(notice)).toMatchObject({ since: AT, deadline: AT, acknowledged_by: null });
  expect(presentNotice({ ...notice, deadline: null, acknowledgedBy: 'ada' })).toMatchObject({
    deadline: null,
    acknowledged_by: 'ada',
  });
});

it('a need says when Waybill tries next, where that is known', () => {
  const need = {
    operation: 'capture',
    code: 'api_error',
    subject: null,
    message: 'away',
    stripeRequestId: null,
    since: NOW,
    deadline: null,
    allowedActions: [],
  } as const;
  expect(presentNeed(need)).toMatchObject({ next_attempt_at: null });
  expect(presentNeed(need, NOW)).toMatchObject({ next_attempt_at: AT });
});

it('a command that waits for another person shows who asked for how much', () => {
  const command = envelope('cmd_1');
  const approval = {
    id: 'apr_1',
    command,
    what: 'refund',
    amount: 5,
    currency: 'usd',
    since: NOW,
    expiresAt: NOW,
  };
  expect(presentApproval(approval)).toEqual({
    id: 'apr_1',
    command: 'refund',
    amount: 5,
    currency: 'usd',
    requested_by: command.actor,
    requested: AT,
    expires: AT,
  });
});

describe('a reconciliation', () => {
  const transaction = { id: 'txn_1', type: 'charge', currency: 'usd', net: 941, createdAt: NOW };
  const shown = (findings: typeof NOTHING_FOUND) => presentReconciliation({ from: NOW, to: NOW, findings });

  it('shows for each currency what is explained, and by what', () => {
    const verdict = { standing: 'unexplained', code: 'foreign_payment', orderId: null } as const;
    const found = foundOfTransaction(transaction, verdict, { expectedSince: NOW });
    const { totals, reconciled } = shown(found);
    expect(reconciled).toBe(false);
    expect(totals).toMatchObject([
      {
        currency: 'usd',
        unexplained: { count: 1, amount: 941 },
        explained: { count: 0, amount: 0 },
        explained_by: {},
      },
    ]);
    const [difference] = found.differences;
    expect(difference && presentDifference(difference, NOW + 2_500)).toMatchObject({
      object: 'reconciliation_difference',
      code: 'foreign_payment',
      order: null,
      since: AT,
      age_seconds: 2,
    });
  });

  it('without a difference is reconciled', () => {
    expect(shown(NOTHING_FOUND)).toMatchObject({ reconciled: true, totals: [], difference_count: 0 });
  });
});
