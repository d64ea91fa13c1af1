import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { SEARCH_ATTRIBUTES } from '../../contract/search-attributes.ts';
import { freePort } from '../../dev/free-port.ts';
import { ManagedProcess } from '../../dev/processes/managed-process.ts';
import { dynamicConfig, serverTuning } from '../../dev/temporal/server-flags.ts';

/** A namespace that knows our search attributes and that nobody else uses. */
export interface Lease {
  readonly address: string;
  readonly namespace: string;
}

/** What test files leave in a server's memory stays there: after so many of them the next server starts. */
const NAMESPACES = 50;

/**
 * Serves a namespace of its own to each test file that asks: to start a server for each takes half a second of CPU time, of which half is
 * the digest that it makes of itself. A server starts when the first file asks. Gives the URL to ask, and what stops everything.
 */
export async function serveNamespaces(binary: string, home: string) {
  const servers: ManagedProcess[] = [];
  let free: Lease[] = [];
  const take = async (): Promise<Lease> => {
    const lease = free.pop();
    if (lease !== undefined) return lease;
    free = await startServer(binary, home, servers);
    return take();
  };
  let turn: Promise<unknown> = Promise.resolve();
  const door = createServer((_request, response) => {
    const mine = turn.then(take);
    turn = mine.catch(() => undefined);
    mine.then(
      (lease) => response.end(JSON.stringify(lease)),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  return {
    url: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
    stop: async () => {
      door.close();
      await turn;
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

/** In memory and without its UI, as `TestWorkflowEnvironment` starts one. */
async function startServer(binary: string, home: string, servers: ManagedProcess[]): Promise<Lease[]> {
  const port = await freePort();
  const namespaces = Array.from({ length: NAMESPACES }, (_, n) => `test-${n}`);
  const say = (line: string) => console.error(line);
  const server = new ManagedProcess({
    name: 'temporal',
    logFile: join(home, 'logs', 'temporal-of-tests.log'),
    launch: async () => ({
      command: binary,
      args: [
        ...['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(port)],
        ...['--log-level', 'warn', ...serverTuning],
        ...dynamicConfig('frontend.enableServerVersionCheck=false'),
        ...namespaces.flatMap((name) => ['--namespace', name]),
        ...Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, type]) => [
          '--search-attribute',
          `${name}=${typeName(type)}`,
        ]),
      ],
      // Memory is plenty: its garbage is collected a quarter as often.
      env: { ...process.env, GOGC: '400' },
      ready: { prints: 'Server:' },
    }),
    supervise: false,
    report: say,
    onLine: () => undefined,
    onGivenUp: say,
  });
  servers.push(server);
  await server.start();
  return namespaces.map((namespace) => ({ address: `127.0.0.1:${port}`, namespace }));
}

/** `KEYWORD_LIST` → `KeywordList`, as Temporal's CLI wants it. */
function typeName(type: string): string {
  return type
    .split('_')
    .map((word) => `${word.slice(0, 1)}${word.slice(1).toLowerCase()}`)
    .join('');
}
