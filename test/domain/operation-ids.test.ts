import { describe, expect, it } from 'vitest';
import * as ids from '../../domain/ids.ts';
import { isMadeByAnother } from '../../domain/owners.ts';

const DIGEST = 'a'.repeat(64);

describe('a payout', () => {
  const payout = { payoutId: 'wpo_1', operationId: 'cmd_1' };

  it('has its life in a workflow whose id leads back to it, and to no order', () => {
    const workflowId = ids.payoutWorkflowId('wpo_1');
    expect(workflowId).toBe('payout/wpo_1');
    expect(ids.payoutIdOf(workflowId)).toBe('wpo_1');
    expect(ids.orderIdOf(workflowId)).toBeUndefined();
    expect(ids.payoutIdOf(ids.orderWorkflowId('wpo_1'))).toBeUndefined();
  });

  it('gets an id of its own from the caller’s key', () => {
    expect(ids.payoutIdFromDigest(DIGEST)).toMatch(/^wpo_a{24}$/);
    expect(ids.payoutIdFromDigest(DIGEST)).toMatch(ids.ORDER_ID_PATTERN);
  });

  it('keeps its keys apart from those of an order or an account of the same name', () => {
    const key = { operation: 'cancel_payout', operationId: 'cmd_1', generation: 1 } as const;
    const keys = [{ payoutId: 'one' }, { orderId: 'one' }, { reference: 'one' }].map((subject) =>
      ids.idempotencyKey({ ...key, ...subject }),
    );
    expect(keys[0]).toBe('waybill:payout/one:cancel_payout:cmd_1:1');
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('is found again by its metadata, by the operation that made it and no other', () => {
    const metadata = ids.payoutMetadata('wpo_1', 'cmd_1');
    expect(metadata).toEqual({ waybill_payout: 'wpo_1', waybill_operation: 'cmd_1' });
    expect(ids.isMadeBy(payout, metadata)).toBe(true);
    expect(ids.isMadeBy({ ...payout, operationId: 'cmd_2' }, metadata)).toBe(false);
    expect(ids.isMadeBy({ ...payout, payoutId: 'wpo_2' }, metadata)).toBe(false);
    expect(isMadeByAnother({ ...payout, operationId: 'cmd_2' }, metadata)).toBe(true);
  });
});

describe('what an order does without a command', () => {
  it('is named after its cause, so that a repeat is the same operation and the next time another', () => {
    expect(ids.reauthorizationId('o-1', 2)).toBe('reauthorize:o-1:2');
    expect(ids.releaseOperationId('pi_1')).toBe('release:pi_1');
    expect(ids.recoveryOperationId('dp_1')).toBe('recover:dp_1');
    expect(ids.adoptionIdOf('cmd_1')).toBe('adopt_cmd_1');
  });
});

it('the workflow of a test of webhooks is none of an order', () => {
  expect(ids.orderIdOf(ids.webhookTestWorkflowId('t-1'))).toBeUndefined();
});

it('an event of Stripe’s is kept in a workflow of its name, which is no order’s', () => {
  const workflowId = ids.stripeEventWorkflowId('evt_1');
  expect(workflowId).toBe('stripe-event/evt_1');
  expect(ids.orderIdOf(workflowId)).toBeUndefined();
});
