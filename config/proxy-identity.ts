import { z } from 'zod';
import { ROLES, type Role } from '../domain/commands/role.ts';
import { ConfigError, refuseWeak } from './secrets.ts';
import type { Variables } from './variables.ts';

/** Persons whom a proxy in front of the API has signed in. */
export interface ProxyIdentity {
  /** Shows that a request came through the proxy. */
  readonly secret: string;
  /** In which the proxy names the person. */
  readonly header: string;
  /** By address, or by domain (`@example.com`). */
  readonly roles: ReadonlyMap<string, Role>;
}

/** Null: nobody is believed who has no key. */
export function proxyIdentity(vars: Variables): ProxyIdentity | null {
  const { WAYBILL_PROXY_SECRET: secret, WAYBILL_PROXY_PERSONS: persons } = vars;
  if (secret === undefined) {
    if (persons.length === 0) return null;
    throw new ConfigError('WAYBILL_PROXY_SECRET', 'is required beside WAYBILL_PROXY_PERSONS');
  }
  refuseWeak('WAYBILL_PROXY_SECRET', secret);
  if (persons.length === 0) {
    throw new ConfigError('WAYBILL_PROXY_PERSONS', 'is required beside WAYBILL_PROXY_SECRET');
  }
  const named = persons.map(personOf);
  const roles = new Map(named);
  if (named.some(([who, role]) => roles.get(who) !== role)) {
    throw new ConfigError('WAYBILL_PROXY_PERSONS', 'has the same address or domain with two roles');
  }
  return { secret, header: vars.WAYBILL_PROXY_IDENTITY_HEADER, roles };
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
