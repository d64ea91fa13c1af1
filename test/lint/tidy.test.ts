import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../dev/project-root.ts';
import { anchorOf } from '../../docs/.vitepress/anchors.mjs';

/** One subject a file: a subject that is larger deserves a larger one. */
const LINES_MAX = 300;
/** An entry file says what is started with what; the work is elsewhere. */
const ENTRY_LINES_MAX = 55;
/** Longer than that, each with its reason. */
const LONGER: Readonly<Record<string, string>> = {};

const NOT_OURS = new Set(['node_modules', 'dist', 'coverage', '.waybill', '.git', 'histories', 'generated']);
const CODE = new Set(['.ts', '.mjs']);

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : filesUnder(path);
    return [relative(projectRoot, path)];
  });
}

const files = filesUnder(projectRoot);
const code = files.filter((file) => CODE.has(extname(file)));
const tests = code.filter((file) => file.endsWith('.test.ts'));
const sources = code.filter((file) => !file.startsWith('test/'));
const documents = [...files, 'test/histories/README.md'].filter((file) => extname(file) === '.md');

function read(file: string): string {
  return readFileSync(join(projectRoot, file), 'utf8');
}

function lines(file: string): number {
  return read(file).split('\n').length - 1;
}

/** Which of these files hold the pattern, as `file:line`. */
function whereFound(pattern: RegExp, among: readonly string[]): string[] {
  return among.flatMap((file) =>
    read(file)
      .split('\n')
      .flatMap((line, n) => (pattern.test(line) ? [`${file}:${n + 1}`] : [])),
  );
}

/**
 * Whatever waits for a time to pass instead of a condition. A promise that a timer only rejects is none: it is the deadline of a race. Nor
 * is a timer that no promise waits for: a stand-in that is slow on purpose.
 */
const SLEEPS = [
  /\bawait\s+(?:sleep|delay|setTimeout)\s*\(/g,
  /\bnew Promise(?:<[^(]*>)?\(\s*(?:async\s*)?(?:function\s*)?\(?\s*(\w+)\b[\s\S]{0,300}?\bsetTimeout\(\s*(?:(?:async\s*)?\(\)\s*=>\s*\{?\s*)?\1\b/g,
  /\bimport\s[^;]*\bsetTimeout\b[^;]*\bfrom 'node:timers\/promises'/g,
  /\bpromisify\(\s*setTimeout\b/g,
];

/** The lines where one begins. */
function sleepsIn(text: string): number[] {
  return SLEEPS.flatMap((pattern) =>
    [...text.matchAll(pattern)].map(({ index }) => text.slice(0, index).split('\n').length),
  );
}

describe('the code', () => {
  it('is found', () => {
    expect(sources).toEqual(expect.arrayContaining(['config.ts', 'domain/money/money.ts', 'dev/run.mjs']));
    expect(tests).toContain('test/lint/tidy.test.ts');
    expect(documents).toContain('README.md');
  });

  it(`is in files of at most ${LINES_MAX} lines`, () => {
    const long = sources.filter((file) => lines(file) > LINES_MAX && !(file in LONGER));
    expect(long.map((file) => `${file}: ${lines(file)}`)).toEqual([]);
  });

  it('names no exception that is none any more', () => {
    expect(Object.keys(LONGER).filter((file) => lines(file) <= LINES_MAX)).toEqual([]);
  });

  it('leaves nothing for later without saying it where it is read: in an issue', () => {
    const later = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X'.repeat(3)].join('|')})\\b`);
    expect(whereFound(later, [...code, ...documents])).toEqual([]);
  });

  it('has no test that is switched off, and none that switches off the others', () => {
    expect(whereFound(/\b(?:it|test|describe)(?:\.\w+)*\.(?:only|skip|todo|fails)\b/, tests)).toEqual([]);
  });

  it('never sleeps in a test, nor in what tests use', () => {
    // In a workflow, `sleep` is a timer of Temporal's.
    const ofTests = code.filter((file) => file.startsWith('test/') && !file.endsWith('-workflows.ts'));
    expect(ofTests.flatMap((file) => sleepsIn(read(file)).map((line) => `${file}:${line}`))).toEqual([]);
  });

  it.each([
    [1, 'await TIMER(5);'],
    [1, 'await new Promise((resolve) => TIMER(resolve, 5));'],
    [1, 'const later = () => new Promise<void>((done) => {\n  TIMER(() => done(), 5);\n});'],
    [1, 'return new Promise(function (done) {\n  const ms = 5;\n  TIMER(done, ms);\n});'],
    [1, "import { TIMER as pause } from 'node:timers/promises';"],
    [1, 'const pause = promisify(TIMER);'],
    [0, 'const late = new Promise<never>((_, reject) => {\n  TIMER(() => reject(new Error()), 5);\n});'],
    [0, 'TIMER(() => to.write(chunk), 5);'],
  ])('finds %i sleep in %j', (count, text) => {
    expect(sleepsIn(text.replace('TIMER', 'setTimeout'))).toHaveLength(count);
  });

  it('starts in entry files of a few lines', () => {
    const entries = sources.filter((file) => file.endsWith('/main.ts'));
    expect(entries.length).toBeGreaterThan(0);
    expect(entries.filter((file) => lines(file) > ENTRY_LINES_MAX)).toEqual([]);
  });

  it('takes from activities/ only types into a workflow: the rest would be bundled into it', () => {
    const workflows = sources.filter((file) => file.startsWith('workflows/'));
    expect(whereFound(/^import (?!type\b).*from '\.\.\/activities\//, workflows)).toEqual([]);
  });
});

describe('the documents', () => {
  it.each(documents)('%s links only to what is there', (document) => {
    const links = [...read(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    const local = links.filter((link) => !/^[a-z]+:/.test(link));
    const missing = local.filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? document : join(dirname(document), decodeURIComponent(path));
      if (statSync(join(projectRoot, target), { throwIfNoEntry: false }) === undefined) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    });
    expect(missing).toEqual([]);
  });
});

function anchorsOf(document: string): string[] {
  return [...read(document).matchAll(/^#{1,4} (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
}
