import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The checkout's folder, from the sources and from `dist/` alike: the nearest folder above this file with the
 * lockfile in it (not package.json, which the compiler may copy into `dist/`).
 */
export const projectRoot = findRoot(dirname(fileURLToPath(import.meta.url)));

function findRoot(from: string): string {
  if (existsSync(join(from, 'package-lock.json'))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error('package-lock.json not found above dev/: is this a whole checkout?');
  return findRoot(parent);
}
