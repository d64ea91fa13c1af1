import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { copyChanged } from '../../dev/run/build.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'waybill-build-'));
  mkdirSync(join(root, 'console', 'pages'), { recursive: true });
  writeFileSync(join(root, 'console', 'pages', 'order.mjs'), 'export const order = 1;');
  writeFileSync(join(root, 'console', 'style.css'), 'body {}');
  copyChanged(join(root, 'console'), join(root, 'dist'));
});
afterEach(() => rmSync(root, { recursive: true }));

const text = (...path: string[]) => readFileSync(join(root, 'dist', ...path), 'utf8');
const file = (...path: string[]) => statSync(join(root, 'dist', ...path)).ino;

test('the build copies every page', () => {
  expect(text('pages', 'order.mjs')).toBe('export const order = 1;');
  expect(text('style.css')).toBe('body {}');
});

test('a second build touches only the pages that changed, since a running process may be reading the others', () => {
  const before = { page: file('pages', 'order.mjs'), style: file('style.css') };
  writeFileSync(join(root, 'console', 'style.css'), 'body { margin: 0 }');

  copyChanged(join(root, 'console'), join(root, 'dist'));

  expect(file('pages', 'order.mjs')).toBe(before.page);
  expect(text('style.css')).toBe('body { margin: 0 }');
});
