import { measureFairness } from './fairness/measure.ts';
import { measureLatency } from './latency/measure.ts';
import { measureLists } from './lists/measure.ts';
import { measureLongLife } from './long-life/measure.ts';
import { measureOpenOrders } from './open-orders/measure.ts';
import type { Question } from './options.ts';
import { benchOptions } from './options.ts';
import { measureOrderPath } from './order-path/measure.ts';
import { measureMemory } from './order-path/memory.ts';
import { profileOrderPath } from './order-path/profile.ts';
import { orderPathReport } from './order-path/report.ts';
import { saveResult } from './order-path/save-result.ts';
import { measureOverload } from './overload/measure.ts';
import { measureReconciliation } from './reconciliation/measure.ts';
import { reconciliationReport } from './reconciliation/report.ts';
import { measureSizing } from './sizing/measure.ts';

const { values, question } = benchOptions(process.argv.slice(2));
const { against, env, save, json } = values;
const progress = (line: string) => process.stderr.write(`${line}\n`);
const load = { orders: Number(values.orders ?? '300'), concurrency: Number(values.concurrency), progress };
const rounds = Number(values.rounds);

const questions: Readonly<Record<Question, () => Promise<string>>> = {
  'order-path': async () => {
    const report = await measureOrderPath({ ...load, rounds, against, env });
    return json ? JSON.stringify(report, null, 2) : orderPathReport(report);
  },
  profile: () => profileOrderPath(load),
  latency: () => measureLatency(load),
  memory: () => measureMemory(load),
  lists: () => measureLists({ ...load, rounds }),
  'open-orders': () => {
    const [orders, minutes] = [Number(values.orders ?? '5000'), Number(values.minutes)];
    return measureOpenOrders({ ...load, orders, minutes, home: values.home });
  },
  'long-life': () => measureLongLife({ commands: Number(values.commands), progress }),
  overload: () => measureOverload({ ...load, rounds, env: env?.[0] }),
  fairness: () =>
    measureFairness({ orders: Number(values.orders ?? '5000'), captures: Number(values.captures), progress }),
  sizing: () => measureSizing({ ...load, rounds }),
  reconciliation: async () => {
    const [rows, orders] = [Number(values.rows), Number(values.orders ?? '2000')];
    return reconciliationReport(await measureReconciliation({ rows, orders, progress }), json);
  },
};
const text = await questions[question]();
console.log(text);
if (save !== undefined) progress(await saveResult(save, text));
