import ipaddr from 'ipaddr.js';
import { ConfigError } from './secrets.ts';
import type { Variables } from './variables.ts';

/** What one API process takes: requests a minute, unless said otherwise. */
export interface RateLimits {
  /** Of one API key. */
  readonly perKey: number;
  /** Without a valid key, of one address. */
  readonly perAddress: number;
  /** Of one API key, those that Stripe is asked for: its own limits hold for all of the platform. */
  readonly stripeReadsPerKey: number;
  /** Commands at a time. */
  readonly commandsMax: number;
}

export function rateLimits(vars: Variables): RateLimits {
  return {
    perKey: vars.WAYBILL_REQUESTS_PER_MINUTE,
    perAddress: vars.WAYBILL_ANONYMOUS_REQUESTS_PER_MINUTE,
    stripeReadsPerKey: vars.WAYBILL_STRIPE_READS_PER_MINUTE,
    commandsMax: vars.WAYBILL_COMMANDS_MAX,
  };
}

const RANGES: ReadonlySet<string> = new Set(['loopback', 'linklocal', 'uniquelocal']);

/** Whose `X-Forwarded-For` is believed. */
export function trustedProxies(given: readonly string[]): string[] {
  for (const proxy of given) {
    if (RANGES.has(proxy) || ipaddr.isValid(proxy) || ipaddr.isValidCIDR(proxy)) continue;
    throw new ConfigError(
      'WAYBILL_TRUSTED_PROXIES',
      `${proxy} is no address, no range such as 10.0.0.0/8, and none of ${[...RANGES].join(', ')}`,
    );
  }
  return [...given];
}
