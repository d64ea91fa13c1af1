import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { waybillApi } from '../../dev/cluster/deployment.ts';
import { projectRoot } from '../../dev/project-root.ts';
import { needs } from '../support/needs.ts';
import { WAYBILL } from './places.ts';
import { deployTool, noDeployTools } from './tools.ts';

const dockerfile = readFileSync(join(projectRoot, 'Dockerfile'), 'utf8');

it('the image runs the API as the cluster does, as a user that is not root', () => {
  const { command } = waybillApi(WAYBILL, { host: '', port: 3000, trustedProxies: '' });
  expect(dockerfile.split('\n').at(-2)).toBe(`CMD ${JSON.stringify(command).replaceAll(',', ', ')}`);
  expect(dockerfile).toContain('\nUSER 1000:1000\n');
});

it('the image names an exact version of Node', () => {
  const images = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
  expect(images).toEqual(['node:24.22.3-bookworm', 'node:24.22.3-bookworm-slim']);
});

needs(noDeployTools)('hadolint', () => {
  it('has nothing to say of the Dockerfile, and refuses one without an exact version', () => {
    expect(deployTool('hadolint', ['-'], dockerfile)).toMatchObject({ status: 0, said: '' });
    const vague = dockerfile.replaceAll('node:24.22.3-bookworm', 'node:latest');
    expect(deployTool('hadolint', ['-'], vague).said).toContain('DL3007');
  });
});
