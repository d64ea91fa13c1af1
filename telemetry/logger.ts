import type { DestinationStream, Logger } from 'pino';
import { pino } from 'pino';
import { logFacts } from './log-facts.ts';

/** Writes JSON lines. Each has what is known of the work that it is about; what the line itself says goes before that. */
export function createLogger(
  name: string,
  level: string,
  destination: DestinationStream = pino.destination(1),
): Logger {
  return pino({ name, level, mixin: () => ({ ...logFacts() }) }, destination);
}
