import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentOfApi } from './client/openapi.ts';
import { projectRoot } from './project-root.ts';
import { runTool } from './run-tool.ts';

/** The site has packages of its own (docs/package.json): nobody who runs Waybill needs them. */
const docs = join(projectRoot, 'docs');
const say = (line: string) => process.stderr.write(`${line}\n`);

async function run(...command: [string, ...string[]]): Promise<void> {
  const [program, ...args] = command;
  const result = await runTool({ command: program, args, cwd: docs, onLine: say });
  if (result.ok) return;
  say(result.why);
  process.exit(1);
}

await run('npm', 'ci', '--no-audit', '--no-fund');
writeFileSync(join(docs, 'public', 'openapi.json'), JSON.stringify(documentOfApi()));
for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
  const from = join(docs, 'node_modules', 'swagger-ui-dist', file);
  cpSync(from, join(docs, 'public', 'swagger-ui', file));
}
await run('npm', 'run', 'build');
say(`The site is in ${join('docs', '.vitepress', 'dist')}: any web server can serve it.`);
