import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Link } from '../../dev/chaos/link.ts';

/** Answers what it gets. */
const echo = createServer((socket) => socket.pipe(socket).on('error', () => socket.destroy()));
let echoPort: number;
let link: Link;
beforeAll(async () => {
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  echoPort = (echo.address() as AddressInfo).port;
  link = await Link.to(echoPort);
});
afterAll(async () => {
  await link.close();
  echo.close();
});

async function open(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port });
  await once(socket, 'connect');
  return socket;
}

async function answerTo(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [answer] = await once(socket, 'data');
  return String(answer);
}

it('what is sent over a cut link arrives once it is mended, on old and new connections', async () => {
  const old = await open(link.port);
  expect(await answerTo(old, 'before')).toBe('before');
  link.cut();
  const fresh = await open(link.port);
  const answers = [answerTo(old, 'meanwhile'), answerTo(fresh, 'too')];
  const beside = await open(echoPort);
  for (const n of Array(20).keys()) expect(await answerTo(beside, `${n}`)).toBe(`${n}`);
  expect([old.bytesRead, fresh.bytesRead]).toEqual(['before'.length, 0]);
  link.mend();
  expect(await Promise.all(answers)).toEqual(['meanwhile', 'too']);
  for (const socket of [old, fresh, beside]) socket.destroy();
});
