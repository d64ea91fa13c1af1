import { existsSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';

// Loaded ahead of a program, in each of its threads: takes a CPU profile from when the folder has a file `begin` until it has `end`. (Node 20 does
// not take `--cpu-prof` from NODE_OPTIONS, and it writes none for a thread that is terminated.)
const LOOK_MS = 100;
const folder = process.env.WAYBILL_BENCH_PROFILES ?? '';

const session = new Session();
session.connect();
session.post('Profiler.enable');
let isProfiling = false;
const timer = setInterval(() => {
  if (!isProfiling && existsSync(join(folder, 'begin'))) {
    isProfiling = true;
    session.post('Profiler.start');
  }
  if (!isProfiling || !existsSync(join(folder, 'end'))) return;
  clearInterval(timer);
  session.post('Profiler.stop', (error, { profile }) => {
    if (error !== null) throw error;
    writeFileSync(join(folder, `${process.pid}-${threadId}.cpuprofile`), JSON.stringify(profile));
  });
}, LOOK_MS);
timer.unref();
