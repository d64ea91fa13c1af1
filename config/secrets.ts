import { z } from 'zod';
import { ROLES, type Role } from '../domain/commands/role.ts';

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
const SANDBOX_API_KEYS: ApiKey[] = ROLES.map((role) => ({
  name: `dev_${role}`,
  role,
  secret: `dev_${role}`,
}));

const SECRET_LENGTH_MIN = 24;
export const PUBLISHED: ReadonlySet<string> = new Set([
  SANDBOX_SECRET,
  ...SANDBOX_API_KEYS.map(({ secret }) => secret),
]);

/** No secret has a default outside the embedded sandbox. */
export function stateSecret(given: string | undefined, embeddedSandbox: boolean): string {
  const variable = 'WAYBILL_STATE_SECRET';
  const secret = given ?? (embeddedSandbox ? SANDBOX_SECRET : undefined);
  if (secret === undefined) {
    throw new ConfigError(
      variable,
      'is required outside the sandbox (at least 32 random characters, the same for every API process)',
    );
  }
  if (!embeddedSandbox) refuseWeak(variable, secret);
  return secret;
}

/** The signing secrets of outgoing events are derived from it; null: none are sent. */
export function eventsKey(given: string | undefined, embeddedSandbox: boolean): string | null {
  if (given !== undefined && !embeddedSandbox) refuseWeak('WAYBILL_EVENTS_KEY', given);
  return given ?? (embeddedSandbox ? SANDBOX_SECRET : null);
}

export function webhookSecrets(given: readonly string[], embeddedSandbox: boolean): string[] {
  if (!embeddedSandbox) {
    for (const [index, secret] of given.entries()) refuseWeak('STRIPE_WEBHOOK_SECRETS', secret, index);
  }
  return [...given];
}

/** Several secrets of one name are one key that is being rotated. `file`: where others are, hashed; null: nowhere. */
export function apiKeys(given: readonly string[], file: string | null, embeddedSandbox: boolean): ApiKey[] {
  const variable = 'WAYBILL_API_KEYS';
  if (file !== null && given.length > 0) {
    throw new ConfigError(`${variable}_FILE`, `is set beside ${variable}; set one of them`);
  }
  const keys = given.map(apiKey);
  if (embeddedSandbox) keys.push(...SANDBOX_API_KEYS);
  else for (const [index, { secret }] of keys.entries()) refuseWeak(variable, secret, index);
  if (keys.length === 0 && file === null) {
    throw new ConfigError(
      `${variable}_FILE`,
      'is required outside the sandbox (made by `waybill keys`), or WAYBILL_API_KEYS (name:role:secret, comma-separated)',
    );
  }
  if (new Set(keys.map(({ secret }) => secret)).size < keys.length) {
    throw new ConfigError(variable, 'has the same secret twice');
  }
  refuseTwoRoles(variable, keys);
  return keys;
}

export function refuseTwoRoles(variable: string, keys: readonly Pick<ApiKey, 'name' | 'role'>[]): void {
  const roles = new Map(keys.map(({ name, role }) => [name, role]));
  if (keys.some(({ name, role }) => roles.get(name) !== role)) {
    throw new ConfigError(variable, 'has the same name with two roles');
  }
}

/** The secret is never repeated in the message. `index`: of an entry in a list. */
export function refuseWeak(variable: string, secret: string, index?: number): void {
  const which = index === undefined ? '' : `entry ${index + 1}: the secret `;
  if (PUBLISHED.has(secret)) {
    throw new ConfigError(variable, `${which}is published with Waybill and opens only its embedded sandbox`);
  }
  if (secret.length < SECRET_LENGTH_MIN) {
    throw new ConfigError(
      variable,
      `${which}must have at least ${SECRET_LENGTH_MIN} random characters outside the embedded sandbox`,
    );
  }
}

/** A key's name is an actor in timelines: it must read like nobody else's. */
const KEY_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const OTHER_ACTORS: ReadonlySet<string> = new Set(['anonymous', 'stripe', 'temporal', 'waybill']);

/** Null: it may be a key's name. */
export function problemOfName(name: string): string | null {
  if (KEY_NAME.test(name) && !OTHER_ACTORS.has(name)) return null;
  return `must have 1 to 64 letters, digits, dots, dashes or underscores, and not be ${[...OTHER_ACTORS].join(', ')}`;
}

/** The secret is never repeated in the message. */
function apiKey(entry: string, index: number): ApiKey {
  const [name, role, ...rest] = entry.split(':');
  const secret = rest.join(':');
  const known = z.enum(ROLES).safeParse(role);
  if (!name || !secret || !known.success) {
    throw new ConfigError(
      'WAYBILL_API_KEYS',
      `entry ${index + 1} is not name:role:secret (role: read, service or ops)`,
    );
  }
  const wrongName = problemOfName(name);
  if (wrongName) throw new ConfigError('WAYBILL_API_KEYS', `entry ${index + 1}: the name ${wrongName}`);
  return { name, role: known.data, secret };
}
