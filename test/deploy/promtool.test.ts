import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { projectRoot } from '../../dev/project-root.ts';
import { needs } from '../support/needs.ts';

const FOLDER = join(projectRoot, 'deploy', 'observability');
const RULE_TESTS = join(projectRoot, 'test', 'deploy', 'alerts.yaml');

interface RuleTest {
  readonly alert_rule_test: readonly {
    readonly alertname: string;
    readonly exp_alerts: readonly unknown[];
  }[];
}

function promtool(...args: readonly string[]) {
  const { status, stdout, stderr, error } = spawnSync('promtool', args, { encoding: 'utf8' });
  return { isThere: error === undefined, status, said: `${stdout}${stderr}` };
}

const noPromtool = promtool('--version').isThere
  ? undefined
  : 'no promtool here; Debian has it in the package prometheus';

needs(noPromtool)('promtool', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'waybill-promtool-'));
  afterAll(() => rmSync(scratch, { recursive: true }));
  const written = (name: string, text: string) => {
    const path = join(scratch, name);
    writeFileSync(path, text);
    return path;
  };

  it('accepts the configuration of Prometheus with its alert rules, and refuses a broken rule', () => {
    const checked = promtool('check', 'config', join(FOLDER, 'prometheus.yaml'));
    expect(checked, checked.said).toMatchObject({ status: 0 });
    expect(checked.said).toMatch(/SUCCESS: [1-9]\d* rules found/);
    const rules = readFileSync(join(FOLDER, 'alerts.yaml'), 'utf8');
    const broken = written('broken.yaml', rules.replace('max by (code)', 'max by (code'));
    expect(promtool('check', 'rules', broken).status).not.toBe(0);
  });

  it('sees every alert raised by its data, and silent before', () => {
    const { status, said } = promtool('test', 'rules', RULE_TESTS);
    expect(status, said).toBe(0);
    const alerts = [...readFileSync(join(FOLDER, 'alerts.yaml'), 'utf8').matchAll(/alert: (\w+)/g)];
    const tested = (tests: readonly RuleTest[], isRaised: boolean) =>
      tests.flatMap(({ alert_rule_test: expected }) =>
        expected.filter(({ exp_alerts: raised }) => raised.length > 0 === isRaised),
      );
    const { tests } = parse(readFileSync(RULE_TESTS, 'utf8'));
    for (const isRaised of [true, false]) {
      const names = tested(tests, isRaised).map(({ alertname }) => alertname);
      expect([...new Set(names)]).toEqual(alerts.map(([, name]) => name));
    }
  });
});
