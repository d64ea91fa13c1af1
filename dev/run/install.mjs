import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Installs the packages when there are none, or others than the lockfile says. Versions are compared, not dates: a
 * checkout touches files without changing them.
 */
export function install(root, say) {
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'));
  const wanted = readPackages(join(root, 'package-lock.json'));
  if (installed !== undefined && isComplete(installed, wanted)) return;
  say('Installing packages (npm) …');
  // `ci` removes what is there; over a folder that merely is a version behind, `install` is gentler and quicker.
  const args = [installed === undefined ? 'ci' : 'install', '--no-audit', '--no-fund'];
  const { status, error } = spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`npm ${args[0]} failed${error ? `: ${error.message}` : ''}.`);
}

function isComplete(installed, wanted) {
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    const present = installed[path];
    return present === undefined ? optional === true : present.version === version;
  });
}

function readPackages(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : undefined;
}
