import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { freePort } from '../../dev/free-port.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

it('a port that another process was given is passed over, also before anybody listens on it', async () => {
  const given = 29_999;
  const other = createSocket('udp4');
  other.bind(given, '127.0.0.1');
  // One that was given it a moment ago does as well.
  await Promise.race([once(other, 'listening'), once(other, 'error')]).catch(() => undefined);
  vi.spyOn(Math, 'random').mockReturnValueOnce(0.999_95);
  expect(await freePort()).not.toBe(given);
  other.close();
});

it('a port is free for the program that it is meant for', async () => {
  const port = await freePort();
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  const caller = connect(port, '127.0.0.1');
  await once(caller, 'connect');
  caller.destroy();
  server.close();
});
