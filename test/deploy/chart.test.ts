import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { SECRET_VARIABLES } from '../../config/secret-files.ts';
import { readVariables } from '../../config/variables.ts';
import { deliveriesTaskQueue } from '../../contract/outgoing-events.ts';
import { SEARCH_ATTRIBUTES } from '../../contract/search-attributes.ts';
import type { Deployed } from '../../dev/cluster/deployment.ts';
import { prepareNamespace, waybillApi, waybillWorker } from '../../dev/cluster/deployment.ts';
import { projectRoot } from '../../dev/project-root.ts';
import { listenOptions } from '../../worker/health.ts';
import { needs } from '../support/needs.ts';
import { WAYBILL } from './places.ts';
import { deployTool, noDeployTools } from './tools.ts';

interface Container {
  readonly command: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly volumeMounts: readonly { readonly name: string }[];
  readonly [more: string]: unknown;
}

interface Labelled {
  readonly metadata: {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

interface Volume {
  readonly name: string;
  readonly secret?: { readonly items?: readonly { readonly key: string; readonly path: string }[] };
}

interface Pod {
  readonly containers: readonly [Container];
  readonly volumes: readonly Volume[];
  readonly [more: string]: unknown;
}

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly replicas?: number;
    readonly template?: Labelled & { readonly spec: Pod };
    readonly [more: string]: unknown;
  };
}

const CHART = 'deploy/chart';
const SECRETS = '/run/secrets/waybill';
const AUDIT_DIR = '/var/log/waybill/audit';
const TRACES = 'http://otel-collector:4318';

/** Each switch turned. */
const EVERYTHING = {
  temporal: {
    address: WAYBILL.temporalAddress,
    namespace: WAYBILL.namespace,
    apiKey: true,
    clientCertificate: true,
    privateAuthority: true,
    serverName: 'temporal.example.com',
  },
  tracesUrl: TRACES,
  payloadKeys: true,
  proxySecret: true,
  auditLog: { enabled: true, storageClass: 'shared' },
  settings: { WAYBILL_LOOK_BEFORE_CREATE: 'false', WAYBILL_RETENTION_DAYS: '90' },
  autoscaling: { enabled: true },
  networkPolicy: {
    apiFrom: [{ namespaceSelector: { matchLabels: { name: 'ingress' } } }],
    monitoringFrom: [{ podSelector: { matchLabels: { app: 'prometheus' } } }],
  },
  podMonitors: { enabled: true, labels: { release: 'prometheus' } },
  podAnnotations: { 'reloader.stakater.com/auto': 'true' },
  pod: {
    imagePullSecrets: [{ name: 'registry' }],
    nodeSelector: { 'kubernetes.io/arch': 'arm64' },
    tolerations: [{ key: 'payments', operator: 'Exists' }],
    serviceAccountName: 'payments',
  },
};
const VALUES = { 'its own values': {}, 'everything turned on': EVERYTHING };

const read = (file: string) => readFileSync(join(projectRoot, file), 'utf8');

const runHelm = (command: readonly string[], values: object) =>
  deployTool('helm', [...command, '--values', '-'], JSON.stringify(values));

/** `helm <command>` with values beside the chart's own. */
function helm(command: readonly string[], values: object): string {
  const { status, stdout, said } = runHelm(command, values);
  expect(status, said).toBe(0);
  return stdout;
}

const rendered = (values: object): string => helm(['template', 'waybill', CHART], values);

function manifestsOf(values: object): Manifest[] {
  return documentsIn(rendered(values));
}

function documentsIn(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => document.toJS());
}

function manifest(all: readonly Manifest[], kind: string, name: string): Manifest {
  const found = all.find((one) => one.kind === kind && one.metadata.name === name);
  if (!found) throw new Error(`The chart makes no ${kind} ${name}.`);
  return found;
}

