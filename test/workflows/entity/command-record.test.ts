import { describe, expect, it } from 'vitest';
import type { SettledAnswer } from '../../../contract/command-messages.ts';
import type { CommandResult } from '../../../domain/commands/command.ts';
import type { CommandSnapshot } from '../../../workflows/entity/command-record.ts';
import { CommandRecord } from '../../../workflows/entity/command-record.ts';
import { envelope } from '../../support/builders.ts';

/** How many commands are remembered. */
const COMMANDS_MAX = 200;

class TestRecord extends CommandRecord<null> {
  readonly usual = null;
  readonly input = { policy: { retryBudgetMs: 1 } };
  readonly attention = null;
  readonly mayComplete = false;
  showAttention(): void {}
  showNextProbe(): void {}
  showPending(): void {}
  applyOutcome(): void {}
  abandon(): void {}
  protected answerWith(result: CommandResult): SettledAnswer<null> {
    return { result, state: null };
  }
  snapshot(): CommandSnapshot {
    return this.carry();
  }
}

function endCommand(record: TestRecord, commandId: string): void {
  record.begin('refund', envelope(commandId));
  record.endCommand(envelope(commandId), 'done');
}

describe('the commands that a workflow remembers', () => {
  it('are bounded: the oldest are forgotten, but never the one that created it', () => {
    const record = new TestRecord(undefined);
    endCommand(record, 'create');
    for (let n = 0; n < COMMANDS_MAX * 2; n++) endCommand(record, `refund-${n}`);
    expect(record.snapshot().commands).toHaveLength(COMMANDS_MAX);
    expect(record.result('create')).toMatchObject({ outcome: 'done' });
    expect(record.command('refund-0')).toBeNull();
    expect(record.result(`refund-${COMMANDS_MAX * 2 - 1}`)).toMatchObject({ outcome: 'done' });
  });

  it('are never forgotten while they run', () => {
    const record = new TestRecord(undefined);
    endCommand(record, 'create');
    record.begin('refund', envelope('slow'));
    for (let n = 0; n < COMMANDS_MAX * 2; n++) endCommand(record, `refund-${n}`);
    expect(record.command('slow')).toMatchObject({ outcome: 'running' });
    expect(record.result('slow')).toBeNull();
  });

  it('are remembered from their end on: one that took long is not the next to be forgotten', () => {
    const record = new TestRecord(undefined);
    endCommand(record, 'create');
    record.begin('refund', envelope('slow'));
    for (let n = 0; n < COMMANDS_MAX * 2; n++) endCommand(record, `refund-${n}`);
    record.endCommand(envelope('slow'), 'done');
    for (let n = 0; n < COMMANDS_MAX / 2; n++) endCommand(record, `later-${n}`);
    expect(record.result('slow')).toMatchObject({ outcome: 'done' });
  });

  it('are the same in the next run', () => {
    const record = new TestRecord(undefined);
    endCommand(record, 'create');
    record.begin('refund', envelope('slow'));
    const next = new TestRecord(structuredClone(record.snapshot()));
    expect(next.snapshot()).toEqual(record.snapshot());
    expect(next.command('slow')).toEqual(record.command('slow'));
  });
});
