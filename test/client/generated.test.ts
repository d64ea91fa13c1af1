import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { GENERATED, generateClient } from '../../dev/client/generate.ts';

function contentOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true }).map(String);
  const texts = files.filter((file) => file.endsWith('.ts'));
  return Object.fromEntries(texts.map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

it('is what the OpenAPI document says today; otherwise run `npm run generate`', () => {
  const folder = mkdtempSync(join(tmpdir(), 'generated-'));
  generateClient(folder);
  const today = contentOf(folder);
  rmSync(folder, { recursive: true });
  expect(Object.keys(today).length).toBeGreaterThan(5);
  expect(contentOf(GENERATED)).toEqual(today);
});
