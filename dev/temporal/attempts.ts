import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { cacheDirs, type Env, writableCacheDir } from '../cache-dir.ts';
import { runTool } from '../run-tool.ts';
import { buildWithGo, type GoProgram } from './go-build.ts';
import type { Attempt } from './locate.ts';
import { downloadWithSdk } from './sdk-download.ts';

/** The version that go.mod pins. */
const CLI_VERSION = 'v1.5.1';

const CLI: GoProgram = {
  name: 'the Temporal CLI',
  package: 'github.com/temporalio/cli/cmd/temporal',
  // Its own release build stamps the version so; without it, it calls itself 0.0.0-DEV.
  linkFlags: '-X github.com/temporalio/cli/temporalcli.Version=1.5.1',
  takes: 'about three minutes on two cores',
};

/** Where tools are kept under a name that says what they are, so that no version is mistaken for another. */
function cachedName(what: 'cli' | 'sdk'): string {
  return `temporal-${what}-${CLI_VERSION}-${process.platform}-${process.arch}`;
}

/** The ways to a binary, cheapest first. A cluster of the user's own (TEMPORAL_ADDRESS) is decided before these. */
export function temporalAttempts(env: Env, home: string, log: (line: string) => void): Attempt[] {
  const dirs = cacheDirs(env, home);
  return [
    { name: '`temporal` on the PATH', find: () => onPath(env.PATH ?? '') },
    { name: 'our cache', find: () => inCache(dirs) },
    {
      name: "the SDK's own download",
      find: () => downloadWithSdk('dev-server', join(writableCacheDir(dirs), cachedName('sdk')), log),
    },
    {
      name: 'a build through the Go module proxy',
      find: () => buildWithGo(CLI, join(writableCacheDir(dirs), cachedName('cli')), log),
    },
  ];
}

async function onPath(path: string) {
  for (const dir of path.split(delimiter)) {
    const candidate = join(dir, 'temporal');
    if (!(await isExecutable(candidate))) continue;
    const command = { command: candidate, args: ['server', 'start-dev', '--help'] };
    // Something else may bear the name, or a CLI too old for what we ask of it.
    const ran = await runTool({ ...command, signal: AbortSignal.timeout(5_000) });
    return ran.ok ? { path: candidate } : { missing: ran.why };
  }
  return { missing: 'there is none' };
}

async function inCache(dirs: readonly string[]) {
  for (const dir of dirs) {
    for (const name of [cachedName('cli'), cachedName('sdk')]) {
      const path = join(dir, name);
      if (await isExecutable(path)) return { path };
    }
  }
  return { missing: `nothing in ${dirs.join(' nor ')}` };
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
