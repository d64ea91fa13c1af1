import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheDirs, type Env, writableCacheDir } from '../cache-dir.ts';
import { freePort } from '../free-port.ts';
import { isListening } from '../is-listening.ts';
import { projectRoot } from '../project-root.ts';
import { withLock } from '../run/file-lock.mjs';
import { runTool } from '../run-tool.ts';
import { downloadWithSdk } from './sdk-download.ts';

/** The version that time-skipping-pom.xml names. */
const VERSION = '1.31.0';
const COPY_DEPENDENCIES = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/** Starts fast, optimizes little. */
const JAVA = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
const MAIN = 'io.temporal.testserver.TestServer';
/** The classes as the JVM holds them in memory: with them it starts in a third of the time. */
const ARCHIVE = 'classes.jsa';
const POLL_MS = 50;

/** Looks like the SDK's native test server: a program that takes the port as its argument. */
const WRAPPER = `#!/bin/sh
dir="$(dirname "$0")"
exec java ${JAVA.join(' ')} -XX:SharedArchiveFile="$dir/${ARCHIVE}" -cp "$dir/jars/*" ${MAIN} "$@"
`;

/** A program that is the time-skipping test server: Maven Central's jars and a script that runs them, or the SDK's own. */
export async function timeSkippingServer(
  env: Env,
  home: string,
  log: (line: string) => void,
): Promise<{ path: string } | { missing: string }> {
  const dir = join(writableCacheDir(cacheDirs(env, home)), `time-skipping-server-${VERSION}`);
  const maven = await fromMaven(dir);
  if ('path' in maven) return maven;
  const downloaded = await downloadWithSdk('time-skipping', `${dir}-sdk`, log);
  if ('path' in downloaded) return downloaded;
  return { missing: `Maven: ${maven.missing}; the SDK's download: ${downloaded.missing}` };
}

async function fromMaven(dir: string): Promise<{ path: string } | { missing: string }> {
  const java = await runTool({ command: 'java', args: ['-version'] });
  if (!java.ok) return { missing: java.why };
  return withLock(`${dir}.lock`, async () => {
    const path = join(dir, 'test-server');
    if (existsSync(path)) return { path };
    const fetched = await fetchInto(`${dir}.unfinished`);
    if (!fetched.ok) return { missing: fetched.why };
    await rename(`${dir}.unfinished`, dir);
    await archiveClasses(dir);
    return { path };
  });
}

/** Starts the server once, and has it leave its classes when it ends. They are good for jars at this very path. */
async function archiveClasses(dir: string): Promise<void> {
  const port = await freePort();
  const args = [
    ...JAVA,
    `-XX:ArchiveClassesAtExit=${join(dir, ARCHIVE)}`,
    '-cp',
    join(dir, 'jars', '*'),
    MAIN,
  ];
  const server = spawn('java', [...args, String(port)], { stdio: 'ignore' });
  const ended = once(server, 'close');
  while (server.exitCode === null && !(await isListening(port))) await sleep(POLL_MS);
  server.kill('SIGTERM');
  await ended;
}

async function fetchInto(dir: string) {
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'test-server'), WRAPPER, { mode: 0o755 });
  const pom = join(projectRoot, 'dev', 'temporal', 'time-skipping-pom.xml');
  const args = ['-q', '-B', '-f', pom, COPY_DEPENDENCIES, `-DoutputDirectory=${join(dir, 'jars')}`];
  return runTool({ command: 'mvn', args });
}
