import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../../dev/project-root.ts';
import { LONGEST } from './longest-first.ts';

it.each(LONGEST)('%s, which starts early, is there', (file) => {
  expect(existsSync(join(projectRoot, file))).toBe(true);
});
