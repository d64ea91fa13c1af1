import { afterEach, expect, it, vi } from 'vitest';
import { installationNeeds, WHERE_TO_LOOK } from '../../cli/src/installation.ts';
import { consoleModule } from '../support/console-module.ts';

const { ELSEWHERE, readInstallation } = await consoleModule('lib/installation.mjs');
afterEach(() => {
  vi.unstubAllGlobals();
});

/** What the console makes of such metrics. */
function consoleReads(metrics: string) {
  vi.stubGlobal('fetch', async () => new Response(metrics));
  return readInstallation();
}

const READ = 'waybill_state_up{part="attention"} 1';
const METRICS = [
  '# HELP waybill_attention What needs attention now, by code.',
  'waybill_attention{code="unreconciled"} 1',
  'waybill_attention{code="no_answer"} 2',
  'waybill_attention{code="event_undelivered"} 0',
  'waybill_attention_oldest_timestamp_seconds{code="unreconciled"} 1790000000.5',
  'waybill_state_up{part="orders"} 1',
];

it('what concerns the whole installation is what the metrics have beside the codes of orders', async () => {
  const metrics = [...METRICS, READ].join('\n');
  expect(installationNeeds(metrics)).toMatchObject([
    { code: 'unreconciled', count: 1, since: '2026-09-21T14:13:20.500Z' },
  ]);
  expect(await consoleReads(metrics)).toEqual({ codes: ['unreconciled'], isKnown: true });
});

it.each([
  ['is not there', METRICS],
  ['failed', [...METRICS, READ.replace(/1$/, '0')]],
])('it is not known where its reading %s', async (_, lines) => {
  expect(installationNeeds(lines.join('\n'))).toBeNull();
  expect(await consoleReads(lines.join('\n'))).toMatchObject({ isKnown: false });
});

it('the command line and the console know the same codes', () => {
  expect(Object.keys(WHERE_TO_LOOK)).toEqual(Object.keys(ELSEWHERE));
});
