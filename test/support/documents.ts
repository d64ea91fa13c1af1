import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../dev/project-root.ts';

const DOCS = ['', 'guides', 'deploy', 'security'].flatMap((folder) =>
  readdirSync(join(projectRoot, 'docs', folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', folder, file)),
);
/** In the order in which their commands run: the sandbox's own page ends with a fault. */
export const DOCUMENTS = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'bench/README.md', 'samples/README.md'],
  ...['client/README.md', 'test/histories/README.md'],
  ...DOCS,
  'sandbox/README.md',
];

export function read(file: string): string {
  return readFileSync(join(projectRoot, file), 'utf8');
}

/** What a document shows in its blocks of shell, one command each, however many lines it has. */
function commandsIn(document: string): string[] {
  const blocks = [...read(document).matchAll(/^( *)```sh\n([\s\S]*?)^ *```/gm)].map(
    ([, , text = '']) => text,
  );
  return blocks.flatMap((block) => {
    const commands: string[] = [];
    let command = '';
    for (const shown of block.split('\n')) {
      const line = shown.replace(/ +# .*/, '');
      command = command === '' ? line.trim() : `${command}\n${line}`;
      const isOpen = command.endsWith('\\') || (command.match(/'/g) ?? []).length % 2 === 1;
      if (isOpen || command === '') continue;
      if (!command.startsWith('#')) commands.push(command);
      command = '';
    }
    return commands;
  });
}

/** All of them, each with the document that shows it. */
export const COMMANDS = DOCUMENTS.flatMap((document) =>
  commandsIn(document).map((command) => [document, command] as const),
);
export const starting = (...words: readonly string[]) =>
  COMMANDS.filter(([, command]) => words.some((word) => withoutVariables(command).startsWith(`${word} `)));

/** Of `NAME=value npm run …` only what is run. */
export function withoutVariables(command: string): string {
  return command.replace(/^(?:[A-Z_]+=\S+ +)+/, '');
}
