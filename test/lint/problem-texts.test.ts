import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { problemResource } from '../../api/http/problem.ts';
import { projectRoot } from '../../dev/project-root.ts';

const ROOMS = ['api', 'contract', 'domain', 'stripe', 'temporal', 'workflows'];
const SOURCES = ROOMS.flatMap((room) =>
  readdirSync(join(projectRoot, room), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(room, file)),
);
const read = (file: string) => readFileSync(join(projectRoot, file), 'utf8');

/** What callers are told where the source says it in one text: `problem('code', 'text', { param: 'field' })`. */
const DETAILS = SOURCES.flatMap((file) =>
  [...read(file).matchAll(/\bproblem\(\s*'(\w+)',\s*(?:'((?:[^'\\]|\\.)*)'|`([^`]*)`)/g)].map(
    ([, code = '', plain, template]) => [file, code, plain ?? template ?? ''] as const,
  ),
);
/** What is wrong with one field: its name is put before it, and a period after it. */
const RULES = SOURCES.flatMap((file) =>
  [...read(file).matchAll(/\berror: '((?:[^'\\]|\\.)*)'/g)].map(([, text = '']) => [file, text] as const),
);

describe('a text that refuses a request', () => {
  it('is a sentence: it ends with a period, and has no exclamation and no please', () => {
    expect(DETAILS.length).toBeGreaterThan(80);
    const wrong = DETAILS.filter(
      ([, , text]) => !/[.}]$/.test(text) || /!|\bplease\b|\binvalid\b/i.test(text),
    );
    expect(wrong).toEqual([]);
  });

  it('of one field says what it must be, or what it is, and leaves the period to who puts its name before it', () => {
    expect(RULES.length).toBeGreaterThan(25);
    const wrong = RULES.filter(([, text]) => !/^(must|is|cannot|or)\b/.test(text) || text.endsWith('.'));
    expect(wrong).toEqual([]);
  });

  it.each(problemResource.shape.code.options)('has the code %s, which the documents explain', (code) => {
    const pages = ['docs/api.md', 'docs/runbook.md', 'docs/limits.md', 'docs/keys.md'].map(read).join('\n');
    expect(pages).toContain(`\`${code}\``);
  });
});
