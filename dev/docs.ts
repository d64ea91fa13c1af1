import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { documentOfApi } from './client/openapi.ts';
import { projectRoot } from './project-root.ts';
import { install } from './run/install.mjs';
import { runTool } from './run-tool.ts';

/**
 * `npm run docs`: builds the site. With `-- --check` only to see whether it can be built: pages without scripts take a third of the
 * time, and have the same templates, links and anchors.
 */
const { check } = parseArgs({ options: { check: { type: 'boolean', default: false } } }).values;

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

install(docs, say);
writeFileSync(join(docs, 'public', 'openapi.json'), JSON.stringify(documentOfApi()));
for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
  const from = join(docs, 'node_modules', 'swagger-ui-dist', file);
  cpSync(from, join(docs, 'public', 'swagger-ui', file));
}
if (check) {
  const pages = join(docs, '.vitepress', 'cache', 'checked');
  rmSync(pages, { recursive: true, force: true });
  await run('npm', 'run', 'build', '--', '--mpa', '--outDir', pages);
} else {
  await run('npm', 'run', 'build');
  say(`The site is in ${join('docs', '.vitepress', 'dist')}: any web server can serve it.`);
}
