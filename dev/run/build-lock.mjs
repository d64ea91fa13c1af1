import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const WAIT_MS = 100;
/** No build takes so long: whoever held the lock is gone. */
const STALE_MS = 120_000;

/** Waits until no other process builds into `dir`, and returns what lets the next one in. */
export function holdLock(dir) {
  mkdirSync(dir, { recursive: true });
  const lock = join(dir, '.building');
  while (!take(lock)) {
    if (ageMs(lock) > STALE_MS) rmSync(lock, { recursive: true, force: true });
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
  }
  return () => rmSync(lock, { recursive: true, force: true });
}

function take(lock) {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function ageMs(lock) {
  try {
    return Date.now() - statSync(lock).mtimeMs;
  } catch {
    return 0;
  }
}
