import { promises } from 'node:dns';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { RequestFilteringHttpAgent } from 'request-filtering-agent';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Receiver } from '../../dev/event-receiver.ts';
import { startReceiver } from '../../dev/event-receiver.ts';
import { resolver } from '../../event-delivery/lookup.ts';
import { post } from '../../event-delivery/post.ts';
import { startNameServer } from '../support/name-server.ts';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver?.stop());

/** For an answer that does not come. */
const SHORT_MS = 300;
/** For one that does, on a busy machine too. */
const LONG_MS = 30_000;

const send = (url: string, allowLoopback = true, answerWithinMs = LONG_MS) =>
  post({ url, allowLoopback, answerWithinMs }, { 'webhook-id': 'evt_1' }, '{}');

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

describe('a name', () => {
  const servers = resolver.getServers();
  let nameServer: Awaited<ReturnType<typeof startNameServer>>;
  const serve = async (answer: Parameters<typeof startNameServer>[0]) => {
    nameServer = await startNameServer(answer);
    resolver.setServers([nameServer.address]);
  };
  afterEach(async () => {
    resolver.cancel();
    resolver.setServers(servers);
    await nameServer.stop();
  });

  it('is posted to where it leads', async () => {
    await serve(() => ['127.0.0.1']);
    expect(await send(receiver.url.replace('127.0.0.1', 'receiver.example'))).toMatchObject({ status: 204 });
    expect(receiver.received.pop()?.headers.host).toBe(`receiver.example:${receiver.port}`);
  });

  it('may lead to another continent: its address has longer to connect than Node gives each but the last', async () => {
    await serve(() => ['127.0.0.1']);
    const connected = vi.spyOn(RequestFilteringHttpAgent.prototype, 'createConnection');
    await send(receiver.url.replace('127.0.0.1', 'receiver.example'));
    const [[options] = []] = connected.mock.calls;
    connected.mockRestore();
    receiver.received.pop();
    const withinMs: unknown = Reflect.get(Object(options), 'autoSelectFamilyAttemptTimeout');
    expect(withinMs).toBeGreaterThanOrEqual(1_000);
    // Two may be silent, and there is still time for the answer.
    expect(withinMs).toBeLessThanOrEqual(3_000);
  });

  it('with any address that is not public is posted nothing, and is asked for its addresses once', async () => {
    // Public, until somebody has looked.
    await serve((asked) => (asked === 0 ? ['93.184.216.34', '10.0.0.1'] : ['93.184.216.34']));
    await expect(send('http://receiver.example/')).rejects.toThrow('10.0.0.1');
    expect(nameServer.asked()).toBe(1);
  });

  it('that leads nowhere is a failure', async () => {
    await serve(() => []);
    await expect(send('http://receiver.example/')).rejects.toThrow('ENODATA');
  });

  it('whose server does not answer keeps nobody else from finding theirs', async () => {
    await serve(() => null);
    const ended: unknown[] = [];
    const all = Array.from({ length: 10 }, () =>
      send('http://receiver.example/').catch((error: Error) => ended.push(error.message)),
    );
    await promises.lookup('localhost');
    expect(ended).toEqual([]);
    resolver.cancel();
    await Promise.all(all);
    expect(ended).toEqual(Array.from({ length: 10 }, () => expect.stringContaining('ECANCELLED')));
  });

  it('whose server does not answer is waited for no longer than an answer may take', async () => {
    await serve(() => null);
    await expect(send('http://receiver.example/', true, SHORT_MS)).rejects.toThrow('aborted');
  });
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
  await expect(send(receiver.url, true, SHORT_MS)).rejects.toThrow('aborted');
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

it.each<[string, string, (socket: Socket) => void, number?]>([
  [
    'changes the protocol',
    'closed before',
    (socket) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
  ],
  ['breaks off', 'closed before', (socket) => socket.end(`${HEAD}half`)],
  ['never ends', 'aborted', (socket) => socket.write(`${HEAD}half`), SHORT_MS],
  ['is none', 'hang up', (socket) => socket.end()],
  ['is no HTTP', 'Parse Error', (socket) => socket.end('welcome\r\n')],
])('an answer that %s is a failure', async (_, failure, answer, withinMs) => {
  const server = createTcpServer((socket) => socket.once('data', () => answer(socket)).on('error', () => {}));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await expect(send(`http://127.0.0.1:${port}/`, true, withinMs)).rejects.toThrow(failure);
  server.close();
});
