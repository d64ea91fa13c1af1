import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer, get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LOOK_WITHIN_MS } from '../../api/backend/workers.ts';
import { proxy } from '../../dev/cluster/deployment.ts';
import { programFolder } from '../../dev/cluster/system-programs.ts';
import { freePort } from '../../dev/free-port.ts';
import { isListening } from '../../dev/is-listening.ts';
import { ManagedProcess } from '../../dev/processes/managed-process.ts';
import { projectRoot } from '../../dev/project-root.ts';
import { Certificates, noOpenssl } from '../support/certificates.ts';
import { needs } from '../support/needs.ts';

const say = (line: string) => console.error(line);
const noHaproxy = await programFolder({ file: 'haproxy', debianPackage: 'haproxy' }, process.env, say).then(
  () => undefined,
  (error: Error) => error.message,
);

/** Forged, as any caller could. */
const FORGED = { 'X-Forwarded-Proto': 'gopher', 'X-Forwarded-For': '203.0.113.7' };

it('waits longer for the answer of a health check than an API waits for Temporal', () => {
  const example = readFileSync(join(projectRoot, 'deploy/proxy/haproxy.cfg'), 'utf8');
  const [, seconds] = /^ *timeout check (\d+)s$/m.exec(example) ?? [];
  expect(Number(seconds) * 1_000).toBeGreaterThan(LOOK_WITHIN_MS);
});

needs(noOpenssl ?? noHaproxy)('the example of a proxy', () => {
  let certificates: Certificates;
  /** Answers with the headers that arrived. */
  let api: Server;
  let haproxy: ManagedProcess;
  let ports: { plain: number; tls: number };

  beforeAll(async () => {
    certificates = new Certificates();
    api = createServer((request, response) => response.end(JSON.stringify(request.headers)));
    api.listen(0, '127.0.0.1');
    await once(api, 'listening');
    ports = { plain: await freePort(), tls: await freePort() };
    haproxy = new ManagedProcess({
      name: 'haproxy',
      logFile: join(certificates.folder, 'haproxy.log'),
      launch,
      supervise: false,
      report: say,
      onLine: () => undefined,
      onGivenUp: say,
    });
    await haproxy.start();
  });
  afterAll(async () => {
    await haproxy?.stop();
    api?.close();
    certificates?.remove();
  });

  /** The file as it is, and the line for TLS that stands in it as a comment. */
  async function launch() {
    const example = readFileSync(join(projectRoot, 'deploy/proxy/haproxy.cfg'), 'utf8');
    const withTls = example.replace(
      /^( *)# (bind) "\$\{PROXY_ADDRESS\}" (ssl crt )/m,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: HAProxy fills it in
      '$1$2 "${TLS_ADDRESS}" $3',
    );
    const file = join(certificates.folder, 'haproxy.cfg');
    const pem = join(certificates.folder, 'proxy.pem');
    writeFileSync(file, withTls);
    writeFileSync(
      pem,
      [certificates.server.cert, certificates.server.key].map((path) => readFileSync(path)).join(''),
    );
    const at = `127.0.0.1:${(api.address() as AddressInfo).port}`;
    const { command, environment } = proxy(file, `127.0.0.1:${ports.plain}`, [at, at]);
    const [program = '', ...args] = command;
    const folder = await programFolder({ file: program, debianPackage: 'haproxy' }, process.env, say);
    return {
      command: join(folder, program),
      args,
      env: { ...environment, TLS_ADDRESS: `127.0.0.1:${ports.tls}`, PROXY_CERTIFICATE: pem },
      ready: { answers: () => isListening(ports.tls) },
    };
  }

  it.each([
    ['https', () => ask(getHttps, ports.tls)],
    ['http', () => ask(getHttp, ports.plain)],
  ])('says to the API that a caller came over %s, whatever the caller says', async (scheme, asked) => {
    expect(await asked()).toMatchObject({ 'x-forwarded-proto': scheme, 'x-forwarded-for': '127.0.0.1' });
  });

  async function ask(get: typeof getHttps | typeof getHttp, port: number): Promise<unknown> {
    const ca = readFileSync(certificates.authority.cert);
    const request = get({ host: '127.0.0.1', port, path: '/v1/orders', headers: FORGED, ca });
    const [response] = await once(request, 'response');
    return json(response);
  }
});
