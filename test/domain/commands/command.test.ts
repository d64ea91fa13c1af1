import { expect, it } from 'vitest';
import type { CommandResult, RunningCommand } from '../../../domain/commands/command.ts';
import { isConcluded } from '../../../domain/commands/command.ts';

const COMMAND = { commandId: 'cmd_1', requestHash: 'hash', requestId: 'req_1', problem: null };

it.each<[CommandResult['outcome'] | RunningCommand['outcome'], boolean]>([
  ['running', false],
  ['needs_attention', false],
  ['needs_approval', false],
  ['done', true],
  ['declined', true],
  ['refused', true],
])('a command whose outcome is %s is concluded: %s', (outcome, concluded) => {
  expect(isConcluded({ ...COMMAND, outcome })).toBe(concluded);
});
