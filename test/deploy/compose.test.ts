import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { payloadKeys } from '../../config/payload-keys.ts';
import {
  type Deployed,
  postgres,
  prepareNamespace,
  proxy,
  sandbox,
  TEMPORAL_ROLES,
  temporalSchema,
  temporalServer,
  waybillApi,
  waybillWorker,
} from '../../dev/cluster/deployment.ts';
import { projectRoot } from '../../dev/project-root.ts';
import { anchorOf } from '../../docs/.vitepress/anchors.mjs';
import { DATABASE, TEMPORAL_FOLDER, temporalPlace, WAYBILL } from './places.ts';

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly secrets?: readonly string[];
  readonly read_only?: boolean;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[] };
}

const read = (file: string) => readFileSync(join(projectRoot, file), 'utf8');
const compose = parse(read('docker-compose.yml'), { merge: true });
const services: Record<string, Service> = compose.services;

const traced = { ...WAYBILL, tracesUrl: 'http://otel-collector:4318', isEncrypted: true };
const worker = waybillWorker(traced, { healthAddress: '0.0.0.0:9465', metricsAddress: '0.0.0.0:9464' });
const api = waybillApi(traced, {
  host: '0.0.0.0',
  port: 3000,
  trustedProxies: 'uniquelocal',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: compose fills it in
  temporalUi: 'http://localhost:${TEMPORAL_UI_PORT:-8233}',
  auditDir: '/var/log/waybill/audit',
});
const DEPLOYED: Record<string, Deployed> = {
  ...Object.fromEntries(
    TEMPORAL_ROLES.map((role) => [`temporal-${role}`, temporalServer(role, temporalPlace(role))]),
  ),
  'temporal-schema': temporalSchema(TEMPORAL_FOLDER, DATABASE),
  'prepare-namespace': prepareNamespace(WAYBILL),
  sandbox: sandbox(WAYBILL, { host: '0.0.0.0', port: 12_111, apiUrl: 'http://proxy:3000', home: '/data' }),
  'worker-1': worker,
  'worker-2': worker,
  'api-1': api,
  'api-2': api,
  proxy: proxy('/etc/waybill/haproxy.cfg', ':3000', ['api-1:3000', 'api-2:3000']),
};

