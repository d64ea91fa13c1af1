import { createSocket } from 'node:dgram';
import getPort, { portNumbers } from 'get-port';

/** Longer than a program takes until it listens, on a busy machine too. */
const RESERVED_MS = 60_000;

/**
 * Below those that the system gives to callers: one of them could take a port before its program listens. And Temporal keeps some of
 * its ports in 15 bits. Another process that asks meanwhile, such as one of several that run tests, gets another one.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const port = await getPort({ host: '127.0.0.1', port: portNumbers(first, 32_767) });
    if (await isReserved(port)) return port;
  }
}

/** By a UDP socket of the same number, which leaves the port to whoever is to listen on it. False: another process was given it. */
function isReserved(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  return new Promise((resolve) => {
    socket.once('error', ({ code }: NodeJS.ErrnoException) => {
      socket.close();
      resolve(code !== 'EADDRINUSE');
    });
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => {
      socket.unref();
      setTimeout(() => socket.close(), RESERVED_MS).unref();
      resolve(true);
    });
  });
}
