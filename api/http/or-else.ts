import type { Logger } from 'pino';

/** What `attempt` gives, or `fallback` where it fails, for what only completes an answer. The log says why it failed. */
export async function orElse<T>(
  logger: Logger,
  what: string,
  fallback: T,
  attempt: () => Promise<T>,
): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    logger.warn({ err: error }, `${what} failed; answered without it`);
    return fallback;
  }
}
