import { parseArgs } from 'node:util';
import { UsageError } from '../dev/usage-error.ts';

/** What can be measured. */
const QUESTIONS = [
  'order-path',
  'profile',
  'latency',
  'memory',
  'lists',
  'open-orders',
  'long-life',
  'overload',
  'fairness',
  'sizing',
  'reconciliation',
] as const;
export type Question = (typeof QUESTIONS)[number];

/** What the command line asks, and how; each question takes the options that concern it. */
export function benchOptions(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      orders: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      concurrency: { type: 'string', default: '16' },
      against: { type: 'string' },
      env: { type: 'string', multiple: true },
      save: { type: 'string' },
      minutes: { type: 'string', default: '60' },
      home: { type: 'string' },
      captures: { type: 'string', default: '100' },
      commands: { type: 'string', default: '5000' },
      rows: { type: 'string', default: '300000' },
      json: { type: 'boolean', default: false },
    },
  });
  const [asked = 'order-path', ...more] = positionals;
  const question = QUESTIONS.find((one) => one === asked);
  if (!question || more.length > 0) {
    const given = positionals.join(' ');
    throw new UsageError(`There is no bench "${given}". There are: ${QUESTIONS.join(', ')}.`);
  }
  return { values, question };
}
