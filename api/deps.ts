import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type Stripe from 'stripe';
import type { ApiKey } from '../config.ts';
import type { OrderPolicy } from '../workflows/messages.ts';

/** What the API needs from outside. */
export interface ApiDeps {
  readonly temporal: Client;
  /** For reads: whatever changes something goes through a workflow. */
  readonly stripe: Stripe;
  /** Where Stripe is, to tell in `/readyz` whether it can be reached. */
  readonly stripeApiBase: string;
  readonly keys: readonly ApiKey[];
  readonly taskQueue: string;
  readonly policy: OrderPolicy;
  readonly livemode: boolean;
  /** Any of them may have signed an event: the platform's endpoint's, that of Connect, one being rolled. */
  readonly webhookSecrets: readonly string[];
  readonly logger: Logger;
  /** Requests a minute that one API key may send to this process. */
  readonly requestsPerMinute?: number;
}