describe('docker-compose.yml', () => {
  it('is valid by the compose specification', () => {
    const { $schema: _, ...schema } = JSON.parse(read('test/deploy/schemas/compose-spec.json'));
    const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
    const validate = ajv.compile(schema);
    expect(validate(compose), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...compose, services: { api: { comand: [] } } })).toBe(false);
  });

  it.each(Object.entries(DEPLOYED))(
    '%s runs exactly what a cluster runs, with its settings',
    (name, deployed) => {
      const { command, environment } = services[name] ?? {};
      expect({ command, environment }).toEqual(deployed);
    },
  );

  it('has Temporal’s UI, and all that shows metrics, alerts and traces', () => {
    const shown = ['temporal-ui', 'otel-collector', 'prometheus', 'grafana'];
    expect(Object.keys(services)).toEqual(expect.arrayContaining(shown));
  });

  it('knows the health of all that Waybill runs, and of each that another waits for', () => {
    const waitedFor = Object.values(services).flatMap(({ depends_on = {} }) =>
      Object.entries(depends_on).flatMap(([name, { condition }]) =>
        condition === 'service_healthy' ? [name] : [],
      ),
    );
    const byImage = /^HEALTHCHECK .*healthcheck\.js/m.test(read('Dockerfile')) ? ['api-1', 'api-2'] : [];
    const checked = Object.keys(services).filter(
      (name) => byImage.includes(name) || services[name]?.healthcheck?.test !== undefined,
    );
    expect(waitedFor).toEqual(expect.arrayContaining(['postgres', 'temporal-frontend', 'api-1', 'api-2']));
    expect(checked).toEqual(expect.arrayContaining([...waitedFor, 'worker-1', 'worker-2', 'sandbox']));
  });

  it('has Temporal’s UI ask the API to decrypt, with the session of the console', () => {
    const { TEMPORAL_CODEC_ENDPOINT: endpoint = '', ...ui } = services['temporal-ui']?.environment ?? {};
    expect(endpoint).toMatch(/^http:\/\/localhost:.*\/codec$/);
    expect(ui).toMatchObject({ TEMPORAL_CODEC_INCLUDE_CREDENTIALS: 'true' });
    const at = endpoint.slice('http://localhost:'.length, -'/codec'.length);
    expect(services.proxy?.ports?.[0]).toBe(`127.0.0.1:${at}:3000`);
    // A session's cookie is of one site.
    expect(api.environment.TEMPORAL_UI_URL).toMatch(/^http:\/\/localhost:/);
  });

  it('runs PostgreSQL as a cluster does', () => {
    expect(services.postgres?.command).toEqual(postgres().command);
  });

  it('names an exact version of each image, and the version of Temporal that is built here', () => {
    for (const { image } of Object.values(services)) expect(image).toMatch(/:v?\d+\.\d+(\.\d+)?[^/]*$/);
    const server = /go\.temporal\.io\/server v(\S+)/.exec(read('dev/temporal/go.mod'))?.[1];
    expect(services['temporal-history']?.image).toBe(`temporalio/server:${server}`);
    expect(services['temporal-schema']?.image).toContain(`admin-tools:${server}-`);
  });

  it.each(Object.keys(services))('%s waits for, mounts and is given only what exists', (name) => {
    const { depends_on = {}, volumes = [], secrets = [], environment = {} } = services[name] as Service;
    expect(Object.keys(services)).toEqual(expect.arrayContaining(Object.keys(depends_on)));
    expect(Object.keys(compose.secrets)).toEqual(expect.arrayContaining([...secrets]));
    for (const [source = ''] of volumes.map((volume) => volume.split(':'))) {
      if (source.startsWith('./')) expect(existsSync(join(projectRoot, source)), source).toBe(true);
      else expect(Object.keys(compose.volumes)).toContain(source);
    }
    const files = Object.entries(environment).filter(([variable]) => variable.endsWith('_FILE'));
    expect(secrets).toEqual(expect.arrayContaining(files.map(([, path]) => path.split('/').at(-1))));
  });

  it.each([
    ['sandbox', 'WAYBILL_HOME'],
    ['api-1', 'WAYBILL_AUDIT_DIR'],
    ['api-2', 'WAYBILL_AUDIT_DIR'],
  ])('%s keeps %s on a volume that begins as the image has it: as its own user’s', (name, variable) => {
    const { volumes = [], environment = {} } = services[name] as Service;
    const folder = environment[variable] ?? '';
    expect(volumes).toEqual([expect.stringMatching(new RegExp(`^[a-z-]+:${folder}$`))]);
    const [, owned = ''] = / chown node:node (.+)$/m.exec(read('Dockerfile')) ?? [];
    expect(owned.split(' ')).toContain(folder);
  });

  it('holds no secret, and is reached from this machine alone', () => {
    for (const { environment = {}, ports = [] } of Object.values(services)) {
      const secrets = Object.keys(environment).filter((name) => /(PASSWORD|SECRETS?|KEYS?)$/.test(name));
      expect(secrets).toEqual([]);
      expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    }
  });

  it.each(['api-1', 'worker-1', 'sandbox', 'prepare-namespace', 'temporal-history', 'proxy'])(
    '%s cannot write to its image, and may do nothing that needs a capability',
    (name) => {
      expect(services[name]).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
    },
  );
});

