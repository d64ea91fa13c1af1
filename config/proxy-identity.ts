import { z } from 'zod';
import { ROLES, type Role } from '../domain/commands/role.ts';
import { ConfigError, refuseWeak } from './secrets.ts';
import type { Variables } from './variables.ts';

/** Persons whom a proxy in front of the API has signed in. */
export interface ProxyIdentity {
  /** Any shows that a request came through the proxy: several while one is replaced. */
  readonly secrets: readonly string[];
  /** In which the proxy names the person. */
  readonly header: string;
  /** By address, or by domain (`@example.com`). */
  readonly roles: ReadonlyMap<string, Role>;
}

/** Null: nobody is believed who has no key. */
export function proxyIdentity(vars: Variables): ProxyIdentity | null {
  const { WAYBILL_PROXY_SECRET: secrets, WAYBILL_PROXY_PERSONS: persons } = vars;
  if (secrets.length === 0) {
    if (persons.length === 0) return null;
    throw new ConfigError('WAYBILL_PROXY_SECRET', 'is required beside WAYBILL_PROXY_PERSONS');
  }
  for (const [index, secret] of secrets.entries()) refuseWeak('WAYBILL_PROXY_SECRET', secret, index);
  if (persons.length === 0) {
    throw new ConfigError('WAYBILL_PROXY_PERSONS', 'is required beside WAYBILL_PROXY_SECRET');
  }
  const named = persons.map(personOf);
  const roles = new Map(named);
  if (named.some(([who, role]) => roles.get(who) !== role)) {
    throw new ConfigError('WAYBILL_PROXY_PERSONS', 'has the same address or domain with two roles');
  }
  return { secrets, header: vars.WAYBILL_PROXY_IDENTITY_HEADER, roles };
}

function personOf(entry: string, index: number): [string, Role] {
  const [who = '', role] = entry.toLowerCase().split(':');
  const known = z.enum(ROLES).safeParse(role);
  if (!/^[^\s@]*@[^\s@]+$/.test(who) || !known.success) {
    throw new ConfigError(
      'WAYBILL_PROXY_PERSONS',
      `entry ${index + 1} is not address:role or @domain:role (role: read, service or ops)`,
    );
  }
  return [who, known.data];
}
