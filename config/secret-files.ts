import { readFileSync } from 'node:fs';
import { ConfigError } from './secrets.ts';
import type { Env } from './variables.ts';

/** Each of these can be given as the path of a file instead, in `<name>_FILE`. */
export const SECRET_VARIABLES = [
  'STRIPE_SECRET_KEY',
  'STRIPE_WEBHOOK_SECRETS',
  'TEMPORAL_API_KEY',
  'WAYBILL_EVENTS_KEY',
  'WAYBILL_PAYLOAD_KEYS',
  'WAYBILL_PROXY_SECRET',
  'WAYBILL_STATE_SECRET',
] as const;

/** The environment with what its secret files hold: Docker, Kubernetes and systemd mount secrets as files. */
export function readSecretFiles(env: Env): Env {
  const read = SECRET_VARIABLES.flatMap((name) => {
    const path = env[`${name}_FILE`];
    return path ? [[name, secretIn(path, name, env)]] : [];
  });
  return { ...env, ...Object.fromEntries(read) };
}

function secretIn(path: string, name: string, env: Env): string {
  const variable = `${name}_FILE`;
  if (env[name]) throw new ConfigError(variable, `is set beside ${name}; set one of them`);
  const secret = contentOf(path, variable).trim();
  if (secret === '') throw new ConfigError(variable, `${path} is empty`);
  return secret;
}

function contentOf(path: string, variable: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(variable, error instanceof Error ? error.message : String(error));
  }
}
