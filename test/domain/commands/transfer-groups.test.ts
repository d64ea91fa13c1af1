import { expect, it } from 'vitest';
import { orderTransferGroup, transferTransferGroup } from '../../../domain/commands/transfer-groups.ts';

it('a transfer group is a function of the id, and of no two kinds the same', () => {
  expect(orderTransferGroup('o-1')).toBe('waybill_order_o-1');
  expect(transferTransferGroup('o-1')).toBe('waybill_transfer_o-1');
});
