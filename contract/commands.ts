import { defineQuery } from '@temporalio/workflow';
import type { CommandResult, RunningCommand } from '../domain/commands/commands.ts';
import type { Timeline } from '../domain/commands/timeline.ts';

export const timelineQuery = defineQuery<Timeline>('timeline');

/** How a command stands; null if this order does not know it. */
export const commandQuery = defineQuery<CommandResult | RunningCommand | null, [commandId: string]>(
  'command',
);
