import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isCurrent, node, whenChanged } from './build.mjs';
import { withLock } from './file-lock.mjs';

const CLIENT = ['client/dist/.compiled', ['client/src']];
const CLI = ['cli/dist/.compiled', ['cli/src']];

/**
 * Compiles the workspace's packages, each to its own `dist/`, when their sources changed. Otherwise it takes no lock: the command line
 * calls this at each start, and two commands at once would wait for each other.
 */
export async function buildPackages(root, say) {
  if (isCurrent(root, ...CLIENT) && isCurrent(root, ...CLI)) return;
  await withLock(
    join(root, 'dist', '.building-packages'),
    async () => {
      whenChanged(root, ...CLIENT, () => {
        say('Compiling the client …');
        compile(root, 'client/tsconfig.json');
        compile(root, 'client/tsconfig.cjs.json');
        writeFileSync(join(root, 'client', 'dist', 'cjs', 'package.json'), '{ "type": "commonjs" }\n');
      });
      whenChanged(root, ...CLI, () => {
        say('Compiling the command line …');
        compile(root, 'cli/tsconfig.json', '--noCheck');
      });
    },
    (pid) => say(`Waiting for the build of process ${pid} …`),
  );
}

function compile(root, project, ...more) {
  node(root, ['node_modules/typescript/bin/tsc', '-p', project, ...more]);
}
