import { expect, it } from 'vitest';
import { ImportantLines } from '../../dev/start/important-lines.ts';

function shown(...entries: [atMs: number, line: string][]): string[] {
  const lines: string[] = [];
  const important = new ImportantLines((line) => lines.push(line));
  for (const [atMs, line] of entries) important.add('worker', line, atMs);
  return lines;
}

it('warnings and errors reach the terminal with their cause; chatter and foreign output do not', () => {
  expect(
    shown(
      [0, '{"level":30,"msg":"worker ready"}'],
      [0, '{"level":"warn","msg":"Temporal speaks so"}'],
      [0, 'plain text'],
      [0, '{ broken'],
      [0, '{"level":50,"msg":"not connected","err":{"message":"refused"}}'],
    ),
  ).toEqual(['  [worker] not connected: refused']);
});

it('what repeats itself is shown once in a while', () => {
  const line = '{"level":40,"msg":"still down"}';
  expect(shown([0, line], [5_000, line], [9_999, line], [10_000, line])).toHaveLength(2);
});
