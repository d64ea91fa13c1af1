import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../../dev/project-root.ts';
import { ORDER_STATUSES } from '../../domain/orders/order-statuses.ts';
import { LOST_DISPUTE_POLICIES } from '../../domain/orders/recovery-state.ts';
import { OUTGOING_EVENT_TYPES } from '../../domain/outgoing-events/event-types.ts';
import { CONNECT_EVENT_TYPES, ORDER_EVENT_TYPES } from '../../domain/stripe-events/stripe-events.ts';

const guide = ['README.md', 'docs/api.md', 'docs/configuration.md', 'docs/guarantees.md']
  .map((file) => readFileSync(join(projectRoot, file), 'utf8'))
  .join('\n');

/** Callers write code against these words. */
it.each([
  ['status of an order', ORDER_STATUSES],
  ['policy for a lost dispute', LOST_DISPUTE_POLICIES],
  ['type of an outgoing event', OUTGOING_EVENT_TYPES.map((type) => type.replace('order.', ''))],
])('every %s has one name, and the documents name it', (_, names: readonly string[]) => {
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(guide))).toEqual([]);
});

it.each([
  ['your account', ORDER_EVENT_TYPES],
  ['connected accounts', CONNECT_EVENT_TYPES],
])(
  'the guide to going live has the endpoint of %s get the events that are news, and no others',
  (of, types) => {
    const page = readFileSync(join(projectRoot, 'docs/guides/going-live.md'), 'utf8');
    const [, row = ''] = new RegExp(`^\\| ${of} \\| (.*) \\|$`, 'm').exec(page) ?? [];
    expect(row.split(', ').toSorted()).toEqual(types.map((type) => `\`${type}\``).toSorted());
  },
);
