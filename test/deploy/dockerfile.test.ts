import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prepareNamespace, sandbox, waybillApi, waybillWorker } from '../../dev/cluster/deployment.ts';
import { healthOf, isHealthy } from '../../dev/container-health.ts';
import { projectRoot } from '../../dev/project-root.ts';
import { needs } from '../support/needs.ts';
import { WAYBILL } from './places.ts';
import { deployTool, noDeployTools } from './tools.ts';

const dockerfile = readFileSync(join(projectRoot, 'Dockerfile'), 'utf8');

it('the image runs the API as the cluster does, as a user that is not root', () => {
  const { command } = waybillApi(WAYBILL, { host: '', port: 3000, trustedProxies: '' });
  expect(dockerfile.split('\n').at(-2)).toBe(`CMD ${JSON.stringify(command).replaceAll(',', ', ')}`);
  expect(dockerfile).toContain('\nUSER 1000:1000\n');
});

it('the image names an exact version of Node', () => {
  const images = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
  expect(images).toEqual(['node:24.22.3-bookworm', 'node:24.22.3-bookworm-slim']);
});

it('what git does not keep, such as .env, does not reach the builder either', () => {
  const lines = (file: string) => readFileSync(join(projectRoot, file), 'utf8').split('\n').filter(Boolean);
  const left = lines('.dockerignore').map((line) => line.replace(/^\*\*\//, '').replace(/\*$/, ''));
  const kept = lines('.gitignore').map((line) => line.replace(/\/$/, ''));
  expect(kept).toContain('.env');
  expect(kept.filter((path) => !left.some((one) => path === one || path.startsWith(`${one}/`)))).toEqual([]);
});

describe('the image’s health check', () => {
  const api = waybillApi(WAYBILL, { host: '0.0.0.0', port: 8080, trustedProxies: '' });
  const worker = waybillWorker(WAYBILL, { healthAddress: '10.0.0.7:9999', metricsAddress: '' });
  const stripe = sandbox(WAYBILL, { host: '0.0.0.0', port: 12_222, apiUrl: '', home: '' });
  const [, defaults = ''] = /^ENV (.+)$/m.exec(dockerfile) ?? [];
  const image = Object.fromEntries(defaults.split(' ').map((pair) => pair.split('=')));

  it.each([
    ['the API', api.command, api.environment, 'http://127.0.0.1:8080/healthz'],
    ['the API without a setting', api.command, {}, 'http://127.0.0.1:3000/healthz'],
    ['a worker', worker.command, worker.environment, 'http://10.0.0.7:9999/healthz'],
    ['a worker without a setting', worker.command, {}, 'http://127.0.0.1:9465/healthz'],
    [
      'a worker at every IPv6 address',
      worker.command,
      { WORKER_HEALTH_ADDRESS: ':::9465' },
      'http://127.0.0.1:9465/healthz',
    ],
    ['the sandbox', stripe.command, stripe.environment, 'http://127.0.0.1:12222/'],
    [
      'what an init process runs',
      ['/sbin/docker-init', '--', ...worker.command],
      {},
      'http://127.0.0.1:9465/healthz',
    ],
    ['a job', prepareNamespace(WAYBILL).command, {}, undefined],
    ['something else', ['sleep', '60'], {}, undefined],
  ])('asks %s where it answers', (_, command, environment, url) => {
    expect(healthOf(command, { ...image, ...environment })?.url).toBe(url);
  });

  it('is well where the process answers that it lives, and where there is nothing to ask', async () => {
    const server = createServer((req, res) => res.writeHead(req.url === '/healthz' ? 200 : 404).end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const health = { url: `http://127.0.0.1:${port}/healthz`, takesAnyAnswer: false };
    const nowhere = { ...health, url: `http://127.0.0.1:${port}/nowhere` };
    expect(await isHealthy(health)).toBe(true);
    expect(await isHealthy(nowhere)).toBe(false);
    expect(await isHealthy({ ...nowhere, takesAnyAnswer: true })).toBe(true);
    expect(await isHealthy(null)).toBe(true);
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    expect(await isHealthy(health)).toBe(false);
  });

  it('is a script that the image has', () => {
    const [, script = ''] = /^HEALTHCHECK .* CMD \["node", "dist\/(.+)\.js"\]$/m.exec(dockerfile) ?? [];
    expect(existsSync(join(projectRoot, `${script}.ts`)), script).toBe(true);
  });
});

needs(noDeployTools)('hadolint', () => {
  it('has nothing to say of the Dockerfile, and refuses one without an exact version', () => {
    expect(deployTool('hadolint', ['-'], dockerfile)).toMatchObject({ status: 0, said: '' });
    const vague = dockerfile.replaceAll('node:24.22.3-bookworm', 'node:latest');
    expect(deployTool('hadolint', ['-'], vague).said).toContain('DL3007');
  });
});
