import dns from 'node:dns';
import { createServer } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { post } from '../../event-delivery/post.ts';
import type { Receiver } from '../support/event-receiver.ts';
import { startReceiver } from '../support/event-receiver.ts';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver?.stop());

const send = (url: string, allowLoopback = true) =>
  post({ url, allowLoopback, answerWithinMs: 300 }, { 'webhook-id': 'evt_1' }, '{}');

it.each([
  ['an address of this machine', () => receiver.url],
  ['a name that resolves to one', () => receiver.url.replace('127.0.0.1', 'localhost')],
  ['an address of another family', () => receiver.url.replace('127.0.0.1', '[::ffff:127.0.0.1]')],
  ['nowhere in particular', () => receiver.url.replace('127.0.0.1', '0.0.0.0')],
  ['a number that is such an address', () => receiver.url.replace('127.0.0.1', '2130706433')],
])('posts nothing to %s', async (_, url) => {
  await expect(send(url(), false)).rejects.toThrow('is not allowed');
  expect(receiver.received).toEqual([]);
});

it.each([
  'http://169.254.169.254/latest/meta-data',
  'http://10.0.0.1/',
  'http://172.16.0.1/',
  'http://192.168.1.1/',
  'http://100.64.0.1/',
  'http://[fd00::1]/',
  'http://[fe80::1]/',
  'http://[64:ff9b::a00:1]/',
])('posts nothing to %s, even where loopback is good', async (url) => {
  await expect(send(url)).rejects.toThrow('is not allowed');
});

it('posts nothing to a name with any address that is not public, and asks for its addresses once', async () => {
  const { lookup } = dns;
  let asked = 0;
  Reflect.set(dns, 'lookup', (_name: string, _options: object, answer: (...args: unknown[]) => void) => {
    asked += 1;
    // Public, until somebody has looked.
    const address = asked === 1 ? ['93.184.216.34', '10.0.0.1'] : ['93.184.216.34'];
    answer(
      null,
      address.map((one) => ({ address: one, family: 4 })),
    );
  });
  syncBuiltinESMExports();
  try {
    await expect(send('http://receiver.example/')).rejects.toThrow('10.0.0.1');
    expect(asked).toBe(1);
  } finally {
    Reflect.set(dns, 'lookup', lookup);
    syncBuiltinESMExports();
  }
});

it('gives back the status, and follows no redirect', async () => {
  const before = receiver.received.length;
  receiver.answers.push({ redirectTo: 'http://169.254.169.254/' });
  expect(await send(receiver.url)).toMatchObject({ status: 307 });
  expect(await send(receiver.url)).toMatchObject({ status: 204, retryAfter: undefined });
  expect(receiver.received.slice(before).map(({ body, headers }) => [body, headers['webhook-id']])).toEqual([
    ['{}', 'evt_1'],
    ['{}', 'evt_1'],
  ]);
  expect(receiver.received.at(-1)?.headers).toMatchObject({
    'content-type': 'application/json',
    'user-agent': 'Waybill',
  });
});

it('waits no longer than it may for an answer', async () => {
  receiver.answers.push('never');
  await expect(send(receiver.url)).rejects.toThrow('aborted');
});

it('takes no answer without an end', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(200);
    const more = () => response.write('x'.repeat(16_384), (error) => error || setImmediate(more));
    more();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await expect(send(`http://127.0.0.1:${port}/`)).rejects.toThrow('bytes');
  server.closeAllConnections();
  server.close();
});

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n';

it.each<[string, string, (socket: Socket) => void]>([
  [
    'changes the protocol',
    'closed before',
    (socket) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
  ],
  ['breaks off', 'closed before', (socket) => socket.end(`${HEAD}half`)],
  ['never ends', 'aborted', (socket) => socket.write(`${HEAD}half`)],
  ['is none', 'hang up', (socket) => socket.end()],
  ['is no HTTP', 'Parse Error', (socket) => socket.end('welcome\r\n')],
])('an answer that %s is a failure', async (_, failure, answer) => {
  const server = createTcpServer((socket) => socket.once('data', () => answer(socket)).on('error', () => {}));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await expect(send(`http://127.0.0.1:${port}/`)).rejects.toThrow(failure);
  server.close();
});
