import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { createServer } from 'node:tls';
import type { Certificates } from './certificates.ts';
import { pairOf } from './certificates.ts';

/** Ends TLS before a server of plain HTTP/2. It lets in only who shows a certificate of the authority. */
export async function startTlsProxy(target: string, { authority, server }: Certificates) {
  const [host = '', port] = target.split(':');
  const sockets = new Set<Socket>();
  const listening = createServer(
    {
      ...pairOf(server),
      ca: readFileSync(authority.cert),
      requestCert: true,
      rejectUnauthorized: true,
      ALPNProtocols: ['h2'],
    },
    (from) => {
      const to = connect(Number(port), host);
      for (const [one, other] of [
        [from, to],
        [to, from],
      ] as const) {
        sockets.add(one);
        one.pipe(other);
        one.on('error', () => other.destroy());
        one.on('close', () => sockets.delete(one));
      }
    },
  );
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  return {
    address: `127.0.0.1:${(listening.address() as AddressInfo).port}`,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      listening.close();
      await once(listening, 'close');
    },
  };
}
