import { connect } from 'node:net';

const CONNECT_WITHIN_MS = 1_000;

/** Whether something accepts connections at a base URL; nothing is sent. */
export function canConnect(base: string): Promise<boolean> {
  const { hostname, port, protocol } = new URL(base);
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname,
      port: port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port),
      timeout: CONNECT_WITHIN_MS,
    });
    const end = (reached: boolean) => {
      socket.destroy();
      resolve(reached);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}
