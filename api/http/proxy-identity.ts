import type { IncomingMessage } from 'node:http';
import type { ProxyIdentity } from '../../config.ts';
import type { Role } from '../../domain/commands/role.ts';
import { isSame } from './signed-text.ts';

const PROXY_SECRET_HEADER = 'X-Waybill-Proxy-Secret';

/** An address, short enough for an actor. No key has such a name: keys have no `@`. */
const ADDRESS = /^[a-z0-9][a-z0-9._+-]{0,63}@[a-z0-9.-]{1,35}$/;

/** Whom the proxy has signed in; null: the request did not come through it, or that person has no role. */
export function personOf(
  { headers }: Pick<IncomingMessage, 'headers'>,
  { secrets, header, roles }: ProxyIdentity,
): { readonly name: string; readonly role: Role } | null {
  const given = one(headers[PROXY_SECRET_HEADER.toLowerCase()]);
  if (!secrets.some((secret) => isSame(given, secret))) return null;
  const name = one(headers[header.toLowerCase()]).toLowerCase();
  if (!ADDRESS.test(name)) return null;
  const role = roles.get(name) ?? roles.get(name.slice(name.indexOf('@')));
  return role === undefined ? null : { name, role };
}

/** A header that came twice is nobody's: its parts are joined by a comma. */
function one(header: string | string[] | undefined): string {
  return typeof header === 'string' ? header : '';
}
