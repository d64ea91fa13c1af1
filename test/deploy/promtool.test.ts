import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { projectRoot } from '../../dev/project-root.ts';
import { needs } from '../support/needs.ts';

const FOLDER = join(projectRoot, 'deploy', 'observability');

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

  it('sees what needs somebody for five minutes raise its alert, with the entry of the runbook', () => {
    const test = {
      rule_files: [join(FOLDER, 'alerts.yaml')],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: [
            { series: 'waybill_attention{code="authentication_error",instance="api-1"}', values: '2x10' },
          ],
          alert_rule_test: [
            { eval_time: '4m', alertname: 'WaybillNeedsAttention', exp_alerts: [] },
            {
              eval_time: '6m',
              alertname: 'WaybillNeedsAttention',
              exp_alerts: [
                {
                  exp_labels: { severity: 'ticket', code: 'authentication_error' },
                  exp_annotations: {
                    summary: '2 ask for an operator: authentication_error',
                    runbook_url: 'docs/runbook.md#authentication_error',
                  },
                },
              ],
            },
          ],
        },
      ],
    };
    // JSON is YAML.
    const { status, said } = promtool('test', 'rules', written('attention.yaml', JSON.stringify(test)));
    expect(status, said).toBe(0);
  });
});
