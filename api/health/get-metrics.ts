import type { Registry } from 'prom-client';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';

export function getMetrics(registry: Registry): Endpoint {
  return endpoint({
    method: 'get',
    path: '/metrics',
    role: 'open',
    tag: 'Service',
    summary: 'Metrics for Prometheus',
    responses: { 200: { description: "Prometheus' text format.", contentType: 'text/plain' } },
    async handle() {
      return { status: 200, body: await registry.metrics(), contentType: registry.contentType };
    },
  });
}
