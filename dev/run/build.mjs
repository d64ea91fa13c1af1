import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { withLock } from './file-lock.mjs';

/** Top-level folders that nothing is compiled from. */
const NOT_SOURCES = new Set([
  ...['node_modules', 'dist', 'coverage', 'test', 'docs', 'deploy', 'client', 'cli', 'console', 'samples'],
]);
/** Served to browsers as they are: nothing is built of them. */
const PAGES = 'console';
const CONFIGS = ['config.ts', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];
/** What the workflow bundle is made of. */
const BUNDLED = ['contract', 'domain', 'workflows', 'worker'];

/** Compiles to `dist/` and bundles the workflows there, each only when its sources changed. */
export function build(root, say) {
  return withLock(
    join(root, 'dist', '.building'),
    async () => {
      whenChanged(root, 'dist/.compiled', sourceFolders(root), () => {
        say('Compiling …');
        // Types are checked by `npm run verify`; a start need not wait for that, nor fail for it.
        node(root, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--noCheck']);
      });
      copyChanged(join(root, PAGES), join(root, 'dist', PAGES));
      whenChanged(root, 'dist/.bundled', BUNDLED, () => {
        if (!existsSync(join(root, 'dist', 'workflows', 'index.js'))) return;
        say('Bundling the workflows …');
        node(root, ['dist/worker/build-bundle.js']);
      });
    },
    (pid) => say(`Waiting for the build of process ${pid} …`),
  );
}

/** Leaves what is the same alone: a copy is gone for a moment, in which another process may read it. */
export function copyChanged(from, to) {
  const differs = (source, target) =>
    statSync(source).isDirectory() ||
    !existsSync(target) ||
    !readFileSync(source).equals(readFileSync(target));
  cpSync(from, to, { recursive: true, filter: differs });
}

/** Does `work` unless the files are as they were when it last succeeded. */
export function whenChanged(root, stampFile, folders, work) {
  const stamp = join(root, stampFile);
  const now = stateOf(root, folders);
  if (isStamped(stamp, now)) return;
  rmSync(stamp, { force: true });
  work();
  writeFileSync(stamp, now);
}

/** Whether `whenChanged` would do nothing. While another process is at the work it is false. */
export function isCurrent(root, stampFile, folders) {
  return isStamped(join(root, stampFile), stateOf(root, folders));
}

function isStamped(stamp, now) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === now;
}

function stateOf(root, folders) {
  return fingerprint(root, [
    ...CONFIGS.map((name) => join(root, name)),
    ...folders.flatMap((dir) => sourcesIn(join(root, dir))),
  ]);
}

function sourceFolders(root) {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !NOT_SOURCES.has(entry.name))
    .map((entry) => entry.name);
}

function sourcesIn(dir) {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: true })
    .map(String)
    .filter((name) => /\.(ts|[cm]js|json)$/.test(name))
    .sort()
    .map((name) => join(dir, name));
}

function fingerprint(root, files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const { mtimeMs, size } = statSync(file);
    hash.update(`${relative(root, file)} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

export function node(root, args) {
  mkdirSync(join(root, 'dist'), { recursive: true });
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`The build failed at: node ${args.join(' ')}`);
}
