import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { OperationOutcome, StripeOperation } from '../../../contract/operations.ts';
import { unreadableNotices } from '../../../domain/attention/reading.ts';
import { problem } from '../../../domain/errors.ts';
import { IllegalTransition } from '../../../domain/illegal-transition.ts';
import { nothingPublished } from '../../../domain/outgoing-events/announce.ts';
import type { Publisher } from '../../../domain/outgoing-events/outgoing-event.ts';
import type { EntityEvent, EntityState } from '../../../workflows/entity/entity-record.ts';
import { EntityRecord } from '../../../workflows/entity/entity-record.ts';
import { Outbox } from '../../../workflows/entity/outbox.ts';
import { envelope } from '../../support/builders.ts';

// It asks the SDK for a workflow's meter, and there is no workflow here.
vi.mock('../../../workflows/entity/attention-duration.ts', () => ({ measureEnded: () => undefined }));

interface Parcel extends EntityState {
  readonly status: 'new' | 'sent' | 'given up';
}
type ParcelEvent = EntityEvent | { readonly type: 'sent' } | { readonly type: 'unsent' };

const NEW: Parcel = { status: 'new', pending: null, attention: null, unreadable: null };

/** It has no events. */
const UNTOLD: Publisher<Parcel, null> = {
  kind: 'transfer',
  unborn: null,
  idOf: () => 'parcel',
  standingOf: () => null,
  newsOf: () => [],
  present: () => ({ id: 'parcel', object: 'parcel' }),
};

/** The smallest entity: it is sent once. */
class ParcelRecord extends EntityRecord<Parcel, ParcelEvent, null> {
  readonly usual = {};
  readonly input = { policy: { retryBudgetMs: 1 } };
  protected readonly isOver = false;
  abandon(): void {}
  protected transition(parcel: Parcel, event: ParcelEvent): Parcel {
    switch (event.type) {
      case 'sent':
        return { ...parcel, status: 'sent' };
      case 'unsent':
        throw new IllegalTransition('what is sent stays sent');
      case 'given_up':
        return { ...parcel, status: 'given up' };
      case 'reading_failed':
        return { ...parcel, unreadable: event.failure };
      case 'attention_raised':
        return { ...parcel, attention: event.attention };
      case 'attention_cleared':
        return { ...parcel, attention: null };
    }
  }
  protected standingOf({ status }: Parcel) {
    return { status };
  }
  protected override noticesOf({ unreadable }: Parcel) {
    return unreadableNotices('parcel', 'tr_1', unreadable ? { ...unreadable, since: 0 } : null);
  }
  protected eventOf(_: StripeOperation, { type }: OperationOutcome): ParcelEvent | null {
    return type === 'refused' ? null : { type: 'sent' };
  }
  protected isBegunBy({ operation }: StripeOperation): boolean {
    return operation === 'transfer';
  }
}

const COMMAND = envelope('send');
const OPERATION = { operation: 'transfer', operationId: 'send' } as StripeOperation;
const SENT = { type: 'disconnected', stripeRequestId: 'req_1' } as const;
const REFUSED = {
  type: 'refused',
  problem: problem('state_conflict', 'Stripe says no.'),
  payment: null,
  stripeRequestId: 'req_1',
} as const;

let record: ParcelRecord;
const entries = () => record.timeline.entries.map(({ type, name }) => `${type}: ${name}`);

beforeEach(() => {
  record = new ParcelRecord(NEW, new Outbox(UNTOLD, nothingPublished(UNTOLD, false)), undefined);
  record.begin('transfer', COMMAND);
});

describe('the outcome of an operation', () => {
  it('is noted as a call, then as what it changed, and ends its command', () => {
    record.applyOutcome(COMMAND, OPERATION, SENT);
    expect(entries()).toEqual(['command: transfer', 'stripe_call: transfer', 'state: sent']);
    expect(record.result('send')).toMatchObject({ outcome: 'done' });
  });

  it('that refuses what the entity is for gives it up, and says so once', () => {
    record.applyOutcome(COMMAND, OPERATION, REFUSED);
    expect(entries()).toEqual(['command: transfer', 'stripe_call: transfer', 'state: given up']);
    expect(record.refusal).toEqual(REFUSED.problem);
  });

  it('that refuses a later command leaves the entity as it was', () => {
    record.applyOutcome(COMMAND, { ...OPERATION, operation: 'reverse_transfer' } as StripeOperation, REFUSED);
    expect(record.state).toEqual(NEW);
    expect(record.refusal).toBeNull();
    expect(record.result('send')).toMatchObject({ outcome: 'refused', problem: REFUSED.problem });
  });
});

describe('what Stripe shows', () => {
  it('changes nothing but the timeline where it contradicts what is known', () => {
    record.observe({ type: 'unsent' });
    expect(record.state).toEqual(NEW);
    expect(record.timeline.entries.at(-1)).toMatchObject({
      name: 'contradiction',
      detail: 'what is sent stays sent',
    });
  });

  it('needs attention once when it cannot be read', () => {
    record.noteUnreadable({ code: 'permission_error', message: 'No.' });
    record.noteUnreadable({ code: 'permission_error', message: 'Still no.' });
    expect(entries()).toEqual(['command: transfer', 'attention: reading_failed']);
    expect(record.notices).toMatchObject([{ code: 'reading_failed', subject: 'tr_1' }]);
  });
});
