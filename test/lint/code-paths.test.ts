import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../dev/project-root.ts';

const page = readFileSync(join(projectRoot, 'docs', 'ARCHITECTURE.md'), 'utf8');

/** The tables of files, by their headings. */
const paths = page
  .split(/^### /m)
  .slice(1)
  .map((section): [string, string[]] => {
    const [heading = ''] = section.split('\n');
    return [heading, [...section.matchAll(/^\| `([^`]+\.ts)` \|/gm)].map(([, file = '']) => file)];
  });

function importsOf(file: string): string[] {
  const source = readFileSync(join(projectRoot, file), 'utf8');
  const from = dirname(join(projectRoot, file));
  return [...source.matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) =>
    relative(projectRoot, join(from, path)),
  );
}

it('shows five paths through the code', () => {
  expect(paths.map(([heading]) => heading.split(':')[0])).toEqual([
    'Authorize',
    'Refund',
    'Webhook',
    'Resolve',
    'Failed payout',
  ]);
});

describe.each(paths)('%s', (_, files) => {
  it('names files that exist', () => {
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((file) => !existsSync(join(projectRoot, file)))).toEqual([]);
  });

  it('leads from each file to the next by an import', () => {
    const apart = files.filter((file, at) => {
      const above = files.slice(0, at);
      const isLinked = above.some(
        (other) => importsOf(file).includes(other) || importsOf(other).includes(file),
      );
      return at > 0 && !isLinked;
    });
    expect(apart).toEqual([]);
  });
});
