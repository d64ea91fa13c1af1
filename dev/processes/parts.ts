import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import type { Config } from '../../config.ts';
import { projectRoot } from '../project-root.ts';
import { devServerArgs } from '../temporal/server-flags.ts';
import type { Launch } from './managed-process.ts';

export const PARTS = ['temporal', 'sandbox', 'worker', 'api'] as const;
export type Part = (typeof PARTS)[number];

/** How to launch each part, and how it shows that it is ready. */
export function launches(
  config: Config,
  env: NodeJS.ProcessEnv,
  temporalBinary: () => Promise<string>,
): Record<Part, () => Promise<Launch>> {
  const script = (path: string) => ({
    command: process.execPath,
    args: ['--enable-source-maps', join(projectRoot, 'dist', path)],
    env,
  });
  return {
    temporal: async () => ({
      command: await temporalBinary(),
      args: devServerArgs(embeddedServer(config)),
      env,
      ready: { answers: () => namespaceAnswers(config) },
    }),
    sandbox: async () => ({ ...script('dev/sandbox.js'), ready: { answers: () => sandboxAnswers(config) } }),
    worker: async () => ({ ...script('worker/main.js'), ready: { prints: 'worker ready' } }),
    api: async () => ({ ...script('api/main.js'), ready: { answers: () => ok(`${apiUrl(config)}/readyz`) } }),
  };
}

function embeddedServer(config: Config) {
  const { port, uiPort, namespace, payloadKeys } = config.temporal;
  const codec = payloadKeys.length > 0 ? { codecEndpoint: `${apiUrl(config)}/codec` } : {};
  return { dbFile: temporalFile(config.home), port, uiPort, namespace, ...codec };
}

/** Temporal's SQLite file. */
export function temporalFile(home: string): string {
  return join(home, 'temporal', 'temporal.db');
}

export function apiUrl({ api }: Config): string {
  return `http://127.0.0.1:${api.port}`;
}

export function sandboxUrl({ sandbox }: Config): string {
  return `http://127.0.0.1:${sandbox.port}`;
}

async function namespaceAnswers({ temporal: { connection: options, namespace } }: Config): Promise<boolean> {
  const connection = await Connection.connect({ ...options, connectTimeout: '1s' });
  try {
    await connection.workflowService.describeNamespace({ namespace });
    return true;
  } finally {
    await connection.close();
  }
}

function sandboxAnswers(config: Config): Promise<boolean> {
  return ok(`${sandboxUrl(config)}/v1/balance`, { Authorization: `Bearer ${config.stripe.secretKey}` });
}

async function ok(url: string, headers: Record<string, string> = {}): Promise<boolean> {
  return (await fetch(url, { headers, signal: AbortSignal.timeout(2_000) })).ok;
}
