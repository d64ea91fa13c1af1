import { existsSync } from 'node:fs';
import { access, constants, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Env } from '../cache-dir.ts';
import { runTool } from '../run-tool.ts';

/** A program that comes with the system. */
interface SystemProgram {
  readonly file: string;
  readonly debianPackage: string;
}

/** What a cluster needs of the system. */
export const SYSTEM_PROGRAMS: readonly SystemProgram[] = [
  { file: 'initdb', debianPackage: 'postgresql' },
  { file: 'haproxy', debianPackage: 'haproxy' },
];

/** Why no cluster can run here, or undefined: what is missing and cannot be installed. */
export async function noCluster(env: Env): Promise<string | undefined> {
  const go = await runTool({ command: 'go', args: ['version'] });
  if (!go.ok) return go.why;
  if (canInstall()) return undefined;
  for (const { file } of SYSTEM_PROGRAMS)
    if ((await find(file, env)) === undefined) return `\`${file}\` is not here`;
  return undefined;
}

function canInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

class NoProgram extends Error {
  override readonly name = 'NoProgram';
}

/**
 * The folder of a program, which on Debian is installed when it is missing. `RUNLEVEL`: a package that is a service is not
 * started by its installation.
 */
export async function programFolder(
  { file, debianPackage }: SystemProgram,
  env: Env,
  log: (line: string) => void,
): Promise<string> {
  const found = await find(file, env);
  if (found !== undefined) return found;
  const missing = `\`${file}\` is not here. Install it; on Debian: apt-get install ${debianPackage}`;
  if (!canInstall()) throw new NoProgram(missing);
  log(`Installing ${debianPackage} (apt-get) …`);
  const apt = { command: 'apt-get', env: { ...env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' } };
  await runTool({ ...apt, args: ['update', '-qq'] });
  const args = ['install', '-y', '-qq', '--no-install-recommends', debianPackage];
  const installed = await runTool({ ...apt, args });
  if (!installed.ok) throw new NoProgram(`${missing} (${installed.why})`);
  const now = await find(file, env);
  if (now === undefined) throw new NoProgram(missing);
  return now;
}

/** On the PATH, among the system's programs, or where Debian keeps each version of PostgreSQL, the newest first. */
async function find(file: string, env: Env): Promise<string | undefined> {
  const postgres = '/usr/lib/postgresql';
  const versions = await readdir(postgres).catch(() => []);
  const newestFirst = versions.sort((a, b) => Number(b) - Number(a));
  const folders = [
    ...newestFirst.map((version) => join(postgres, version, 'bin')),
    ...(env.PATH ?? '').split(delimiter),
    '/usr/sbin',
  ];
  for (const folder of folders) if (await isExecutable(join(folder, file))) return folder;
  return undefined;
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
