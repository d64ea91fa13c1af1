import type { TemporalRole, WaybillPlace } from '../../dev/cluster/deployment.ts';

/** Where docker-compose.yml puts things. */
export const TEMPORAL_FOLDER = '/etc/waybill/temporal';
export const DATABASE = { host: 'postgres', port: 5432 };

export const WAYBILL: WaybillPlace = {
  temporalAddress: 'temporal-frontend:7233',
  namespace: 'waybill',
  secrets: '/run/secrets',
  stripeApiBase: 'http://sandbox:12111',
  stripePublicUrl: 'http://localhost:12111',
};

const PORTS: Record<TemporalRole, { grpcPort: number; membershipPort: number }> = {
  frontend: { grpcPort: 7233, membershipPort: 6933 },
  history: { grpcPort: 7234, membershipPort: 6934 },
  matching: { grpcPort: 7235, membershipPort: 6935 },
  worker: { grpcPort: 7239, membershipPort: 6939 },
};

export function temporalPlace(role: TemporalRole) {
  return {
    folder: TEMPORAL_FOLDER,
    database: DATABASE,
    ...PORTS[role],
    metricsAddress: '0.0.0.0:9090',
    frontendAddress: WAYBILL.temporalAddress,
  };
}
