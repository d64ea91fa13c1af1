import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type LedgerReport, ledgerReport } from './control/ledger-report.ts';
import { createApp } from './http/app.ts';
import type { LoggedRequest } from './http/request-log.ts';
import type { SandboxOptions } from './platform.ts';
import { createPlatform } from './platform.ts';

export { DEFAULT_PLATFORM_KEY, type SandboxOptions } from './platform.ts';
export { SEEDED_ACCOUNTS } from './seed.ts';

export interface Sandbox {
  listen(port?: number, host?: string): Promise<{ url: string; port: number }>;
  close(): Promise<void>;
  ledger(): LedgerReport;
  requests(): readonly LoggedRequest[];
  advance(seconds: number): void;
}

const KEEP_ALIVE_MS = 60_000;

/** A Stripe Connect platform with its connected accounts, behind Stripe's own protocol. */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const { engine, world, scheduler, settings, onError } = createPlatform(options);
  const { store, log, webhooks } = world;
  let server: Server | undefined;

  return {
    listen: async (port = 0, host = '127.0.0.1') => {
      const started = createServer(createApp(engine, world, onError));
      // A caller in this process that is busy for Node's usual five seconds would write into a connection that is being closed.
      started.keepAliveTimeout = KEEP_ALIVE_MS;
      server = started;
      await new Promise<void>((resolve, reject) => {
        started.once('error', reject);
        started.listen(port, host, resolve);
      });
      // A frozen clock has nothing to wait for in real time.
      if (options.now === undefined) scheduler.start();
      webhooks.start();
      const { port: actual } = started.address() as AddressInfo;
      const url = `http://${host}:${actual}`;
      settings.publicUrl = options.publicUrl ?? url;
      return { url, port: actual };
    },
    close: async () => {
      scheduler.stop();
      webhooks.stop();
      const running = server;
      if (running) {
        running.closeAllConnections();
        await new Promise<void>((resolve) => running.close(() => resolve()));
      }
      store.close();
    },
    ledger: () => ledgerReport(store, new URLSearchParams({ limit: '1000' })),
    requests: () => log.list(),
    advance: (seconds) => world.advance(seconds * 1000),
  };
}
