import { existsSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';

// Loaded ahead of a program, in each of its threads: collects garbage once for each of the files `collect-1`, `collect-2`, … that the folder gets.
const LOOK_MS = 100;
const folder = process.env.WAYBILL_BENCH_COLLECT ?? '';

const session = new Session();
session.connect();
let next = 1;
setInterval(() => {
  if (!existsSync(join(folder, `collect-${next}`))) return;
  next += 1;
  session.post('HeapProfiler.collectGarbage');
}, LOOK_MS).unref();
