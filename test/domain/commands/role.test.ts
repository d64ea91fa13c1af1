import { expect, it } from 'vitest';
import { ACCOUNT_COMMANDS } from '../../../domain/accounts/account-command-table.ts';
import { ROLES } from '../../../domain/commands/role.ts';
import { ORDER_COMMANDS } from '../../../domain/orders/order-command-table.ts';
import { TRANSFER_COMMANDS } from '../../../domain/orders/transfer-command-table.ts';
import { PAYOUT_COMMANDS } from '../../../domain/payouts/payout-command-table.ts';

it('every command needs a role above the lowest, which can only read', () => {
  const tables = [ORDER_COMMANDS, TRANSFER_COMMANDS, PAYOUT_COMMANDS, ACCOUNT_COMMANDS];
  const roles = tables.flatMap((table) => Object.values(table).map(({ role }) => ROLES.indexOf(role)));
  expect(Math.min(...roles)).toBeGreaterThan(ROLES.indexOf('read'));
  expect(ROLES.indexOf('ops')).toBe(ROLES.length - 1);
});
