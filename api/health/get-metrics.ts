import type { Backend } from '../backend/backend.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import { StateMetrics } from './state-metrics.ts';

export function getMetrics(backend: Backend): Endpoint {
  const { registry } = backend.metrics;
  const state = new StateMetrics(backend);
  return endpoint({
    method: 'get',
    name: 'service.metrics',
    path: '/metrics',
    role: 'open',
    tag: 'Service',
    summary: 'Metrics for Prometheus',
    responses: { 200: { description: "Prometheus' text format.", contentType: 'text/plain' } },
    async handle() {
      await state.refresh();
      return { status: 200, body: await registry.metrics(), contentType: registry.contentType };
    },
  });
}
