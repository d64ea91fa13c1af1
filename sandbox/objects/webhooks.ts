import type { Metadata } from './metadata.ts';

export interface WebhookEndpoint {
  id: string;
  owner: string;
  api_version: string | null;
  /** Told of what happens on connected accounts, instead of on its own. */
  connect: boolean;
  created: number;
  description: string | null;
  enabled_events: string[];
  metadata: Metadata;
  secret: string;
  status: 'disabled' | 'enabled';
  url: string;
  /** The secret before the last roll, which signs along until then (seconds). */
  sandbox: { previousSecret: string | null; previousUntil: number };
}

export interface DeliveryAttempt {
  /** Seconds of the sandbox's clock. */
  at: number;
  /** What the endpoint answered; null where it did not. */
  status: number | null;
  error: string | null;
}

export interface WebhookDelivery {
  id: string;
  created: number;
  endpoint: string;
  event: string;
  type: string;
  /** `due` leaves as soon as it may, `waiting` for its next attempt; the others are ends. */
  state: 'due' | 'waiting' | 'succeeded' | 'failed' | 'dropped';
  attempts: DeliveryAttempt[];
  /** Seconds; set while waiting. */
  next_attempt: number | null;
}
