import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { SECRET_VARIABLES } from '../../config/secret-files.ts';
import { type Config, type Env, loadConfig, loadSandboxConfig, loadWorkerConfig } from '../../config.ts';
import { projectRoot } from '../../dev/project-root.ts';

const folder = mkdtempSync(join(tmpdir(), 'waybill-secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

function fileWith(content: string): string {
  files += 1;
  const path = join(folder, `secret-${files}`);
  writeFileSync(path, content);
  return path;
}

const secret = (letter: string) => letter.repeat(40);
const GIVEN: Record<(typeof SECRET_VARIABLES)[number], string> = {
  STRIPE_SECRET_KEY: `sk_test_${secret('a')}`,
  STRIPE_WEBHOOK_SECRETS: `whsec_${secret('b')},whsec_${secret('c')}`,
  TEMPORAL_API_KEY: secret('d'),
  WAYBILL_EVENTS_KEY: secret('g'),
  WAYBILL_PAYLOAD_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
  WAYBILL_PROXY_SECRET: secret('i'),
  WAYBILL_STATE_SECRET: secret('h'),
};
const PLACE: Env = {
  TEMPORAL_ADDRESS: 'temporal:7233',
  WAYBILL_PROXY_PERSONS: 'ada@example.com:ops',
  WAYBILL_API_KEYS: `shop:service:${secret('e')},ada:ops:${secret('f')}`,
};

const asFiles = (write: (value: string) => string): Env =>
  Object.fromEntries(SECRET_VARIABLES.map((name) => [`${name}_FILE`, fileWith(write(GIVEN[name]))]));

it.each<[string, (value: string) => string]>([
  ['ends in a line break or not', (value) => `${value}\n`],
  ['has an entry a line', (value) => value.replaceAll(',', '\n')],
])('every secret can be a file, whether it %s', (_, write) => {
  const inFiles: Config = loadConfig({ ...PLACE, ...asFiles(write) });
  expect(inFiles).toEqual(loadConfig({ ...PLACE, ...GIVEN }));
  expect(inFiles.temporal.connection.apiKey).toBe(GIVEN.TEMPORAL_API_KEY);
});

it('workers and the sandbox read their secrets from files too', () => {
  const env = { ...PLACE, ...asFiles((value) => value) };
  expect(loadWorkerConfig(env).stripe.secretKey).toBe(GIVEN.STRIPE_SECRET_KEY);
  expect(loadSandboxConfig(env).webhooks?.secret).toBe(`whsec_${secret('b')}`);
});

it.each(SECRET_VARIABLES)('what is wrong with the file of %s names its variable', (name) => {
  const variable = `${name}_FILE`;
  const load = (env: Env) => () => loadConfig(env);
  expect(load({ [variable]: '/nowhere' })).toThrow(new RegExp(`^${variable}: .*/nowhere`));
  expect(load({ [variable]: fileWith(' \n') })).toThrow(new RegExp(`^${variable}: .* is empty`));
  const both = { [variable]: fileWith(GIVEN[name]), [name]: GIVEN[name] };
  expect(load(both)).toThrow(`${variable}: is set beside ${name}; set one of them`);
});

it('no variable that holds a secret lacks its file', () => {
  const source = readFileSync(join(projectRoot, 'config/variables.ts'), 'utf8');
  const secrets = [...source.matchAll(/^ {2}([A-Z_]+_(?:KEY|SECRET)S?):/gm)].map(([, name]) => name);
  // The file of API keys holds no secrets, but their hashes.
  const others = ['STRIPE_PUBLISHABLE_KEY', 'WAYBILL_API_KEYS'];
  const expected = secrets.filter((name) => name !== undefined && !others.includes(name));
  expect(SECRET_VARIABLES).toEqual(expect.arrayContaining(expected));
  expect(expected.length).toBeGreaterThan(4);
});
