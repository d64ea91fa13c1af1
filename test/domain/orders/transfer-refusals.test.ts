import { describe, expect, it } from 'vitest';
import type { ShownTransfer } from '../../../domain/orders/present-transfer.ts';
import { transferNotices } from '../../../domain/orders/present-transfer.ts';
import { refusalOfTransferCommand } from '../../../domain/orders/transfer-refusals.ts';
import { attention } from '../../support/builders.ts';

const PAID: Pick<ShownTransfer, 'status' | 'attention' | 'approvals'> = {
  status: 'paid',
  attention: null,
  approvals: [],
};
const REVERSE = { kind: 'reverse_transfer' } as const;
const RETRY = { kind: 'resolve', action: 'retry', reason: 'looked at it' } as const;

describe('a transfer with no order', () => {
  it('can be taken back once it is paid, while nothing of it is stuck', () => {
    expect(refusalOfTransferCommand(PAID, REVERSE)).toBeNull();
    expect(refusalOfTransferCommand({ ...PAID, attention: attention() }, REVERSE)).toMatchObject({
      code: 'needs_attention',
    });
  });

  it.each(['pending', 'abandoned'] as const)(
    'that is %s was not paid: there is nothing to take back',
    (status) => {
      expect(refusalOfTransferCommand({ ...PAID, status }, REVERSE)).toMatchObject({
        code: 'state_conflict',
        detail: expect.stringContaining(status),
      });
    },
  );

  it('can be decided about only while something of it is stuck or waits', () => {
    expect(refusalOfTransferCommand({ ...PAID, attention: attention() }, RETRY)).toBeNull();
    expect(refusalOfTransferCommand(PAID, RETRY)).toMatchObject({ code: 'state_conflict' });
  });

  it('that cannot be read has nothing to decide, and does not name an empty choice', () => {
    const input = { id: 'wtr_1' };
    const unread = { ...PAID, input, transfer: null, unreadable: { code: 'down', message: 'No.', since: 0 } };
    expect(transferNotices(unread)).toHaveLength(1);
    expect(refusalOfTransferCommand(unread, RETRY)?.detail).toBe('Nothing needs attention here.');
  });
});
