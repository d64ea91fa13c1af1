import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 250;

/** What this process holds: its own pid in a file it doesn't hold is left from an earlier life (pid 1, say). */
const heldHere = new Set();

/** Someone else's lock: the process that holds it. */
export class LockHeld extends Error {
  /**
   * @param {string} path
   * @param {number} pid
   */
  constructor(path, pid) {
    super(`Process ${pid} holds ${path}.`);
    this.name = 'LockHeld';
    /** @readonly */
    this.pid = pid;
  }
}

/**
 * Takes the lock file for this process, or throws LockHeld. A lock whose process is gone is taken over.
 * The file appears by `link`, complete with its pid, so that no reader ever sees it half written.
 *
 * @param {string} path
 * @returns {Promise<() => Promise<void>>} what releases it
 */
export async function takeLock(path) {
  await mkdir(dirname(path), { recursive: true });
  const own = `${path}.${randomUUID()}`;
  await writeFile(own, `${process.pid}\n`);
  try {
    while (!(await linked(own, path))) {
      const pid = await holder(path);
      if (pid !== undefined && isHeldBy(pid, path)) throw new LockHeld(path, pid);
      await bury(path, pid);
    }
    heldHere.add(path);
    return async () => {
      heldHere.delete(path);
      await rm(path, { force: true });
    };
  } finally {
    await rm(own, { force: true });
  }
}

/**
 * Runs `work` alone among all processes; `onWait` is called once, when another process is at it already.
 *
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @param {(pid: number) => void} [onWait]
 * @returns {Promise<T>}
 */
export async function withLock(path, work, onWait) {
  const release = await waitForLock(path, onWait);
  try {
    return await work();
  } finally {
    await release();
  }
}

async function waitForLock(path, onWait) {
  for (let reported = false; ; reported = true) {
    try {
      return await takeLock(path);
    } catch (error) {
      if (!(error instanceof LockHeld)) throw error;
      if (!reported) onWait?.(error.pid);
      await sleep(POLL_MS);
    }
  }
}

async function linked(own, path) {
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes a dead holder's file, and puts it back when it was replaced by a living one's in the meantime. */
async function bury(path, deadPid) {
  const grave = `${path}.${randomUUID()}`;
  try {
    await rename(path, grave);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if ((await holder(grave)) !== deadPid) await linked(grave, path);
  await rm(grave, { force: true });
}

async function holder(path) {
  try {
    return Number(await readFile(path, 'utf8')) || undefined;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function isHeldBy(pid, path) {
  if (pid === process.pid) return heldHere.has(path);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
