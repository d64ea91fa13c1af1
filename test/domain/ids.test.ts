import { validateHeaderValue } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as ids from '../../domain/ids.ts';
import { isMadeByAnother, ownerIn } from '../../domain/owners.ts';

/** Stripe's and Temporal's limits. */
const STRIPE_KEY_MAX = 255;
const WORKFLOW_ID_MAX = 1000;

const operation = fc.constantFrom<ids.Operation>(
  'authorize',
  'adopt',
  'confirm',
  'capture',
  'cancel',
  'refund',
  'transfer',
);
const orderId = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/);
const digest = fc.stringMatching(/^[0-9a-f]{64}$/);
const base64urlDigest = fc.stringMatching(/^[0-9A-Za-z_-]{43}$/);
const commandId = fc.oneof(
  base64urlDigest.map(ids.commandIdFromDigest),
  fc.stringMatching(/^[A-Za-z0-9_.-]{1,100}$/).map(ids.commandIdFromSignal),
);
const generation = fc.integer({ min: 0, max: 1000 });
const key = fc.record({ orderId, operation, operationId: commandId, generation });

describe('idempotencyKey', () => {
  it('is a pure function of what it is about: the same again gives the same key', () => {
    fc.assert(
      fc.property(key, (of) => {
        expect(ids.idempotencyKey({ ...of })).toBe(ids.idempotencyKey({ ...of }));
      }),
    );
  });

  it('is never longer than Stripe takes', () => {
    fc.assert(
      fc.property(key, (of) => {
        expect(ids.idempotencyKey(of).length).toBeLessThanOrEqual(STRIPE_KEY_MAX);
      }),
    );
  });

  it('differs when operation, operation id or generation differ', () => {
    fc.assert(
      fc.property(key, key, (one, other) => {
        fc.pre(
          one.operation !== other.operation ||
            one.operationId !== other.operationId ||
            one.generation !== other.generation,
        );
        expect(ids.idempotencyKey({ ...one, orderId: 'x' })).not.toBe(
          ids.idempotencyKey({ ...other, orderId: 'x' }),
        );
      }),
    );
  });

  it('differs between two orders, but for the authorization, whose operation id is already the caller’s own', () => {
    fc.assert(
      fc.property(key, orderId, (of, otherOrder) => {
        fc.pre(of.orderId !== otherOrder);
        const other = ids.idempotencyKey({ ...of, orderId: otherOrder });
        if (of.operation === 'authorize' || of.operation === 'adopt')
          expect(other).toBe(ids.idempotencyKey(of));
        else expect(other).not.toBe(ids.idempotencyKey(of));
      }),
    );
  });

  it('reads as what it is, since operators meet it in Stripe’s dashboard', () => {
    const capture = { orderId: 'o-1', operation: 'capture', operationId: 'cmd_1', generation: 2 } as const;
    expect(ids.idempotencyKey(capture)).toBe('waybill:o-1:capture:cmd_1:2');
    expect(ids.keyOfPart(ids.idempotencyKey(capture), 'tr_1')).toBe('waybill:o-1:capture:cmd_1:2:tr_1');
    expect(ids.idempotencyKey({ ...capture, operation: 'authorize' })).toBe('waybill:authorize:cmd_1:2');
    const transfer = { ...capture, operation: 'transfer' } as const;
    expect(ids.idempotencyKey({ ...transfer, charge: 'ch_1' })).toBe('waybill:o-1:transfer:cmd_1:2');
    expect(ids.idempotencyKey({ ...transfer, charge: null })).toBe('waybill:transfer:cmd_1:2');
  });
});

describe('the key of a command whose id a person typed', () => {
  const typed = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 }).map(ids.commandIdFromSignal);

  it.each(['№ 4711', 'Ticket 47 – zurück', '票号四七一一'])('goes into a header: %s', (requestId) => {
    const refund = { orderId: 'o-1', operation: 'refund', generation: 0 } as const;
    const keys = [requestId, `${requestId}!`].map((id) => {
      const operation = { ...refund, operationId: ids.commandIdFromSignal(id) };
      return [ids.idempotencyKey(operation), ids.paymentMethodKey({ ...operation, attempt: 0 })];
    });
    for (const made of keys.flat()) {
      expect(() => validateHeaderValue('Idempotency-Key', made)).not.toThrow();
      expect(ids.isOurIdempotencyKey(made)).toBe(true);
    }
    expect(new Set(keys.flat()).size).toBe(4);
  });

  it('has printable ASCII only, whatever was typed, and room at Stripe', () => {
    fc.assert(
      fc.property(key, typed, (of, operationId) => {
        const made = ids.idempotencyKey({ ...of, operationId });
        expect(made).toMatch(/^waybill:[ -~]+$/);
        expect(made.length).toBeLessThanOrEqual(STRIPE_KEY_MAX);
        expect(made).toBe(ids.idempotencyKey({ ...of, operationId }));
      }),
    );
  });
});