/** What the only container of it runs, with which settings. */
function deployedBy(one: Manifest): Deployed {
  const { command, env } = containerOf(one);
  const names = env.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)]);
  return { command, environment: Object.fromEntries(env.map(({ name, value }) => [name, value])) };
}

function containerOf(one: Manifest): Container {
  return podOf(one).containers[0];
}

function podOf({ kind, spec: { template } }: Manifest): Pod {
  if (!template) throw new Error(`A ${kind} has no pods.`);
  return template.spec;
}

/** What pods have of a volume. */
function volumeOf(one: Manifest, wanted: 'audit-log' | 'secrets') {
  const { volumes, containers } = podOf(one);
  const named = <T extends { readonly name: string }>(those: readonly T[]) =>
    those.find(({ name }) => name === wanted);
  return { volume: named(volumes), mount: named(containers[0].volumeMounts) };
}

function auditLogOf(all: readonly Manifest[], part: 'api' | 'worker') {
  return volumeOf(manifest(all, 'Deployment', `waybill-${part}`), 'audit-log');
}

/** The keys of the secret that its pods have. */
function secretsOf(one: Manifest): readonly string[] {
  const { volume } = volumeOf(one, 'secrets');
  const items = volume?.secret?.items ?? [];
  // A secret that is mounted without a list is there with all its keys.
  expect(volume === undefined || items.length > 0).toBe(true);
  expect(items.filter(({ key, path }) => key !== path)).toEqual([]);
  return items.map(({ key }) => key).sort();
}

