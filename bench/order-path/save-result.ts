import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../dev/project-root.ts';

/** Keeps a report under today's date; `name` says in a few words, with dashes, what was measured. Returns the file. */
export async function saveResult(name: string, text: string): Promise<string> {
  const day = new Date().toISOString().slice(0, 10);
  const file = join(projectRoot, 'bench', 'results', `${day}-${name}.md`);
  await writeFile(file, `# ${name.replaceAll('-', ' ')}, ${day}\n\n${text}`);
  return file;
}
