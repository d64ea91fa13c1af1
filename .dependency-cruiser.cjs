// Which room may import which, and that no import runs in a circle, types included. `npm run verify` checks it;
// docs/ARCHITECTURE.md says what the rooms are.

/** Room → the rooms that it may import besides itself. Rooms that are not named here may import all. */
const ARROWS = {
  domain: [],
  contract: ['domain'],
  workflows: ['domain', 'contract', 'activities'],
  config: ['domain'],
  temporal: ['domain'],
  stripe: ['domain', 'contract'],
  telemetry: ['domain', 'stripe'],
  'event-delivery': ['domain', 'contract', 'temporal'],
  'stripe-events': ['domain', 'contract', 'temporal', 'stripe', 'event-delivery'],
  reconciliation: ['domain', 'contract', 'temporal', 'stripe', 'stripe-events'],
  activities: [
    'domain',
    'contract',
    'temporal',
    'stripe',
    'stripe-events',
    'event-delivery',
    'reconciliation',
  ],
  api: ['domain', 'contract', 'temporal', 'stripe', 'stripe-events', 'event-delivery', 'config', 'telemetry'],
  // The outside world: only HTTP reaches it.
  sandbox: [],
  client: [],
  // Pages in a browser: they know the API by HTTP alone.
  console: [],
  cli: ['client'],
  samples: ['client'],
};

/** What a subject of the API (api/orders, api/payouts …) may import besides itself. */
const API_SUBJECT = ['^api/(http|backend|commands)/', '^(domain|contract|stripe|temporal)/'];
/** What single subjects are about. */
const API_SUBJECT_MORE = {
  'stripe-events': '^stripe-events/',
  // Events show the objects of other subjects.
  'outgoing-events':
    '^(event-delivery/|api/(orders|accounts|payouts|transfers|reconciliation)/[a-z]+-schema.ts$)',
};

const ROOMS = [...Object.keys(ARROWS), 'bench', 'dev', 'simulation', 'test', 'worker'];
const room = (name) => (name === 'config' ? '^config(\\.ts$|/)' : `^${name}/`);
const OURS = ROOMS.map(room);
const API_SUBJECTS =
  'orders|accounts|payouts|transfers|customers|balances|outgoing-events|stripe-events|reconciliation|reports|health|console|codec';

module.exports = {
  forbidden: [
    ...Object.entries(ARROWS).map(([from, to]) => ({
      name: `${from}-imports-only-${['itself', ...to].join('-')}`,
      severity: 'error',
      from: { path: room(from) },
      to: { path: OURS, pathNot: [from, ...to].map(room) },
    })),
    ...API_SUBJECTS.split('|').map((subject) => ({
      name: `api-${subject}-imports-only-what-subjects-share`,
      severity: 'error',
      from: { path: `^api/${subject}/` },
      to: {
        path: OURS,
        pathNot: [`^api/${subject}/`, ...API_SUBJECT, API_SUBJECT_MORE[subject] ?? []].flat(),
      },
    })),
    { name: 'no-circle-of-files', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-circle-of-folders',
      comment:
        'The folders of sandbox/ are parts of one server, those of simulation/ of one world, and know each other.',
      scope: 'folder',
      severity: 'error',
      from: { pathNot: '^(sandbox|simulation)' },
      to: { circular: true },
    },
    {
      name: 'workflow-code-uses-no-node-built-in',
      comment: 'A workflow is replayed: no clock, no randomness, no I/O.',
      severity: 'error',
      from: { path: '^(domain|contract|workflows)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'workflow-code-uses-the-workflow-sdk-alone',
      severity: 'error',
      from: { path: '^(contract|workflows)/' },
      to: { path: 'node_modules/', pathNot: 'node_modules/(@temporalio/(workflow|common)|zod)/' },
    },
    {
      name: 'domain-uses-no-package-but-zod-and-pure-hashes',
      severity: 'error',
      from: { path: '^domain/' },
      to: { path: 'node_modules/', pathNot: 'node_modules/(zod|@noble/hashes)/' },
    },
    {
      name: 'sandbox-uses-no-sdk',
      severity: 'error',
      from: { path: '^sandbox/' },
      to: { path: 'node_modules/(@temporalio|stripe)/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|client/src/generated)/' },
    enhancedResolveOptions: { extensions: ['.ts', '.mjs', '.js', '.cjs', '.json'] },
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
