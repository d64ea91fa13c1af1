import { readFile } from 'node:fs/promises';

/** The kernel counts CPU time in ticks of 10 ms on every Linux that Node runs on (`getconf CLK_TCK`). */
const MS_PER_TICK = 10;

/** CPU that a process has used so far, in milliseconds, user and system. Rejects where there is no /proc. */
export async function cpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The second field is the name in parentheses, which may itself hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

/** CPU that the whole machine has used so far, in milliseconds, whoever used it. */
export async function machineCpuMs(): Promise<number> {
  const [line = ''] = (await readFile('/proc/stat', 'utf8')).split('\n');
  const [user = 0, nice = 0, system = 0, , , interrupts = 0, softInterrupts = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + interrupts + softInterrupts) * MS_PER_TICK;
}
