import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { problem } from '../../domain/errors.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import type { OutgoingEvents } from './deps.ts';

/**
 * The one rule for URLs that callers give: https and no user info, which makes a foreign host look like a known one. Plain http leads to
 * this machine only, and only with the sandbox. Null: the URL holds to it.
 */
export function brokenRuleOfUrl(given: string, allowLoopback: boolean): string | null {
  if (!URL.canParse(given)) return 'must be an https URL';
  const { protocol, username, password } = new URL(given);
  if (username !== '' || password !== '') return 'must not carry a user or password';
  if (protocol === 'https:') return null;
  return protocol === 'http:' && allowLoopback && isLoopback(given) ? null : 'must be an https URL';
}

export function isLoopback(url: string): boolean {
  return hostOf(url) === 'localhost' || rangeOf(url) === 'loopback';
}

/** Of an address, such as `private`; null: the host is a name. */
export function rangeOf(url: string): string | null {
  const host = hostOf(url);
  return isIP(host) ? ipaddr.process(host).range() : null;
}

/** As a browser reads it. */
function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}

/** Schemas do not know where Waybill runs: with Stripe a browser is not sent to plain http. */
export function refusePlainHttp(
  pages: Readonly<Record<string, string | undefined>>,
  { allowLoopback }: Pick<OutgoingEvents, 'allowLoopback'>,
): void {
  for (const [param, url] of Object.entries(pages)) {
    const broken = url === undefined ? null : brokenRuleOfUrl(url, allowLoopback);
    if (broken) throw new ProblemError(problem('invalid_request', `${param} ${broken}.`, { param }));
  }
}
