import { z } from 'zod';

export type Role = 'read' | 'service' | 'ops';

export interface ApiKey {
  name: string;
  role: Role;
  secret: string;
}

export class ConfigError extends Error {
  constructor(variable: string, problem: string) {
    super(`${variable}: ${problem}`);
    this.name = 'ConfigError';
  }
}

/** Known to everyone: these open nothing but a sandbox on the same machine. */
const SANDBOX_SECRET = 'known-to-everyone-and-good-for-the-sandbox-only';
const SANDBOX_API_KEYS: ApiKey[] = (['read', 'service', 'ops'] as const).map((role) => ({
  name: `dev_${role}`,
  role,
  secret: `dev_${role}`,
}));

/** No secret has a default outside the sandbox. */
export function stateSecret(given: string | undefined, embeddedSandbox: boolean): string {
  const secret = given ?? (embeddedSandbox ? SANDBOX_SECRET : undefined);
  if (secret !== undefined) return secret;
  throw new ConfigError(
    'WAYBILL_STATE_SECRET',
    'is required outside the sandbox (at least 32 random characters, the same for every API process)',
  );
}

/** What the signing secrets of outgoing events are derived from; null: none are sent. */
export function eventsKey(given: string | undefined, embeddedSandbox: boolean): string | null {
  return given ?? (embeddedSandbox ? SANDBOX_SECRET : null);
}

export function apiKeys(given: readonly string[], embeddedSandbox: boolean): ApiKey[] {
  const keys = given.map(apiKey);
  if (embeddedSandbox) keys.push(...SANDBOX_API_KEYS);
  if (keys.length === 0) {
    throw new ConfigError(
      'WAYBILL_API_KEYS',
      'is required outside the sandbox (name:role:secret, comma-separated)',
    );
  }
  for (const part of ['name', 'secret'] as const) {
    if (new Set(keys.map((key) => key[part])).size < keys.length) {
      throw new ConfigError('WAYBILL_API_KEYS', `has the same ${part} twice`);
    }
  }
  return keys;
}

/** The secret is never repeated in the message. */
function apiKey(entry: string, index: number): ApiKey {
  const [name, role, ...rest] = entry.split(':');
  const secret = rest.join(':');
  const known = z.enum(['read', 'service', 'ops']).safeParse(role);
  if (!name || !secret || !known.success) {
    throw new ConfigError(
      'WAYBILL_API_KEYS',
      `entry ${index + 1} is not name:role:secret (role: read, service or ops)`,
    );
  }
  return { name, role: known.data, secret };
}
