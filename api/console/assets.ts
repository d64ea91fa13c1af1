import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Asset {
  readonly type: string;
  readonly content: Buffer;
}

/** The console's pages: a path below the version's folder → what is served there. */
export interface Assets {
  /** Hash of all of them: part of their URL, so that browsers may keep them for good. */
  readonly version: string;
  readonly files: ReadonlyMap<string, Asset>;
  /** Which module a bare import means. */
  readonly importMap: { readonly imports: Readonly<Record<string, string>> };
}

/** Beside api/, in the sources as in dist/. */
const PAGES = fileURLToPath(new URL('../../console/', import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  mjs: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/** Modules of packages, as the packages publish them for browsers: nothing is built. */
const MODULES: Readonly<Record<string, readonly [packageName: string, file: string]>> = {
  preact: ['preact', 'dist/preact.mjs'],
  'preact/hooks': ['preact', 'hooks/dist/hooks.mjs'],
  htm: ['htm', 'dist/htm.mjs'],
  'htm/preact': ['htm', 'preact/index.mjs'],
  '@preact/signals': ['@preact/signals', 'dist/signals.mjs'],
  '@preact/signals-core': ['@preact/signals-core', 'dist/signals-core.mjs'],
};
const STYLES = ['@picocss/pico', 'css/pico.min.css'] as const;

/** Reads them once, when the API starts. */
export function readAssets(): Assets {
  const pages = readdirSync(PAGES, { recursive: true })
    .map(String)
    .filter((file) => typeOf(file) !== undefined)
    .map((file) => [file, readFileSync(join(PAGES, file))] as const);
  const modules = Object.entries(MODULES).map(
    ([name, [packageName, file]]) => [vendorPath(name), readPackageFile(packageName, file)] as const,
  );
  const contents = [...pages, ...modules, ['vendor/pico.css', readPackageFile(...STYLES)] as const];
  const hash = createHash('sha256');
  for (const [path, content] of contents) hash.update(path).update(content);
  const version = hash.digest('hex').slice(0, 16);
  return {
    version,
    files: new Map(contents.map(([path, content]) => [path, { content, type: typeOf(path) ?? '' }])),
    importMap: {
      imports: Object.fromEntries(
        Object.keys(MODULES).map((name) => [name, `/console/assets/${version}/${vendorPath(name)}`]),
      ),
    },
  };
}

function vendorPath(name: string): string {
  return `vendor/${name.replaceAll(/[@/]/g, '-')}.mjs`;
}

function typeOf(file: string): string | undefined {
  return TYPES[file.slice(file.lastIndexOf('.') + 1)];
}

function readPackageFile(packageName: string, file: string): Buffer {
  const require = createRequire(import.meta.url);
  const folders = require.resolve.paths(packageName) ?? [];
  for (const folder of folders) {
    const path = join(folder, packageName, file);
    try {
      return readFileSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  throw new Error(`The console needs ${file} of ${packageName}: install the project's dependencies.`);
}
