import type { Backend } from '../backend/backend.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { StateMetrics } from './state-metrics.ts';

/** The same twice: a proxy closes `/metrics`, which asks for no key. */
export function metricsEndpoints(backend: Backend): readonly Endpoint[] {
  const { registry } = backend.metrics;
  const state = new StateMetrics(backend);
  const metrics = {
    method: 'get',
    tag: 'Service',
    responses: { 200: { description: "Prometheus' text format.", contentType: 'text/plain' } },
    async handle() {
      await state.refresh();
      return { status: 200, body: await registry.metrics(), contentType: registry.contentType };
    },
  } as const;
  return [
    endpoint({
      ...metrics,
      name: 'service.metrics',
      path: '/metrics',
      role: 'open',
      summary: 'Metrics for Prometheus',
    }),
    endpoint({
      ...metrics,
      name: 'service.readMetrics',
      path: '/v1/metrics',
      role: 'read',
      summary: 'The same metrics, for keys and the console',
    }),
  ];
}