/** Validates against the schemas of Kubernetes, which know nothing of the kinds of KEDA and of Prometheus' operator. */
function validate(manifests: readonly Manifest[]): { status: number | null; said: string } {
  const known = manifests.filter(
    ({ apiVersion }) => !/^(keda\.sh|monitoring\.coreos\.com)\//.test(apiVersion),
  );
  expect(known).not.toEqual([]);
  const list = known.map((one) => JSON.stringify(one)).join('\n---\n');
  const folder = mkdtempSync(join(tmpdir(), 'waybill-chart-'));
  try {
    const file = join(folder, 'manifests.yaml');
    writeFileSync(file, list);
    return deployTool('python', ['-m', 'kubernetes_validate', '--strict', file]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

needs(noDeployTools)('the chart', () => {
  it.each(Object.entries(VALUES))('with %s passes Helm’s own checks', (_, values) => {
    helm(['lint', '--strict', CHART], values);
  });

  it.each(Object.entries(VALUES))('with %s makes what Kubernetes takes', (_, values) => {
    const all = manifestsOf(values);
    const { status, said } = validate(all);
    expect(status, said).toBe(0);
    const api = manifest(all, 'Deployment', 'waybill-api');
    const misspelt = validate([{ ...api, spec: { ...api.spec, replica: 2 } }]);
    expect(misspelt.status, misspelt.said).not.toBe(0);
  });

  it('runs the commands of a cluster with its settings, at Stripe itself', () => {
    const all = manifestsOf(EVERYTHING);
    const place = { ...WAYBILL, secrets: SECRETS, tracesUrl: TRACES, isEncrypted: true };
    const credentials = {
      TEMPORAL_API_KEY_FILE: `${SECRETS}/temporal_api_key`,
      TEMPORAL_TLS_CLIENT_CERT_PATH: `${SECRETS}/temporal_client_cert`,
      TEMPORAL_TLS_CLIENT_KEY_PATH: `${SECRETS}/temporal_client_key`,
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: `${SECRETS}/temporal_server_ca`,
      TEMPORAL_TLS_SERVER_NAME: EVERYTHING.temporal.serverName,
    };
    const more = {
      ...credentials,
      ...EVERYTHING.settings,
      WAYBILL_TASK_QUEUE: 'waybill',
      STRIPE_SECRET_KEY_FILE: `${SECRETS}/stripe_secret_key`,
    };
    const atStripe = ({ command, environment }: Deployed, others: Record<string, string>): Deployed => {
      const { STRIPE_API_BASE: _api, STRIPE_CONNECT_BASE: _connect, ...rest } = environment;
      return { command, environment: { ...rest, ...others } };
    };
    const at = { host: '0.0.0.0', port: 3000, trustedProxies: 'uniquelocal', auditDir: AUDIT_DIR };
    const api = waybillApi(place, at);
    const worker = waybillWorker(place, { healthAddress: '0.0.0.0:9465', metricsAddress: '0.0.0.0:9464' });
    expect(deployedBy(manifest(all, 'Deployment', 'waybill-api'))).toEqual(
      atStripe(api, { ...more, WAYBILL_PROXY_SECRET_FILE: `${SECRETS}/waybill_proxy_secret` }),
    );
    expect(deployedBy(manifest(all, 'Deployment', 'waybill-worker'))).toEqual(atStripe(worker, more));
    expect(deployedBy(manifest(all, 'Job', 'waybill-prepare-namespace'))).toEqual(
      atStripe(prepareNamespace(place), { ...credentials, ...EVERYTHING.settings }),
    );
  });

  it.each([
    ['Deployment', 'waybill-api'],
    ['Deployment', 'waybill-worker'],
    ['Job', 'waybill-prepare-namespace'],
  ])(
    'gives the pods of the %s %s the keys of the secret whose files they read, and no other',
    (kind, name) => {
      for (const values of Object.values(VALUES)) {
        const one = manifest(manifestsOf(values), kind, name);
        const files = Object.values(deployedBy(one).environment).flatMap((value) =>
          value.startsWith(`${SECRETS}/`) ? [value.slice(SECRETS.length + 1)] : [],
        );
        expect(secretsOf(one)).toEqual(files.sort());
      }
    },
  );

  it('keeps what opens the API from its workers, and Stripe’s key from the job that prepares the namespace', () => {
    const all = manifestsOf(EVERYTHING);
    const ofTemporal = [
      'temporal_api_key',
      'temporal_client_cert',
      'temporal_client_key',
      'temporal_server_ca',
    ];
    expect(secretsOf(manifest(all, 'Job', 'waybill-prepare-namespace'))).toEqual(ofTemporal);
    const ofWorkers = ['stripe_secret_key', ...ofTemporal, 'waybill_events_key', 'waybill_payload_keys'];
    expect(secretsOf(manifest(all, 'Deployment', 'waybill-worker'))).toEqual(ofWorkers);
    expect(secretsOf(manifest(all, 'Deployment', 'waybill-api'))).toEqual(
      [
        ...ofWorkers,
        'stripe_webhook_secrets',
        'waybill_api_keys',
        'waybill_proxy_secret',
        'waybill_state_secret',
      ].sort(),
    );
    const job = manifest(manifestsOf({}), 'Job', 'waybill-prepare-namespace');
    expect(volumeOf(job, 'secrets')).toEqual({ volume: undefined, mount: undefined });
  });

  it('gives every pod a further key of the secret that a setting names', () => {
    const all = manifestsOf({ settings: { NODE_EXTRA_CA_CERTS: `${SECRETS}/our_authority` } });
    const pods = all.filter(({ spec }) => spec.template !== undefined);
    expect(pods).toHaveLength(3);
    for (const one of pods) expect(secretsOf(one)).toContain('our_authority');
  });

  it('sends no traces, encrypts nothing, keeps no audit log and needs no key of Temporal unless the values say so', () => {
    const all = manifestsOf({});
    const { environment } = deployedBy(manifest(all, 'Deployment', 'waybill-api'));
    const switched =
      /^(OTEL_EXPORTER_OTLP_ENDPOINT|WAYBILL_P(AYLOAD_KEYS|ROXY_SECRET)_FILE|TEMPORAL_API_KEY_FILE|TEMPORAL_TLS_.*|WAYBILL_AUDIT_DIR)$/;
    expect(Object.keys(environment).filter((name) => switched.test(name))).toEqual([]);
    expect(all.filter(({ kind }) => kind === 'PersistentVolumeClaim')).toEqual([]);
  });

  it('keeps the audit log of all pods of the API on one claim, which stays when the release goes', () => {
    const all = manifestsOf(EVERYTHING);
    const claim = manifest(all, 'PersistentVolumeClaim', 'waybill-audit-log');
    expect(claim).toMatchObject({
      metadata: { annotations: { 'helm.sh/resource-policy': 'keep' } },
      spec: {
        accessModes: ['ReadWriteMany'],
        storageClassName: 'shared',
        resources: { requests: { storage: '10Gi' } },
      },
    });
    expect(auditLogOf(all, 'api')).toEqual({
      volume: { name: 'audit-log', persistentVolumeClaim: { claimName: claim.metadata.name } },
      mount: { name: 'audit-log', mountPath: AUDIT_DIR },
    });
    expect(auditLogOf(all, 'worker')).toEqual({ volume: undefined, mount: undefined });
  });

  it('takes a claim for the audit log that is there already, and makes none', () => {
    const all = manifestsOf({ auditLog: { enabled: true, existingClaim: 'evidence' } });
    expect(all.filter(({ kind }) => kind === 'PersistentVolumeClaim')).toEqual([]);
    expect(auditLogOf(all, 'api').volume).toMatchObject({ persistentVolumeClaim: { claimName: 'evidence' } });
  });

  it.each(['api', 'worker'])(
    'probes each %s, spreads its pods, and does not let all of them be taken at once',
    (part) => {
      const all = manifestsOf({});
      const deployment = manifest(all, 'Deployment', `waybill-${part}`);
      expect(containerOf(deployment)).toMatchObject({
        livenessProbe: { httpGet: { path: '/healthz' }, timeoutSeconds: 5 },
        readinessProbe: { httpGet: { path: '/readyz' } },
        securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
      });
      const { matchLabels } = deployment.spec.selector as { matchLabels: object };
      expect(podOf(deployment).topologySpreadConstraints).toEqual([
        {
          maxSkew: 1,
          topologyKey: 'kubernetes.io/hostname',
          whenUnsatisfiable: 'ScheduleAnyway',
          labelSelector: { matchLabels },
        },
      ]);
      // One that is not ready holds up the drain of its node for ever otherwise.
      expect(manifest(all, 'PodDisruptionBudget', `waybill-${part}`).spec).toEqual({
        maxUnavailable: 1,
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
        selector: { matchLabels },
      });
    },
  );

  it.each([
    ['Deployment', 'waybill-api'],
    ['Deployment', 'waybill-worker'],
    ['Job', 'waybill-prepare-namespace'],
  ])('gives the pods of the %s %s what else the values say of a pod', (kind, name) => {
    expect(podOf(manifest(manifestsOf(EVERYTHING), kind, name))).toMatchObject(EVERYTHING.pod);
  });

  it('says of every container what it needs, so that a namespace with a quota takes its pod', () => {
    const pods = manifestsOf({}).filter(({ spec }) => spec.template !== undefined);
    expect(pods.map(({ kind }) => kind).sort()).toEqual(['Deployment', 'Deployment', 'Job']);
    for (const one of pods) {
      expect(containerOf(one).resources, one.metadata.name).toMatchObject({
        requests: { cpu: expect.any(String), memory: expect.any(String) },
        limits: { memory: expect.any(String) },
      });
    }
  });

  it('leaves user and group to a cluster that gives its own, and takes an image by its digest', () => {
    const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
    const all = manifestsOf({ podSecurityContext: { runAsUser: null, fsGroup: null }, image: { digest } });
    const api = manifest(all, 'Deployment', 'waybill-api');
    expect(podOf(api).securityContext).toEqual({
      runAsNonRoot: true,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(containerOf(api).image).toBe(`waybill@${digest}`);
    expect(containerOf(manifest(manifestsOf({}), 'Deployment', 'waybill-api')).image).toMatch(/^waybill:\d/);
  });

  it('listens at IPv6 where the values say so', () => {
    const all = manifestsOf({ listenAddress: '::' });
    const { environment: worker } = deployedBy(manifest(all, 'Deployment', 'waybill-worker'));
    expect(deployedBy(manifest(all, 'Deployment', 'waybill-api')).environment.API_HOST).toBe('::');
    // The SDK takes no other form for its metrics.
    expect(worker.WORKER_METRICS_ADDRESS).toBe('[::]:9464');
    expect(listenOptions(worker.WORKER_HEALTH_ADDRESS ?? '')).toEqual({ host: '::', port: 9465 });
  });

  it('writes the numbers of its settings as they are', () => {
    const settings = { WAYBILL_REQUESTS_PER_MINUTE: 12_000_000, WAYBILL_SYNC_SECONDS: 60, LOG_LEVEL: 'warn' };
    const api = manifest(manifestsOf({ settings }), 'Deployment', 'waybill-api');
    expect(deployedBy(api).environment).toMatchObject({
      WAYBILL_REQUESTS_PER_MINUTE: '12000000',
      WAYBILL_SYNC_SECONDS: '60',
      LOG_LEVEL: 'warn',
    });
  });

  it('makes no name that Kubernetes finds too long, whatever the release is called', () => {
    const longest = `${'w'.repeat(44)}---${'w'.repeat(6)}`;
    const names = documentsIn(helm(['template', longest, CHART], EVERYTHING)).map(
      ({ metadata: { name } }) => name,
    );
    expect(names.filter((name) => name.length > 63)).toEqual([]);
    expect(new Set(names).size).toBeGreaterThan(4);
  });

  it.each(['api', 'worker'] as const)(
    'has Prometheus’ operator name the job of each %s as the alerts do',
    (part) => {
      const all = manifestsOf(EVERYTHING);
      const { selector, podMetricsEndpoints: endpoints } = manifest(all, 'PodMonitor', `waybill-${part}`)
        .spec as {
        selector: { matchLabels: object };
        podMetricsEndpoints: readonly { port: string; relabelings: readonly object[] }[];
      };
      const { scrape_configs: jobs } = parse(read('deploy/observability/prometheus.yaml'));
      const job = `waybill-${part}`;
      expect(jobs.map(({ job_name }: { job_name: string }) => job_name)).toContain(job);
      expect(endpoints).toEqual([
        { port: expect.any(String), relabelings: [{ targetLabel: 'job', replacement: job }] },
      ]);
      const { template } = manifest(all, 'Deployment', `waybill-${part}`).spec;
      expect(template?.metadata.labels).toEqual(selector.matchLabels);
      expect(template?.spec.containers[0].ports).toContainEqual(
        expect.objectContaining({ name: endpoints[0]?.port }),
      );
      // Otherwise a Prometheus that goes by annotations too would count everything twice.
      expect(template?.metadata.annotations).toEqual(EVERYTHING.podAnnotations);
      const found = manifest(manifestsOf({}), 'Deployment', `waybill-${part}`).spec.template;
      expect(found?.metadata.annotations).toEqual({
        'prometheus.io/scrape': 'true',
        'prometheus.io/port': { api: '3000', worker: '9464' }[part],
      });
      const without = manifestsOf({ podMonitors: { enabled: true } });
      expect(
        manifest(without, 'Deployment', `waybill-${part}`).spec.template?.metadata.annotations,
      ).toBeUndefined();
    },
  );

  it.each([
    ['api', ['http'], EVERYTHING.networkPolicy.apiFrom],
    ['worker', ['health', 'metrics'], EVERYTHING.networkPolicy.monitoringFrom],
  ] as const)('lets only those whom its values name reach the ports of each %s', (part, ports, from) => {
    const all = manifestsOf(EVERYTHING);
    const { spec } = manifest(all, 'NetworkPolicy', `waybill-${part}`);
    expect(spec).toMatchObject({
      policyTypes: ['Ingress'],
      ingress: [{ ports: ports.map((port) => ({ port })), from }],
    });
    const { template } = manifest(all, 'Deployment', `waybill-${part}`).spec;
    const { matchLabels } = spec.podSelector as { matchLabels: Readonly<Record<string, string>> };
    expect(template?.metadata.labels).toEqual(matchLabels);
    expect(template?.spec.containers[0].ports).toEqual(
      ports.map((name) => ({ name, containerPort: expect.any(Number) })),
    );
  });

  it('makes releases of workers alone, each of its own version, beside one of the API alone', () => {
    const version = { TEMPORAL_DEPLOYMENT_NAME: 'waybill', TEMPORAL_WORKER_BUILD_ID: '0.2.0' };
    const ofWorkers = manifestsOf({ api: { replicas: 0 }, settings: version });
    expect(manifest(ofWorkers, 'Deployment', 'waybill-api').spec.replicas).toBe(0);
    expect(manifest(ofWorkers, 'Deployment', 'waybill-worker').spec.replicas).toBe(2);
    expect(deployedBy(manifest(ofWorkers, 'Deployment', 'waybill-worker')).environment).toMatchObject(
      version,
    );
    const ofApi = manifestsOf({ worker: { replicas: 0 } });
    expect(manifest(ofApi, 'Deployment', 'waybill-api').spec.replicas).toBe(2);
    expect(manifest(ofApi, 'Deployment', 'waybill-worker').spec.replicas).toBe(0);
    const names = (release: string) =>
      documentsIn(helm(['template', release, CHART], { settings: version })).map(
        ({ kind, metadata }) => `${kind} ${metadata.name}`,
      );
    expect(names('waybill-2').filter((name) => names('waybill').includes(name))).toEqual([]);
  });

  it('makes no workers beside the API of such releases, and no audit log beside their workers, by values that all share', () => {
    const shared = { autoscaling: { enabled: true }, auditLog: { enabled: true } };
    const ofApi = manifestsOf({ ...shared, worker: { replicas: 0 } });
    expect(manifest(ofApi, 'Deployment', 'waybill-worker').spec.replicas).toBe(0);
    expect(ofApi.filter(({ kind }) => kind === 'ScaledObject')).toEqual([]);
    expect(ofApi.filter(({ kind }) => kind === 'PersistentVolumeClaim')).toHaveLength(1);
    const ofWorkers = manifestsOf({ ...shared, api: { replicas: 0 } });
    expect(ofWorkers.filter(({ kind }) => kind === 'ScaledObject')).toHaveLength(1);
    expect(ofWorkers.filter(({ kind }) => kind === 'PersistentVolumeClaim')).toEqual([]);
  });

  it('leaves the number of workers to KEDA, which watches both task queues that they poll', () => {
    const all = manifestsOf(EVERYTHING);
    const worker = manifest(all, 'Deployment', 'waybill-worker');
    expect(worker.spec.replicas).toBeUndefined();
    const { environment } = deployedBy(worker);
    const watched = (taskQueue: string, queueTypes: string) => ({
      type: 'temporal',
      metadata: expect.objectContaining({
        endpoint: environment.TEMPORAL_ADDRESS,
        namespace: environment.TEMPORAL_NAMESPACE,
        taskQueue,
        queueTypes,
      }),
      authenticationRef: {
        name: manifest(all, 'TriggerAuthentication', 'waybill-temporal').metadata.name,
      },
    });
    const { WAYBILL_TASK_QUEUE: taskQueue = '' } = environment;
    expect(manifest(all, 'ScaledObject', 'waybill-worker').spec).toMatchObject({
      scaleTargetRef: { name: 'waybill-worker' },
      triggers: [
        watched(taskQueue, 'workflow,activity'),
        watched(deliveriesTaskQueue(taskQueue), 'activity'),
      ],
    });
  });

  it.each([
    ['with an API key', { apiKey: true }, ['apiKey'], undefined],
    ['with a client certificate', { clientCertificate: true }, ['cert', 'key'], undefined],
    [
      'of a private authority',
      { clientCertificate: true, privateAuthority: true, serverName: 'temporal.example.com' },
      ['cert', 'key', 'ca'],
      'temporal.example.com',
    ],
  ])(
    'lets KEDA into a Temporal %s, by the secrets that the workers have',
    (_, temporal, parameters, name) => {
      const all = manifestsOf({ temporal, autoscaling: { enabled: true } });
      const { secretTargetRef: given } = manifest(all, 'TriggerAuthentication', 'waybill-temporal').spec as {
        secretTargetRef: readonly { parameter: string; name: string; key: string }[];
      };
      expect(given.map(({ parameter }) => parameter)).toEqual(parameters);
      const { environment } = deployedBy(manifest(all, 'Deployment', 'waybill-worker'));
      for (const { name: secret, key } of given) {
        expect(secret).toBe('waybill');
        expect(Object.values(environment)).toContain(`${SECRETS}/${key}`);
      }
      const { triggers } = manifest(all, 'ScaledObject', 'waybill-worker').spec as {
        triggers: readonly { metadata: Record<string, string> }[];
      };
      expect(triggers[0]?.metadata.tlsServerName).toBe(name);
      expect(environment.TEMPORAL_TLS_SERVER_NAME).toBe(name);
    },
  );

  it('has KEDA watch what waits for the release of the workers too, where they have one', () => {
    const release = { TEMPORAL_DEPLOYMENT_NAME: 'waybill', TEMPORAL_WORKER_BUILD_ID: '0.2.0' };
    const triggersWith = (settings: object) => {
      const all = manifestsOf({ settings, temporal: { apiKey: true }, autoscaling: { enabled: true } });
      return manifest(all, 'ScaledObject', 'waybill-worker').spec.triggers;
    };
    const ofAny = triggersWith({}) as { metadata: { taskQueue: string }; authenticationRef: object }[];
    expect(ofAny.map(({ metadata: { taskQueue } }) => taskQueue)).toEqual(['waybill', 'waybill-deliveries']);
    expect(ofAny).toMatchObject([
      { authenticationRef: expect.anything() },
      { authenticationRef: expect.anything() },
    ]);
    expect(triggersWith(release)).toEqual(
      ofAny.flatMap((trigger) => [
        trigger,
        {
          ...trigger,
          metadata: {
            ...trigger.metadata,
            workerDeploymentName: release.TEMPORAL_DEPLOYMENT_NAME,
            workerDeploymentBuildId: release.TEMPORAL_WORKER_BUILD_ID,
          },
        },
      ]),
    );
  });

  it('names no credentials to KEDA where Temporal asks for none', () => {
    const all = manifestsOf({ autoscaling: { enabled: true } });
    expect(all.filter(({ kind }) => kind === 'TriggerAuthentication')).toEqual([]);
    expect(JSON.stringify(manifest(all, 'ScaledObject', 'waybill-worker'))).not.toContain(
      'authenticationRef',
    );
  });

  it('names in its values every secret that its pods read', () => {
    const names = [...rendered(EVERYTHING).matchAll(/\/run\/secrets\/waybill\/(\w+)/g)].map(
      ([, name]) => name,
    );
    const values = read(`${CHART}/values.yaml`);
    expect(names).not.toEqual([]);
    expect(names.filter((name) => !values.includes(name ?? ''))).toEqual([]);
  });

  it('takes nothing that it does not know, and says what it was', () => {
    const { status, said } = runHelm(['template', 'waybill', CHART], { payloadKey: true });
    expect(status).not.toBe(0);
    expect(said).toContain('payloadKey');
  });

  it('takes no setting that it makes itself: the later of two would count, and server-side apply refuses them', () => {
    const all = manifestsOf(EVERYTHING);
    const own = ['waybill-api', 'waybill-worker']
      .flatMap((name) => Object.keys(deployedBy(manifest(all, 'Deployment', name)).environment))
      .filter((name) => !(name in EVERYTHING.settings));
    expect(own.length).toBeGreaterThan(20);
    for (const name of own) expect(complaints({ settings: { [name]: 'x' } }), name).not.toEqual([]);
  });
});

const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
const ofSchema = ajv.compile(JSON.parse(read(`${CHART}/values.schema.json`)));

/** What the schema of the chart has against values, by their place. */
function complaints(values: object): string[] {
  ofSchema(values);
  return (ofSchema.errors ?? []).map(({ instancePath }) => instancePath);
}

describe('the schema of the chart’s values', () => {
  it('is of the values that the chart has, and of all of them', () => {
    const values = parse(read(`${CHART}/values.yaml`));
    expect(complaints(values)).toEqual([]);
    expect(complaints(EVERYTHING)).toEqual([]);
    const { properties } = JSON.parse(read(`${CHART}/values.schema.json`));
    const ofDependency = ['enabled', 'global'];
    expect(Object.keys(properties).sort()).toEqual([...Object.keys(values), ...ofDependency].sort());
    expect(complaints({ global: { registry: 'example.com' }, enabled: true })).toEqual([]);
  });

  it.each([
    ['a name that is misspelt', { payloadKey: true }, ''],
    ['one below another', { temporal: { apikey: true } }, '/temporal'],
    ['a key where a switch is', { temporal: { apiKey: 'secret' } }, '/temporal/apiKey'],
    ['a tag that is a number', { image: { tag: 20_261_201 } }, '/image/tag'],
    ['a digest without its kind', { image: { digest: 'abc' } }, '/image/digest'],
    [
      'a build id that is a number',
      { settings: { TEMPORAL_WORKER_BUILD_ID: 1.1 } },
      '/settings/TEMPORAL_WORKER_BUILD_ID',
    ],
    [
      'a broken number in a setting',
      { settings: { WAYBILL_SYNC_SECONDS: 0.5 } },
      '/settings/WAYBILL_SYNC_SECONDS',
    ],
    ['no setting', { settings: { LOG_LEVEL: null } }, '/settings/LOG_LEVEL'],
    ['KEDA without a worker', { autoscaling: { minReplicas: 0 } }, '/autoscaling/minReplicas'],
    ['what the chart says of a pod', { pod: { volumes: [] } }, '/pod'],
  ])('refuses %s', (_, values, place) => {
    expect(complaints(values)).toContain(place);
  });

  it.each([...SECRET_VARIABLES, 'WAYBILL_API_KEYS'])('refuses the secret %s as a setting', (name) => {
    expect(complaints({ settings: { [name]: 'x' } })).not.toEqual([]);
    expect(complaints({ settings: { [`${name}_FILE`]: '/run/secrets/x' } })).not.toEqual([]);
  });
});

it('its values name the task queue that is the default, and its version is the package’s', () => {
  const values = parse(read(`${CHART}/values.yaml`));
  expect(values.temporal.taskQueue).toBe(readVariables({}).WAYBILL_TASK_QUEUE);
  const { version } = JSON.parse(read('package.json'));
  expect(parse(read(`${CHART}/Chart.yaml`))).toMatchObject({ version, appVersion: version });
});

it('the page on Temporal Cloud registers every search attribute, and no other', () => {
  const page = read('docs/deploy/temporal-cloud.md');
  const named = [...page.matchAll(/--sa "(\w+)=(\w+)"/g)].map(([, name, type = '']) => [
    name,
    type.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase(),
  ]);
  expect(Object.fromEntries(named)).toEqual(SEARCH_ATTRIBUTES);
});
