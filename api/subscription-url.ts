import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { Problem } from '../domain/errors.ts';
import { problem } from '../domain/errors.ts';

/**
 * Why events cannot be sent there, as far as the URL itself shows; null: they can. What its name resolves to is looked at
 * with every delivery (event-delivery/post.ts).
 */
export function refusalOfUrl(given: string, allowLoopback: boolean): Problem | null {
  const refuse = (detail: string) => problem('invalid_request', detail, { param: 'url' });
  const { protocol, hostname, username, password, hash } = new URL(given);
  const host = hostname.replace(/^\[|\]$/g, '');
  const range = isIP(host) ? ipaddr.process(host).range() : null;
  const isLoopback = range === 'loopback' || host === 'localhost';
  if (username !== '' || password !== '') return refuse('url must not carry a user or password.');
  if (hash !== '') return refuse('url must not have a fragment.');
  if (isLoopback && allowLoopback) return null;
  if (protocol !== 'https:') return refuse('url must be an https URL.');
  if (isLoopback || (range !== null && range !== 'unicast')) {
    return refuse('url must not lead to a private, link-local or otherwise special address.');
  }
  return null;
}