it('make-secrets.sh makes each secret that is mounted', () => {
  const made = [...read('deploy/make-secrets.sh').matchAll(/^make (\w+) /gm)].map(([, name]) => name);
  const mounted = Object.entries<{ file: string }>(compose.secrets);
  expect(made.sort()).toEqual(mounted.map(([name]) => name).sort());
  for (const [name, { file }] of mounted) expect(file).toBe(`./secrets/${name}`);
  const folder = mkdtempSync(join(tmpdir(), 'waybill-secrets-'));
  try {
    const script = join(projectRoot, 'deploy', 'make-secrets.sh');
    execFileSync(script, [folder]);
    const apiKeys = () => readFileSync(join(folder, 'waybill_api_keys'), 'utf8');
    const before = apiKeys();
    expect(JSON.parse(before).keys).toHaveLength(3);
    // Whoever has got a key needs its file no more.
    rmSync(join(folder, 'waybill_key_ops'));
    expect(spawnSync(script, [folder], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    expect(apiKeys()).toBe(before);
    const keys = payloadKeys([readFileSync(join(folder, 'waybill_payload_keys'), 'utf8').trim()]);
    expect(keys).toMatchObject([{ id: 'first' }]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('make-secrets.sh makes keys that hold on a machine with the programs of macOS, which has no sha256sum', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-secrets-'));
  try {
    const programs = join(folder, 'bin');
    mkdirSync(programs);
    const placeOf = (name: string) =>
      execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
    for (const name of ['base64', 'chmod', 'cut', 'date', 'head', 'mkdir', 'od', 'tr']) {
      symlinkSync(placeOf(name), join(programs, name));
    }
    const shasum = `#!/bin/sh\n[ "$*" = '-a 256' ] && exec ${placeOf('sha256sum')}\n`;
    writeFileSync(join(programs, 'shasum'), shasum, { mode: 0o755 });
    const script = join(projectRoot, 'deploy', 'make-secrets.sh');
    const made = spawnSync(script, [folder], { encoding: 'utf8', env: { PATH: programs } });
    expect(made).toMatchObject({ status: 0, stderr: '' });
    const { keys } = JSON.parse(readFileSync(join(folder, 'waybill_api_keys'), 'utf8'));
    const hashes = ['read', 'service', 'ops'].map((role) =>
      createHash('sha256')
        .update(readFileSync(join(folder, `waybill_key_${role}`), 'utf8').trim())
        .digest('hex'),
    );
    expect(keys.map(({ sha256 }: { sha256: string }) => sha256)).toEqual(hashes);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('the alert rules', () => {
  interface Rule {
    readonly alert: string;
    readonly labels: { readonly severity: string };
    readonly annotations: { readonly summary: string; readonly runbook_url: string };
  }
  const { groups } = parse(read('deploy/observability/alerts.yaml')) as { groups: { rules: Rule[] }[] };
  const rules = groups.flatMap((group) => group.rules);
  const entries = [...read('docs/runbook.md').matchAll(/^#{2,4} (.+)$/gm)].map(([, heading = '']) =>
    anchorOf(heading),
  );

  it.each(rules.map((rule) => [rule.alert, rule] as const))('%s names an entry of the runbook', (_, rule) => {
    expect(['page', 'ticket']).toContain(rule.labels.severity);
    const [page, entry = ''] = rule.annotations.runbook_url.split('#');
    expect(page).toBe('docs/runbook.md');
    // Each code has an entry of its name (test/lint/runbook.test.ts).
    expect([...entries, '{{ $labels.code }}']).toContain(entry);
  });
});

it('the alert rules become a PrometheusRule by the command of the documents', () => {
  const [, command = ''] =
    /^(\{ printf .*PrometheusRule.* \| kubectl apply -f -)$/m.exec(read('docs/observability.md')) ?? [];
  const shell = `kubectl() { cat; }\n${command}`;
  const made = parse(execFileSync('sh', ['-c', shell], { cwd: projectRoot, encoding: 'utf8' }));
  expect(made).toEqual({
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'waybill' },
    spec: parse(read('deploy/observability/alerts.yaml')),
  });
});

/** Where a text is no PromQL, by Prometheus' own grammar. */
function errorsIn(expression: string): string[] {
  const errors: string[] = [];
  parser.parse(expression).iterate({
    enter: ({ type, from }) => void (type.isError && errors.push(`${expression}: at ${from}`)),
  });
  return errors;
}

it('alerts and dashboards are PromQL', () => {
  const { groups } = parse(read('deploy/observability/alerts.yaml'));
  const { panels } = JSON.parse(read('deploy/observability/dashboards/waybill.json'));
  const expressions: string[] = [
    ...groups.flatMap(({ rules }: { rules: { expr: string }[] }) => rules.map(({ expr }) => expr)),
    ...panels.flatMap(({ targets }: { targets: { expr: string }[] }) => targets.map(({ expr }) => expr)),
  ];
  expect(expressions.length).toBeGreaterThan(30);
  expect(expressions.flatMap(errorsIn)).toEqual([]);
  expect(errorsIn('sum by (code (waybill_attention)')).not.toEqual([]);
});

it('alerts and dashboards ask for metrics that the documents explain', () => {
  const used = ['alerts.yaml', 'dashboards/waybill.json'].flatMap((file) =>
    [...read(`deploy/observability/${file}`).matchAll(/(waybill|temporal)_\w+/g)].map(([name]) => name),
  );
  const explained = read('docs/observability.md');
  expect(used.length).toBeGreaterThan(30);
  const missing = used.filter((name) => !explained.includes(`\`${name.replace(/_(bucket|count)$/, '')}\``));
  expect(missing).toEqual([]);
});

it.each([
  ['deploy/temporal/server.yaml', 'docs/deploy/postgresql.md', /env "(\w+)"/g],
  ['docker-compose.yml', 'docs/deploy/README.md', /\$\{(\w+):-/g],
])('what the environment fills in to %s is explained in %s', (file, page, pattern) => {
  const names = [...read(file).matchAll(pattern)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(3);
  expect([...new Set(names)].filter((name) => !read(page).includes(`\`${name}\``))).toEqual([]);
});
