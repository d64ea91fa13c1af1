import type { Tracing } from './tracing.ts';

/** Null without an endpoint: nothing of OpenTelemetry is loaded then. */
export async function startTracing(service: string, endpoint: string | null): Promise<Tracing | null> {
  if (endpoint === null) return null;
  const { createTracing } = await import('./tracing.ts');
  return createTracing(service);
}
