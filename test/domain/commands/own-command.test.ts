import { expect, it } from 'vitest';
import { ownCommand } from '../../../domain/commands/own-command.ts';

it('what Waybill does on its own is the same command for the same id', () => {
  expect(ownCommand('renew-1')).toEqual(ownCommand('renew-1'));
  expect(ownCommand('renew-1')).toMatchObject({ commandId: 'renew-1', actor: 'waybill' });
  expect(ownCommand('renew-2').requestHash).not.toBe(ownCommand('renew-1').requestHash);
});
