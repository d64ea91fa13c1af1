import type { Client } from '@temporalio/client';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import type Stripe from 'stripe';
import type { ApiKey, ConsoleLinks, KeyFile, ProxyIdentity, RateLimits } from '../../config.ts';
import type { OrderDefaults } from '../../contract/orders.ts';
import type { Metrics } from './metrics.ts';

/** What the API needs from outside. */
export interface ApiDeps {
  readonly temporal: Client;
  /** For reads, and for what moves no money and needs no workflow: tokens, links, customers. */
  readonly stripe: Stripe;
  /** Makes tokens of identity data and bank numbers: in live mode with the publishable key. */
  readonly tokenMaker: Stripe;
  readonly oauth: OAuthSettings;
  /** Signs OAuth's state, and hashes requests that hold identity data. */
  readonly stateSecret: string;
  readonly keys: readonly ApiKey[];
  /** Further keys, hashed; null: none. */
  readonly keyFile: KeyFile | null;
  /** Persons whom a proxy signs in; null: none does. */
  readonly proxyIdentity: ProxyIdentity | null;
  /** The folder of the audit log; null: none is written. */
  readonly auditDir: string | null;
  readonly taskQueue: string;
  readonly policy: OrderDefaults;
  readonly livemode: boolean;
  readonly events: OutgoingEvents;
  /** Any of them may have signed an event: the platform's endpoint's, that of Connect, one being rolled. */
  readonly webhookSecrets: readonly string[];
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Makes a span of each request; absent: nothing is traced. */
  readonly traceRequests?: RequestHandler | undefined;
  readonly limits: RateLimits;
  /** Whose `X-Forwarded-For` is believed: addresses, ranges. */
  readonly trustedProxies: string[];
  /** Where the console's pages lead to. */
  readonly links: ConsoleLinks;
  /** What the digests are keyed with by which metadata is found. */
  readonly metadataKeys: readonly string[];
}

/** How events reach their subscribers. */
export interface OutgoingEvents {
  /** What their signing secrets are derived from; null: nobody can subscribe. */
  readonly signingKey: string | null;
  /** Receivers on the same machine are good too: in the sandbox profile only. */
  readonly allowLoopback: boolean;
  /** How long an event is tried, in milliseconds. */
  readonly giveUpAfterMs: number;
}

interface OAuthSettings {
  /** The platform's OAuth client; null: Standard accounts cannot be connected. */
  readonly clientId: string | null;
  /** Where an account's owner consents, in the browser. */
  readonly connectBase: string;
}
