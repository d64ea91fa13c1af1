import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectRoot } from '../../dev/project-root.ts';

const PASSED = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 0, testResults: [] };

let results: string;
beforeEach(() => {
  results = mkdtempSync(join(tmpdir(), 'waybill-ci-'));
});
afterEach(() => rmSync(results, { recursive: true }));

/** What CI says last, after runs that ended like that. */
function summed(tests: object, verify: string, exits: readonly string[] = ['0', '0', '0']) {
  writeFileSync(join(results, 'tests.json'), JSON.stringify(tests));
  writeFileSync(join(results, 'long.json'), JSON.stringify(PASSED));
  writeFileSync(join(results, 'verify.log'), verify);
  const sum = join(projectRoot, '.ci', 'sum.mjs');
  const { status, stdout } = spawnSync(process.execPath, [sum, results, ...exits], { encoding: 'utf8' });
  return { status, lines: stdout.trimEnd().split('\n') };
}

describe('the sum of a run of CI', () => {
  it('names what could not be checked just before its last line, and counts it as neither', () => {
    const { status, lines } = summed(
      PASSED,
      [
        '✓ types (3.0 s)',
        '? known weaknesses: NOT CHECKED (0.6 s): npm warn audit 404 Not Found',
        '✓ lint (1.0 s)',
        '1 not checked: neither passed nor failed',
        '2 passed, 0 failed',
        '',
      ].join('\n'),
    );
    expect(lines.slice(-2)).toEqual([
      'Not checked: known weaknesses: npm warn audit 404 Not Found',
      '12 passed, 0 failed',
    ]);
    expect(status).toBe(0);
  });

  it('is its one line where everything was checked', () => {
    expect(summed(PASSED, '✓ types (3.0 s)\n1 passed, 0 failed\n').lines).toEqual(['11 passed, 0 failed']);
  });

  it('counts a skipped test and a run that broke off as failures', () => {
    const { status, lines } = summed({ ...PASSED, numPendingTests: 1 }, 'killed', ['1', '0', '137']);
    expect([status, lines.at(-1)]).toEqual([1, '10 passed, 2 failed']);
  });
});
