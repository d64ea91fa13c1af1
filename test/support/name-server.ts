import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

const HEADER_BYTES = 12;
const NO_ERROR = 0x8180;
const IN_A = Buffer.from([0, 1, 0, 1]);
/** The name that was asked for, type A, class IN, no time to live, four bytes. */
const ANSWER = Buffer.from([0xc0, HEADER_BYTES, ...IN_A, 0, 0, 0, 0, 0, 4]);

/**
 * A real name server on loopback. `answer`: what it says of a name that is asked for, by how often it has been before; null: it
 * is silent. It knows no IPv6.
 */
export async function startNameServer(answer: (asked: number) => readonly string[] | null) {
  const socket = createSocket('udp4');
  let asked = 0;
  socket.on('message', (query, { port, address }) => {
    const end = query.indexOf(0, HEADER_BYTES) + 5;
    const isA = query.subarray(end - 4, end).equals(IN_A);
    const addresses = isA ? answer(asked++) : [];
    if (addresses === null) return;
    const header = Buffer.from(query.subarray(0, HEADER_BYTES));
    header.writeUInt16BE(NO_ERROR, 2);
    header.writeUInt16BE(addresses.length, 6);
    header.writeUInt32BE(0, 8);
    const answers = addresses.flatMap((one) => [ANSWER, Buffer.from(one.split('.').map(Number))]);
    socket.send(Buffer.concat([header, query.subarray(HEADER_BYTES, end), ...answers]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    asked: () => asked,
    stop: () => new Promise<void>((resolve) => socket.close(resolve)),
  };
}
