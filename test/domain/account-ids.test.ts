import { describe, expect, it } from 'vitest';
import {
  accountMetadata,
  accountReference,
  accountReferenceFromDigest,
  accountWorkflowId,
  directIdempotencyKey,
  idempotencyKey,
  isMadeBy,
} from '../../domain/ids.ts';
import { isMadeByAnother } from '../../domain/owners.ts';

const DIGEST = 'a'.repeat(64);

describe('an account', () => {
  it('is known by the caller’s own reference, and else by Stripe’s id', () => {
    expect(accountReference({ id: 'acct_1', metadata: { waybill_account: 'seller-1' } })).toBe('seller-1');
    expect(accountReference({ id: 'acct_1', metadata: {} })).toBe('acct_1');
    expect(accountReference({ id: 'acct_1', metadata: null })).toBe('acct_1');
    expect(accountReference({ id: 'acct_1' })).toBe('acct_1');
  });

  it('has its life in a workflow of that name', () => {
    expect(accountWorkflowId('seller-1')).toBe('account/seller-1');
    expect(accountReferenceFromDigest(DIGEST)).toMatch(/^wac_a{24}$/);
  });

  it('keeps its keys apart from those of an order of the same name', () => {
    const key = { operation: 'update_account', operationId: 'cmd_1', generation: 0 } as const;
    const ofAccount = idempotencyKey({ ...key, reference: 'one' });
    expect(ofAccount).toBe('waybill:account/one:update_account:cmd_1:0');
    expect(ofAccount).not.toBe(idempotencyKey({ ...key, orderId: 'one' }));
  });

  it.each(['create_account', 'connect_account'] as const)(
    'is not named in the key of %s: the caller’s own key names it',
    (operation) => {
      const key = { operation, operationId: 'cmd_1', generation: 0 };
      expect(idempotencyKey({ ...key, reference: 'one' })).toBe(idempotencyKey({ ...key, reference: 'two' }));
    },
  );

  it('is found again by what its metadata say', () => {
    const operation = { reference: 'seller-1', operationId: 'cmd_1' };
    const metadata = accountMetadata('seller-1', 'cmd_1');
    expect(isMadeBy(operation, { ...metadata, shop: '7' })).toBe(true);
    expect(isMadeBy({ ...operation, reference: 'seller-2' }, metadata)).toBe(false);
    expect(isMadeByAnother({ ...operation, operationId: 'cmd_2' }, metadata)).toBe(true);
    expect(isMadeByAnother(operation, undefined)).toBe(false);
  });
});

it('the key of a call without a workflow is made of the request’s digest and what is called', () => {
  expect(directIdempotencyKey('customer', DIGEST)).toBe(`waybill:customer:${DIGEST}`);
  expect(directIdempotencyKey('attach', DIGEST)).not.toBe(directIdempotencyKey('detach', DIGEST));
});
