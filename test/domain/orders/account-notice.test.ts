import { describe, expect, it } from 'vitest';
import type { AccountNotice } from '../../../domain/orders/account-notice.ts';
import { accountNoticeFrom } from '../../../domain/orders/account-notice.ts';
import { openNotices, withNotices } from '../../../domain/orders/notices.ts';
import { transition } from '../../../domain/orders/transition.ts';
import { NOW, orderIn } from '../../support/builders.ts';

const NOTICE: AccountNotice = {
  account: 'acct_seller',
  canReceive: false,
  canSettle: false,
  detail: 'The connected account acct_seller is restricted.',
};
const told = (order: ReturnType<typeof orderIn>, notice: Partial<AccountNotice>, at = NOW) =>
  withNotices(transition(order, { type: 'account_noticed', notice: { ...NOTICE, ...notice }, at }), at);
const shown = (order: ReturnType<typeof orderIn>) => openNotices(order.notices)[0] ?? null;

describe('an authorized order whose account cannot take its money', () => {
  it.each([
    ['cannot receive transfers', {}, false, true],
    ['cannot be the settlement merchant', { canReceive: true }, false, false],
    ['cannot be the settlement merchant, which it is', { canReceive: true }, true, true],
    ['can do both', { canReceive: true, canSettle: true }, true, false],
  ] as const)('because it %s', (_, notice, onBehalfOf, restricted) => {
    const order = told(orderIn('requires_capture', {}, { onBehalfOf }), notice);
    expect(shown(order)?.code ?? null).toBe(restricted ? 'account_restricted' : null);
  });

  it('needs attention from the first notice until a better one', () => {
    const first = told(orderIn('requires_capture'), {});
    const second = told(first, { detail: 'still' }, NOW + 1);
    expect(shown(second)).toMatchObject({ since: NOW, message: 'still', subject: 'acct_seller' });
    expect(shown(told(second, { canReceive: true }))).toBeNull();
  });

  it('has nothing to be looked at once the money is taken', () => {
    expect(shown(told(orderIn('succeeded'), {}))).toBeNull();
  });
});

describe('a notice that is typed by hand', () => {
  it('is taken when it is complete', () => {
    expect(accountNoticeFrom({ ...NOTICE, more: 1 })).toEqual(NOTICE);
  });

  it.each([
    ['nothing', undefined],
    ['no account', { ...NOTICE, account: 1 }],
    ['no detail', { ...NOTICE, detail: null }],
    ['no word on transfers', { ...NOTICE, canReceive: 'no' }],
    ['no word on settling', { ...NOTICE, canSettle: undefined }],
  ])('says nothing with %s', (_, raw) => {
    expect(accountNoticeFrom(raw)).toBeNull();
  });
});
