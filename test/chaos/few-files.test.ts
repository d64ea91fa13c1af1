import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { freePort } from '../../dev/free-port.ts';
import { projectRoot } from '../../dev/project-root.ts';
import { ensureBuilt } from '../support/build.ts';
import { WITHIN } from '../support/within.ts';

const FILES = 300;
const home = mkdtempSync(join(tmpdir(), 'few-files-'));
let api: ChildProcess;
let port: number;
let output = '';

beforeAll(async () => {
  ensureBuilt();
  port = await freePort();
  const script = join(projectRoot, 'dist/api/main.js');
  api = spawn('prlimit', [`--nofile=${FILES}:${FILES}`, process.execPath, script], {
    env: { PATH: process.env.PATH ?? '', WAYBILL_HOME: home, API_PORT: String(port) },
  });
  api.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
}, 300_000);
afterAll(async () => {
  if (api?.kill('SIGKILL')) await once(api, 'exit');
  rmSync(home, { recursive: true });
});

it('an API that may open few files takes fewer connections, says so, and answers', async () => {
  await vi.waitFor(() => expect(output).toContain('API ready'), WITHIN);
  expect(output).toContain(`may open ${FILES} files, so it takes ${FILES - 256} connections at a time`);
  const sockets = Array.from({ length: FILES * 2 }, () =>
    connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' }).on('error', () => undefined),
  );
  await vi.waitFor(() => expect(output).toContain('connections are closed: there are too many'), WITHIN);
  const [answer] = await once(get({ port, host: '127.0.0.1', path: '/healthz', agent: false }), 'response');
  expect(answer.statusCode).toBe(200);
  answer.resume();
  for (const socket of sockets) socket.destroy();
}, 120_000);
