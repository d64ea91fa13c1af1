import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentOfApi } from '../../dev/client/openapi.ts';
import { freePort } from '../../dev/free-port.ts';
import { projectRoot } from '../../dev/project-root.ts';
import { DESTINATION } from '../e2e/support.ts';
import type { Waybill } from '../support/waybill.ts';
import { startWaybill } from '../support/waybill.ts';
import { WITHIN } from '../support/within.ts';

const run = promisify(execFile);
const CLIENT = join(projectRoot, 'client');
/** Within the package, so that it finds itself by its name. */
let folder: string;
let waybill: Waybill;
beforeAll(async () => {
  await run(process.execPath, [join(projectRoot, 'dev', 'run.mjs'), 'packages']);
  folder = mkdtempSync(join(CLIENT, 'dist', 'test-'));
  waybill = await startWaybill();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await waybill?.stop();
});

const firstOrder = (how: string) => `
  const order = { amount: 1000, currency: 'usd', payment_method: 'pm_card_visa', connected_account: '${DESTINATION}' };
  ${how}.then(({ Waybill }) => new Waybill({ baseUrl: '${waybill.apiUrl}', apiKey: 'dev_service' }).orders
    .create({ body: order })).then(({ status }) => console.log(status));`;

async function node(file: string, code: string): Promise<string> {
  writeFileSync(join(folder, file), code);
  return (await run(process.execPath, [join(folder, file)])).stdout.trim();
}

describe('the package', () => {
  it('works as an ES module and as CommonJS', async () => {
    expect(await node('esm.mjs', firstOrder("import('@waybill/client')"))).toBe('authorized');
    const required = "Promise.resolve(require('@waybill/client'))";
    expect(await node('cjs.cjs', firstOrder(required))).toBe('authorized');
  });

  it('needs nothing of Node: an edge runtime has enough', async () => {
    const { Waybill: Client, verifyEvent } = loadOnEdge(join(CLIENT, 'dist', 'cjs', 'index.js'));
    const client = new Client({ baseUrl: waybill.apiUrl, apiKey: 'dev_read' });
    expect((await client.accounts.list({ query: { limit: 1 } })).data).toHaveLength(1);
    expect(() => verifyEvent('whsec_c2VjcmV0', '{}', new Headers())).toThrow('Missing required headers');
  });
});

const WEB = [
  'fetch',
  'Request',
  'Response',
  'Headers',
  'URL',
  'URLSearchParams',
  'AbortSignal',
  'AbortController',
];
const WEB_TOO = [
  'crypto',
  'setTimeout',
  'clearTimeout',
  'TextEncoder',
  'TextDecoder',
  'FormData',
  'Blob',
  'File',
];

/** Loads CommonJS where only the globals of the web are, and where no module of Node can be required. */
// biome-ignore lint/suspicious/noExplicitAny: a package as its users get it
function loadOnEdge(entry: string): any {
  const globals = Object.fromEntries(
    [...WEB, ...WEB_TOO].map((name) => [name, Reflect.get(globalThis, name)]),
  );
  const loaded = new Map<string, { exports: object }>();
  const load = (file: string): object => {
    const known = loaded.get(file);
    if (known) return known.exports;
    const module = { exports: {} };
    loaded.set(file, module);
    const require = (name: string) => load(createRequire(file).resolve(name));
    const wrapped = `(function (module, exports, require) {${readFileSync(file, 'utf8')}\n})`;
    runInNewContext(wrapped, { ...globals })(module, module.exports, require);
    return module.exports;
  };
  return load(entry);
}

describe('the README', () => {
  const readme = readFileSync(join(CLIENT, 'README.md'), 'utf8');

  it('shows a backend of 30 lines that sells', async () => {
    const [, sample = ''] = /```js\n([\s\S]*?)```/.exec(readme) ?? [];
    expect(sample.split('\n').length).toBeLessThanOrEqual(31);
    writeFileSync(join(folder, 'backend.mjs'), sample);
    const port = await freePort();
    const backend = spawn(process.execPath, [join(folder, 'backend.mjs')], {
      env: {
        WAYBILL_URL: waybill.apiUrl,
        WAYBILL_KEY: 'dev_service',
        WAYBILL_EVENTS_SECRET: 'whsec_c2VjcmV0',
        PORT: `${port}`,
      },
      stdio: 'inherit',
    });
    const ask = async (path: string, body: object) => {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
      return { status: answer.status, body: await answer.json() };
    };
    const sale = {
      cart: 'cart-1',
      amount: 1000,
      payment_method: 'pm_card_visa',
      connected_account: DESTINATION,
    };
    await expect.poll(() => ask('/checkout', sale).catch(() => null), WITHIN).not.toBeNull();
    expect(await ask('/checkout', sale)).toMatchObject({ status: 200, body: { status: 'authorized' } });
    expect(await ask('/ship', { cart: 'cart-1' })).toMatchObject({ body: { status: 'captured' } });
    expect(await ask('/status', { cart: 'none' })).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
    expect(await ask('/events', {})).toMatchObject({ status: 400 });
    backend.kill();
  });

  it('shows calls that have the right types', async () => {
    const snippets = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => `{${code}}`);
    expect(snippets.length).toBeGreaterThan(2);
    const names = 'declare const waybill: Waybill; declare const captured: Order;';
    const imports = "import { each, type Order, type Waybill } from '@waybill/client';";
    expect(await typesOf('calls.mts', [imports, names, ...snippets].join('\n'))).toBe('');
  });
});

describe('types made of the OpenAPI document by openapi-typescript', () => {
  it("accept the first request of the project's README, and refuse another", async () => {
    const require = createRequire(join(CLIENT, 'package.json'));
    const cli = join(dirname(require.resolve('openapi-typescript/package.json')), 'bin', 'cli.js');
    const { paths = {}, webhooks: _, ...document } = documentOfApi();
    const orders = { ...document, paths: { '/v1/orders': paths['/v1/orders'] } };
    writeFileSync(join(folder, 'openapi.json'), JSON.stringify(orders));
    await run(process.execPath, [cli, 'openapi.json', '-o', 'api.d.ts'], { cwd: folder });
    const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
    const [, body = ''] = /\/v1\/orders \\\n[\s\S]*?-d '([\s\S]*?)'/.exec(readme) ?? [];
    const typed = (json: string) =>
      `import type { operations } from './api.d.ts';\nexport const body: operations['orders.create']['requestBody']['content']['application/json'] = ${json};`;
    expect(await typesOf('body.mts', typed(body))).toBe('');
    expect(await typesOf('wrong.mts', typed(body.replace('"amount"', '"amuont"')))).toContain('amuont');
  });
});

/** What the compiler has to say about it. */
async function typesOf(file: string, code: string): Promise<string> {
  writeFileSync(join(folder, file), code);
  const tsc = join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  const args = [
    '--ignoreConfig',
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--lib',
    'es2023,dom',
    '--types',
    'node',
  ];
  return run(process.execPath, [tsc, ...args, join(folder, file)], { cwd: folder })
    .then(() => '')
    .catch(({ stdout }) => stdout);
}
