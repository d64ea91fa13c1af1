import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectRoot } from '../../dev/project-root.ts';
import { fuzz, schemathesisPython } from '../../dev/schemathesis/fuzz.ts';
import { ensureReconciling } from '../../worker/schedules.ts';
import { needs } from '../support/needs.ts';
import type { Waybill } from '../support/waybill.ts';
import { startWaybill } from '../support/waybill.ts';

const HOUR_MS = 3_600_000;
/** On a slow and busy machine 180 go by before the last phase, stateful, which takes what is left. */
const SECONDS = 270;
const WITHIN_MS = 10 * 60_000;

const python = await schemathesisPython(process.env, join(projectRoot, '.waybill'));
const [path, missing] = 'path' in python ? [python.path, undefined] : ['', `schemathesis: ${python.missing}`];

needs(missing)('the OpenAPI document and the API that serves it', () => {
  let waybill: Waybill;
  beforeAll(async () => {
    waybill = await startWaybill({}, { webhooks: true });
    await ensureReconciling(waybill.env.client, {
      taskQueue: 'waybill',
      everyMs: HOUR_MS,
      lookBackMs: HOUR_MS,
    });
  });
  afterAll(() => waybill?.stop());

  it(
    'agree on every request that schemathesis makes of it',
    async () => {
      const run = await fuzz({
        python: path,
        apiUrl: waybill.apiUrl,
        apiKey: 'dev_ops',
        seconds: SECONDS,
        examplesPerOperation: 3,
        seed: 1,
      });
      expect(run.ok, run.output).toBe(true);
      expect(run.output).toMatch(/Stateful[\s\S]*Scenarios: +[1-9]/);
    },
    WITHIN_MS,
  );
});
