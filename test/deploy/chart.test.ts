import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { readVariables } from '../../config/variables.ts';
import { SEARCH_ATTRIBUTES } from '../../contract/search-attributes.ts';
import type { Deployed } from '../../dev/cluster/deployment.ts';
import { prepareNamespace, waybillApi, waybillWorker } from '../../dev/cluster/deployment.ts';
import { projectRoot } from '../../dev/project-root.ts';
import { WAYBILL } from './places.ts';

const read = (file: string) => readFileSync(join(projectRoot, file), 'utf8');
const template = (name: string) => read(`deploy/chart/templates/${name}`);

/** The chart is for Stripe itself and may use an API key of Temporal; a cluster has a sandbox and none. */
const SANDBOX_ONLY = ['STRIPE_API_BASE', 'STRIPE_CONNECT_BASE'];
const CHART_ONLY = ['STRIPE_SECRET_KEY_FILE', 'WAYBILL_TASK_QUEUE'];

const helpers = new Map(
  [...template('_helpers.tpl').matchAll(/define "([\w.]+)" -}}\n([\s\S]*?)\n{{- end }}\n(?=\n|$)/g)].map(
    ([, name = '', body = '']) => [name, body],
  ),
);

function withHelpers(text: string): string {
  return text.replace(/{{-? include "([\w.]+)"[^}]*}}/g, (_, name) => withHelpers(helpers.get(name) ?? ''));
}

/** The names of a template's variables, but for those that are optional. */
function variablesOf(text: string): string[] {
  const fixed = withHelpers(text).replace(/{{- if [\s\S]*?{{- end }}/g, '');
  return [...fixed.matchAll(/- name: ([A-Z_]+)\n/g)].map(([, name = '']) => name);
}

function expectedOf({ environment }: Deployed, more: readonly string[]): string[] {
  return [...Object.keys(environment).filter((name) => !SANDBOX_ONLY.includes(name)), ...more].sort();
}

const worker = waybillWorker(WAYBILL, { healthAddress: '', metricsAddress: '' });
const api = waybillApi(WAYBILL, { host: '', port: 3000, trustedProxies: '' });

it.each([
  ['api.yaml', api, CHART_ONLY],
  ['worker.yaml', worker, CHART_ONLY],
  ['prepare-namespace.yaml', prepareNamespace(WAYBILL), []],
] as const)('%s runs the command of a cluster with its settings', (file, deployed, more) => {
  const text = template(file).replace(/^{{- if \.Values\.prepareNamespace }}/, '');
  expect(text).toContain(` command: [${deployed.command.join(', ')}]\n`);
  expect(variablesOf(text).sort()).toEqual(expectedOf(deployed, more));
});

it.each(['api.yaml', 'worker.yaml'])(
  '%s sends traces and encrypts payloads where the values say so',
  (file) => {
    const text = withHelpers(template(file));
    expect(text).toContain(
      '{{- if .Values.tracesUrl }}\n- name: OTEL_EXPORTER_OTLP_ENDPOINT\n  value: {{ .Values.tracesUrl | quote }}\n',
    );
    expect(text).toMatch(/if \.Values\.payloadKeys }}\n- name: WAYBILL_PAYLOAD_KEYS_FILE\n/);
    expect(parse(read('deploy/chart/values.yaml'))).toMatchObject({ tracesUrl: '', payloadKeys: false });
  },
);

it.each(['api.yaml', 'worker.yaml'])('%s is probed, and not all of its pods are taken at once', (file) => {
  expect(template(file)).toContain('livenessProbe:\n            httpGet: { path: /healthz');
  expect(template(file)).toContain('readinessProbe:\n            httpGet: { path: /readyz');
  expect(template(file)).toContain('kind: PodDisruptionBudget');
});

it('its values name the task queue that is the default, and its version is the package’s', () => {
  const values = parse(read('deploy/chart/values.yaml'));
  expect(values.temporal.taskQueue).toBe(readVariables({}).WAYBILL_TASK_QUEUE);
  const { version } = JSON.parse(read('package.json'));
  expect(parse(read('deploy/chart/Chart.yaml'))).toMatchObject({ version, appVersion: version });
});

it('the page on Temporal Cloud registers every search attribute, and no other', () => {
  const page = read('docs/deploy/temporal-cloud.md');
  const named = [...page.matchAll(/--sa "(\w+)=(\w+)"/g)].map(([, name, type = '']) => [
    name,
    type.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase(),
  ]);
  expect(Object.fromEntries(named)).toEqual(SEARCH_ATTRIBUTES);
});
