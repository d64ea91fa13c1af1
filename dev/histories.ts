import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startVitest } from 'vitest/node';
import { projectRoot } from './project-root.ts';
import { runTool } from './run-tool.ts';

/**
 * `npm run histories -- record`: plays every flow of test/replay/flows on a real server and keeps the histories as those of the
 * version in package.json. Those of a version that is released stay: orders that it began may be open.
 */
const [command] = process.argv.slice(2);
const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  version: string;
};
const why = await whyNot();
if (why === null) await record();
else {
  console.error(why);
  process.exitCode = 1;
}

async function whyNot(): Promise<string | null> {
  if (command !== 'record') return 'Usage: npm run histories -- record';
  const tag = await runTool({ command: 'git', args: ['tag', '--list', `v${version}`], cwd: projectRoot });
  if (!tag.ok || tag.output.trim() === '') return null;
  return `${version} is released, so its histories stay as they are. Raise the version in package.json first.`;
}

async function record(): Promise<void> {
  // A flow that is gone leaves no history behind.
  rmSync(join(projectRoot, 'test', 'histories', version), { recursive: true, force: true });
  const vitest = await startVitest('test', ['test/replay'], {
    watch: false,
    root: projectRoot,
    testNamePattern: 'the histories that today’s code makes',
    provide: { recordedRelease: version },
  });
  await vitest.close();
}
