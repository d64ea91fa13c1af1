import { createServer } from 'node:net';
import type { Config } from '../../config.ts';
import { freePort } from '../free-port.ts';

export interface Ports {
  api: number;
  sandbox: number;
  temporal: number;
  temporalUi: number;
}

/** The variable that sets each. */
export const PORT_VARIABLES: Readonly<Record<keyof Ports, string>> = {
  api: 'API_PORT',
  sandbox: 'SANDBOX_PORT',
  temporal: 'TEMPORAL_PORT',
  temporalUi: 'TEMPORAL_UI_PORT',
};

class PortTaken extends Error {
  constructor(variable: string, port: number) {
    super(
      `${variable}: port ${port} is taken by another program. Stop it, or choose another: ${variable}=${port + 1}`,
    );
    this.name = 'PortTaken';
  }
}

export function configuredPorts({ api, sandbox, temporal }: Config): Ports {
  return { api: api.port, sandbox: sandbox.port, temporal: temporal.port, temporalUi: temporal.uiPort };
}

/** For whoever must not get in anyone's way: the demo, tests. */
export async function freePorts(): Promise<Ports> {
  return {
    api: await freePort(),
    sandbox: await freePort(),
    temporal: await freePort(),
    temporalUi: await freePort(),
  };
}

/** Says so before anything is started, instead of a part's stack trace. */
export async function assertFree(ports: Partial<Ports>): Promise<void> {
  for (const key of Object.keys(PORT_VARIABLES) as (keyof Ports)[]) {
    const port = ports[key];
    if (port !== undefined && !(await isFree(port))) throw new PortTaken(PORT_VARIABLES[key], port);
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
