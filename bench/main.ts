import { parseArgs } from 'node:util';
import { measureOrderPath } from './order-path/measure.ts';
import { measureMemory } from './order-path/memory.ts';
import { profileOrderPath } from './order-path/profile.ts';
import { orderPathReport } from './order-path/report.ts';
import { saveResult } from './order-path/save-result.ts';
import { measureReconciliation } from './reconciliation/measure.ts';
import { printReconciliation } from './reconciliation/report.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    orders: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    concurrency: { type: 'string', default: '16' },
    against: { type: 'string' },
    env: { type: 'string' },
    save: { type: 'string' },
    rows: { type: 'string', default: '300000' },
    json: { type: 'boolean', default: false },
  },
});
const [question = 'order-path'] = positionals;
const progress = (line: string) => process.stderr.write(`${line}\n`);
const load = { orders: Number(values.orders ?? '300'), concurrency: Number(values.concurrency), progress };

switch (question) {
  case 'order-path': {
    const { rounds, against, env, save, json } = values;
    const report = await measureOrderPath({ ...load, rounds: Number(rounds), against, env });
    const text = orderPathReport(report);
    console.log(json ? JSON.stringify(report, null, 2) : text);
    if (save !== undefined) progress(await saveResult(save, text));
    break;
  }
  case 'profile': {
    console.log(await profileOrderPath(load));
    break;
  }
  case 'memory': {
    console.log(await measureMemory(load));
    break;
  }
  case 'reconciliation': {
    const [rows, orders] = [Number(values.rows), Number(values.orders ?? '2000')];
    printReconciliation(await measureReconciliation({ rows, orders, progress }), values.json);
    break;
  }
  default:
    throw new Error(
      `There is no bench "${question}". There are: order-path, profile, memory, reconciliation.`,
    );
}
