import { readFile } from 'node:fs/promises';

/** The kernel counts CPU time in ticks of 10 ms on every Linux that Node runs on (`getconf CLK_TCK`). */
const MS_PER_TICK = 10;

/** CPU that these processes have used so far, in milliseconds, user and system; null where there is no /proc. */
export async function cpuMs(pids: readonly number[]): Promise<number | null> {
  try {
    const each = await Promise.all(pids.map(cpuOf));
    return each.reduce((sum, ms) => sum + ms, 0);
  } catch {
    return null;
  }
}

async function cpuOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The second field is the name in parentheses, which may itself hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}
