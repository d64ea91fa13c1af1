import { createHash } from 'node:crypto';
import type { WebhookDelivery } from '../objects/webhooks.ts';

/** What is done on purpose to deliveries on their way. */
export interface Disturbance {
  /** Nothing leaves until this ends; then everything does. */
  hold: boolean;
  /** The share of deliveries that is lost for good, 0 to 1. */
  drop: number;
  /** How many times each delivery comes again. */
  duplicate: number;
  /** What waits leaves in another order than it happened, one after the other. */
  reorder: boolean;
  /** Decides who is dropped and the order; the same seed decides the same. */
  seed: number;
  /** The events meant, `charge.*` being all that start so; all where there is none. */
  types: string[];
}

export const UNDISTURBED: Disturbance = {
  hold: false,
  drop: 0,
  duplicate: 0,
  reorder: false,
  seed: 1,
  types: [],
};

/** `charge.refunded`, `charge.*`, or `*`. */
export function typeMatches(pattern: string, type: string): boolean {
  return pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}

export function concerns({ types }: Disturbance, { type }: WebhookDelivery): boolean {
  return types.length === 0 || types.some((pattern) => typeMatches(pattern, type));
}

const HASH_BYTES = 6;

/** From 0 up to 1, by nothing but the seed and the id: not by when it is asked. */
export function lot(seed: number, id: string): number {
  const hash = createHash('sha256').update(`${seed}:${id}`).digest();
  return hash.readUIntBE(0, HASH_BYTES) / 2 ** (8 * HASH_BYTES);
}
