import { expect, it } from 'vitest';
import { launches, straight } from '../../dev/cluster/parts.ts';
import type { Place } from '../../dev/cluster/place.ts';

const role = { grpc: 1, membership: 2, metrics: 3 };
const worker = { health: 4, metrics: 5 };
const place: Place = {
  home: '/home/of/the/cluster',
  secrets: '/home/of/the/cluster/secrets',
  env: {},
  ports: {
    postgres: 6,
    temporal: { frontend: role, history: role, matching: role, worker: role },
    sandbox: 7,
    proxy: 8,
    apis: [9, 10],
    workers: [worker, worker],
  },
  remove: async () => undefined,
};

it('both APIs of a cluster write their audit log to one folder of its home', async () => {
  const launch = launches(place, straight);
  for (const api of ['api-1', 'api-2'] as const)
    expect((await launch[api]()).env).toMatchObject({ WAYBILL_AUDIT_DIR: '/home/of/the/cluster/audit' });
});
