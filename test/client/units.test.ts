import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import type { Account } from '../../client/src/index.ts';
import { isSettled, verifyEvent } from '../../client/src/index.ts';

describe('isSettled', () => {
  const account = (known: Partial<Account>) =>
    isSettled({ object: 'account', pending: null, needs_attention: null, ...known } as Account);

  it.each<[string, Partial<Account>, boolean]>([
    ['that Stripe has not made yet', { id: null, status: 'onboarding' }, false],
    ['that Stripe has made', { id: 'acct_1', status: 'onboarding' }, true],
    ['that Stripe refused to make, and never makes', { id: null, status: 'rejected' }, true],
  ])('an account %s', (_, known, settled) => expect(account(known)).toBe(settled));
});

describe('verifyEvent', () => {
  const secret = 'whsec_c2VjcmV0';
  const body = '{"type":"order.captured","timestamp":"2026-01-31T12:00:00.000Z","data":{"id":"order-1"}}';
  const id = 'evt_order~order-1~3';
  const at = new Date();
  const seconds = String(Math.floor(at.getTime() / 1_000));
  const signature = new Webhook(secret).sign(id, at, body);

  it.each([
    ['in lower case', { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signature }],
    ['in title case', { 'Webhook-Id': id, 'Webhook-Timestamp': seconds, 'Webhook-Signature': signature }],
    ['as lists', { 'webhook-id': [id], 'webhook-timestamp': [seconds], 'webhook-signature': [signature] }],
  ])('takes the headers %s', (_, headers) => {
    expect(verifyEvent(secret, body, headers)).toMatchObject({ id, type: 'order.captured' });
  });

  it('takes the headers of another library', () => {
    const headers = new Headers({
      'Webhook-Id': id,
      'Webhook-Timestamp': seconds,
      'Webhook-Signature': signature,
    });
    const foreign = { get: (name: string) => headers.get(name) } as Headers;
    expect(verifyEvent(secret, body, foreign)).toMatchObject({ id });
  });

  it('refuses a signature that is too old, and one without its time', () => {
    const old = new Date(at.getTime() - 600_000);
    const aged = {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(old.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret).sign(id, old, body),
    };
    expect(() => verifyEvent(secret, body, aged)).toThrow('too old');
    expect(() => verifyEvent(secret, body, { ...aged, 'webhook-timestamp': undefined })).toThrow('headers');
  });
});
