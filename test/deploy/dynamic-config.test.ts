import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { projectRoot } from '../../dev/project-root.ts';
import { serverTuning } from '../../dev/temporal/server-flags.ts';

/** How many partitions a queue has is up to whoever runs a cluster. */
const OF_ONE_MACHINE = /^matching\.numTaskqueue\w+Partitions$/;

it('a cluster’s server has the settings of the one on which everything else is tested', () => {
  const tested = serverTuning
    .filter((_, at) => serverTuning[at - 1] === '--dynamic-config-value')
    .map((setting) => setting.split('=') as [string, string])
    .filter(([name]) => !OF_ONE_MACHINE.test(name));
  expect(tested).not.toEqual([]);
  const deployed = parse(
    readFileSync(join(projectRoot, 'deploy', 'temporal', 'dynamic-config.yaml'), 'utf8'),
  );
  expect(deployed).toEqual(
    Object.fromEntries(tested.map(([name, value]) => [name, [{ value: parse(value) }]])),
  );
});
