import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const WAIT_MS = 100;

/** Waits until no other process builds into `dir`, and returns what lets the next one in. */
export function holdLock(dir, say) {
  mkdirSync(dir, { recursive: true });
  const lock = join(dir, '.building');
  for (let told = false; !take(lock); ) {
    const pid = holder(lock);
    // A build that was interrupted leaves its lock behind.
    if (pid !== undefined && !isAlive(pid)) rmSync(lock, { force: true });
    else {
      if (!told) say(`Waiting for the build of process ${pid ?? '?'} …`);
      told = true;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
    }
  }
  return () => rmSync(lock, { force: true });
}

function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function holder(lock) {
  try {
    return Number(readFileSync(lock, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
