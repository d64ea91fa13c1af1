import { once } from 'node:events';
import type { Server } from 'node:http';
import { request } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import express from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import type { ConnectionLimit, Metrics } from '../../api/http/metrics.ts';
import { createMetrics } from '../../api/http/metrics.ts';
import { close, listen } from '../../api/serve.ts';
import { WITHIN } from '../support/within.ts';
import { LISTENING } from './serve-app.ts';

const CONNECTIONS_MAX = 20;
const DRIP_EVERY_MS = 200;
const SLOW = '127.0.0.2';
const OTHER = '127.0.0.1';

let server: Server | undefined;
let metrics: Metrics;
const dropped = async (limit: ConnectionLimit) =>
  (await metrics.registry.metrics()).match(
    new RegExp(`^waybill_connections_dropped_total{limit="${limit}"} (\\d+)$`, 'm'),
  )?.[1];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  if (server) await close(server);
});

async function serve(trusted: readonly string[] = []): Promise<number> {
  const app = express().set('trust proxy', trusted);
  app.post('/', express.json(), (_req, res) => void res.json({}));
  app.get('/', (_req, res) => void res.json({}));
  const logged: unknown[] = [];
  const logger = { warn: (...line: unknown[]) => void logged.push(line) };
  metrics = createMetrics();
  server = await listen(app, { ...LISTENING, connectionsMax: CONNECTIONS_MAX, logger, metrics });
  return (server.address() as AddressInfo).port;
}

/** Sends the start at once and the rest a byte at a time; what it was answered, once its connection has ended. */
async function drip(port: number, start: string, byte: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: SLOW }).setEncoding('utf8');
  sockets.push(socket);
  let answer = '';
  socket.on('data', (text) => {
    answer += text;
  });
  socket.on('error', () => undefined);
  socket.write(start);
  const dripping = setInterval(() => socket.writable && socket.write(byte), DRIP_EVERY_MS);
  await new Promise((ended) => socket.once('close', ended));
  clearInterval(dripping);
  return answer;
}

async function get(port: number, localAddress: string): Promise<number | undefined> {
  const sent = request({ port, host: '127.0.0.1', localAddress, agent: false }).end();
  const [answer] = await once(sent, 'response');
  answer.resume();
  return answer.statusCode;
}

const HEAD = 'POST / HTTP/1.1\r\nHost: waybill\r\n';
const BODY = `${HEAD}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`;

describe.each([
  ['headers', HEAD, 'X'],
  ['a body', BODY, ' '],
])('senders who drip %s', (_, start, byte) => {
  it('from one address leave room for others, and each is ended with a 408', async () => {
    const port = await serve();
    const dripping = Array.from({ length: CONNECTIONS_MAX * 2 }, () => drip(port, start, byte));
    // Those that are too many are closed at once.
    await expect
      .poll(() => sockets.filter(({ destroyed }) => destroyed).length, WITHIN)
      .toBe(CONNECTIONS_MAX * 1.5);
    for (let n = 0; n < CONNECTIONS_MAX; n++) expect(await get(port, OTHER)).toBe(200);
    const answers = (await Promise.all(dripping)).filter((answer) => answer !== '');
    expect(answers).toHaveLength(CONNECTIONS_MAX / 2);
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(await dropped('address')).toBe(`${CONNECTIONS_MAX * 1.5}`);
    expect(await dropped('time')).toBe(`${CONNECTIONS_MAX / 2}`);
    await expect.poll(() => get(port, SLOW).catch(() => null), WITHIN).toBe(200);
  });
});

it('a trusted proxy may have all connections, and no more', async () => {
  const port = await serve([SLOW]);
  const dripping = Array.from({ length: CONNECTIONS_MAX + 5 }, () => drip(port, HEAD, 'X'));
  await expect.poll(() => sockets.filter(({ destroyed }) => destroyed).length, WITHIN).toBe(5);
  expect(await dropped('connections')).toBe('5');
  for (const socket of sockets) socket.destroy();
  await Promise.all(dripping);
});
