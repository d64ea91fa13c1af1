import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { node, whenChanged } from './build.mjs';
import { withLock } from './file-lock.mjs';

/** Compiles the workspace's packages, each to its own `dist/`, when their sources changed. */
export function buildPackages(root, say) {
  return withLock(
    join(root, 'dist', '.building-packages'),
    async () => {
      whenChanged(root, 'client/dist/.compiled', ['client/src'], () => {
        say('Compiling the client …');
        compile(root, 'client/tsconfig.json');
        compile(root, 'client/tsconfig.cjs.json');
        writeFileSync(join(root, 'client', 'dist', 'cjs', 'package.json'), '{ "type": "commonjs" }\n');
      });
      whenChanged(root, 'cli/dist/.compiled', ['cli/src'], () => {
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
