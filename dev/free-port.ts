import getPort, { portNumbers } from 'get-port';

/**
 * Below those that the system gives to callers: one of them could take a port before its program listens. And Temporal keeps some of
 * its ports in 15 bits.
 */
export function freePort(): Promise<number> {
  const first = 20_000 + Math.floor(Math.random() * 10_000);
  return getPort({ host: '127.0.0.1', port: portNumbers(first, 32_767) });
}
