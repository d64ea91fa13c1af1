import { readFile } from 'node:fs/promises';

/** Resident memory of a process, in KB. Rejects where there is no /proc. */
export async function residentKb(pid: number): Promise<number> {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
