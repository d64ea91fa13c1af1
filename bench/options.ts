import { parseArgs } from 'node:util';

/** What the command line asks, and how; each question takes the options that concern it. */
export function options() {
  const { values, positionals } = parseArgs({
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
  const [question = 'order-path'] = positionals;
  return { values, question };
}