describe('workflow ids', () => {
  it('lead back to the order or the transfer, and never to the other', () => {
    fc.assert(
      fc.property(orderId, (id) => {
        expect(ids.orderIdOf(ids.orderWorkflowId(id))).toBe(id);
        expect(ids.transferIdOf(ids.transferWorkflowId(id))).toBe(id);
        expect(ids.orderIdOf(ids.transferWorkflowId(id))).toBeUndefined();
        expect(ids.transferIdOf(ids.orderWorkflowId(id))).toBeUndefined();
        expect(ids.accountReferenceOf(ids.accountWorkflowId(id))).toBe(id);
        expect(ids.accountReferenceOf(ids.orderWorkflowId(id))).toBeUndefined();
        expect(ids.orderWorkflowId(id).length).toBeLessThan(WORKFLOW_ID_MAX);
      }),
    );
  });
});

describe('ids made from a digest', () => {
  it('are ids that a caller could have chosen, and tell orders, transfers and commands apart', () => {
    fc.assert(
      fc.property(digest, (hex) => {
        const made = [
          ids.orderIdFromDigest(hex),
          ids.transferIdFromDigest(hex),
          ids.commandIdFromDigest(hex),
        ];
        for (const id of made) expect(id).toMatch(ids.ORDER_ID_PATTERN);
        expect(new Set(made).size).toBe(3);
      }),
    );
  });

  it.each(['', '-a', '.a', 'a b', 'a/b', 'ä', 'a'.repeat(65), 'a\n'])('%j is no order id', (id) => {
    expect(id).not.toMatch(ids.ORDER_ID_PATTERN);
  });
});

it('a one-off token becomes a payment method under one key per operation', () => {
  expect(ids.paymentMethodKey({ orderId: 'o-1', operationId: 'cmd_1', attempt: 0 })).toBe(
    'waybill:o-1:payment_method:cmd_1:0',
  );
});

describe('stripeMetadata', () => {
  it('marks an object so that its operation, and no other, finds it again', () => {
    const metadata = ids.stripeMetadata('o-1', 'cmd_1');
    expect(ids.isMadeBy({ orderId: 'o-1', operationId: 'cmd_1' }, metadata)).toBe(true);
    expect(ids.isMadeBy({ orderId: 'o-1', operationId: 'cmd_2' }, metadata)).toBe(false);
    expect(ids.isMadeBy({ orderId: 'o-2', operationId: 'cmd_1' }, metadata)).toBe(false);
    expect(ids.isMadeBy({ orderId: 'o-1', operationId: 'cmd_1' }, {})).toBe(false);
    expect(ids.isMadeBy({ orderId: 'o-1', operationId: 'cmd_1' }, null)).toBe(false);
  });

  it('distinguishes what another operation made from what nobody of ours made', () => {
    const metadata = ids.stripeMetadata('o-1', 'cmd_1');
    expect(isMadeByAnother({ orderId: 'o-1', operationId: 'cmd_2' }, metadata)).toBe(true);
    expect(isMadeByAnother({ orderId: 'o-1', operationId: 'cmd_1' }, metadata)).toBe(false);
    expect(isMadeByAnother({ orderId: 'o-1', operationId: 'cmd_1' }, { order: '5' })).toBe(false);
    expect(isMadeByAnother({ orderId: 'o-1', operationId: 'cmd_1' }, null)).toBe(false);
    // An adopted payment names its order alone.
    expect(isMadeByAnother({ orderId: 'o-1', operationId: 'cmd_1' }, { waybill_order: 'o-2' })).toBe(true);
    expect(isMadeByAnother({ orderId: 'o-1', operationId: 'cmd_1' }, { waybill_order: 'o-1' })).toBe(false);
  });

  it.each([
    [ids.stripeMetadata('o-1', 'cmd_1'), 'the effect of cmd_1 of o-1'],
    [{ waybill_order: 'o-1' }, 'that of o-1'],
    [{ waybill_operation: 'cmd_1' }, 'the effect of cmd_1 of another object'],
  ])('says whose a Stripe object with %j is', (metadata, owner) => {
    expect(ownerIn(metadata)).toBe(owner);
  });

  it('uses only keys that callers may not set', () => {
    for (const name of Object.keys(ids.stripeMetadata('o-1', 'cmd_1'))) {
      expect(name.startsWith(ids.RESERVED_METADATA_PREFIX)).toBe(true);
    }
  });
});

it('an object at Stripe becomes an operation’s under a key of that object alone', () => {
  expect([ids.claimKey('tr_1', 0), ids.claimKey('tr_1', 1), ids.claimKey('tr_2', 0)]).toEqual([
    'waybill:adopt:tr_1:0',
    'waybill:adopt:tr_1:1',
    'waybill:adopt:tr_2:0',
  ]);
});

it('a day’s book has its owner and its day in its name', () => {
  const owners = [
    { kind: 'key', name: 'helpdesk' },
    { kind: 'account', name: 'acct_1' },
  ] as const;
  expect(owners.map((owner) => ids.dayBookWorkflowId(owner, '2026-01-31'))).toEqual([
    'day-book/key/helpdesk/2026-01-31',
    'day-book/account/acct_1/2026-01-31',
  ]);
});
