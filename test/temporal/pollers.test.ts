import { expect, it } from 'vitest';
import { partOf, releaseOf } from '../../temporal/pollers.ts';

const OLD = { deploymentName: 'waybill', buildId: '0.1.0' };
const NEW = { deploymentName: 'waybill', buildId: '0.2.0' };

it.each([
  ['nothing is routed', undefined, { none: 1, old: 0, new: 0 }],
  ['no release is current', {}, { none: 1, old: 0, new: 0 }],
  ['one is current', { currentDeploymentVersion: OLD }, { none: 0, old: 1, new: 0 }],
  [
    'another one is ramped up',
    { currentDeploymentVersion: OLD, rampingDeploymentVersion: NEW, rampingVersionPercentage: 25 },
    { none: 0, old: 0.75, new: 0.25 },
  ],
  [
    'the first one is ramped up',
    { rampingDeploymentVersion: OLD, rampingVersionPercentage: 10 },
    { none: 0.9, old: 0.1, new: 0 },
  ],
  [
    'workers without a release are ramped up',
    { currentDeploymentVersion: OLD, rampingVersionPercentage: 100 },
    { none: 1, old: 0, new: 0 },
  ],
])('where %s the workers of each release get their part of the work', (_, routing, parts) => {
  expect({ none: partOf(null, routing), old: partOf(OLD, routing), new: partOf(NEW, routing) }).toEqual(
    parts,
  );
});

it('a worker that names its code and asks for no work by release has none', () => {
  const unversioned = { deploymentName: '', buildId: '0a1b2c3d', workerVersioningMode: 1 };
  expect([{}, { deploymentOptions: null }, { deploymentOptions: unversioned }].map(releaseOf)).toEqual([
    null,
    null,
    null,
  ]);
  expect(releaseOf({ deploymentOptions: { ...OLD, workerVersioningMode: 2 } })).toMatchObject(OLD);
});
