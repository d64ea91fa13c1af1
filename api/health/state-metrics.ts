import { setTimeout as sleep } from 'node:timers/promises';
import { Gauge } from 'prom-client';
import type { ReconciliationReport } from '../../domain/reconciliation/reconciliation.ts';
import type { Backend } from '../backend/backend.ts';
import type { Backlog } from '../backend/installation.ts';
import { orElse } from '../http/or-else.ts';

const FRESH_MS = 30_000;
/** Prometheus gives a scrape ten seconds; what takes longer is there at the next one. */
const SCRAPE_WAIT_MS = 3_000;

/** What is read at once: all of it is shown, or nothing. */
interface Part {
  readonly name: string;
  readonly gauges: readonly Gauge[];
  /** Reads, and then shows what it read. */
  readonly read: () => Promise<void>;
}

/**
 * Gauges of the whole installation, as Temporal has it: each API process shows the same. Read at most twice a minute, when Prometheus asks.
 * What cannot be read is left out until the next scrape, and `waybill_state_up` says so: a scrape neither fails nor waits for Temporal.
 */
export class StateMetrics {
  readonly #backend: Backend;
  readonly #parts: readonly Part[];
  readonly #up: Gauge<'part'>;
  /** When a part was last read, or began to be; none that failed. */
  readonly #readings = new Map<Part, { readonly at: number; readonly done: Promise<void> }>();

  constructor(backend: Backend) {
    this.#backend = backend;
    this.#parts = partsOf(backend);
    this.#up = new Gauge({
      name: 'waybill_state_up',
      help: 'Whether the gauges of this part could be read.',
      labelNames: ['part'],
      registers: [backend.metrics.registry],
    });
    for (const { gauges } of this.#parts) clear(gauges);
  }

  async refresh(): Promise<void> {
    const all = Promise.all(this.#parts.map((part) => this.#fresh(part, performance.now())));
    await Promise.race([all, sleep(SCRAPE_WAIT_MS, undefined, { ref: false })]);
  }

  #fresh(part: Part, now: number): Promise<void> {
    const last = this.#readings.get(part);
    if (last && now - last.at < FRESH_MS) return last.done;
    const done = this.#read(part);
    this.#readings.set(part, { at: now, done });
    return done;
  }

  async #read(part: Part): Promise<void> {
    const { name, gauges, read } = part;
    const isRead = await orElse(this.#backend.logger, `Reading ${name} for metrics`, false, async () => {
      await read();
      return true;
    });
    if (!isRead) {
      clear(gauges);
      this.#readings.delete(part);
    }
    this.#up.set({ part: name }, isRead ? 1 : 0);
  }
}

/** A gauge without labels has a value from the start: 0 would be a lie. */
function clear(gauges: readonly Gauge[]): void {
  for (const gauge of gauges) {
    gauge.reset();
    gauge.remove({});
  }
}

function partsOf({ installation, reconciliation, metrics: { registry } }: Backend): readonly Part[] {
  const gauge = <Label extends string = never>(name: string, help: string, label?: Label) =>
    new Gauge({ name, help, labelNames: label === undefined ? [] : [label], registers: [registry] });
  const by = <Label extends string>(name: string, help: string, label: Label) => {
    const one = gauge(name, help, label);
    return {
      one,
      show(values: Iterable<readonly [string, number]>): void {
        one.reset();
        for (const [value, number] of values) one.labels(value).set(number);
      },
    };
  };
  const backlog = (name: string, what: string) => {
    const count = gauge(name, `${what}.`);
    const oldest = gauge(`${name}_oldest_timestamp_seconds`, `Since when the oldest: ${what}.`);
    return {
      gauges: [count, oldest],
      show({ count: number, oldest: at }: Backlog): void {
        count.set(number);
        if (at === null) clear([oldest]);
        else oldest.set(at / 1_000);
      },
    };
  };

  const orders = by('waybill_orders', 'Open orders by status.', 'status');
  const attention = by('waybill_attention', 'What needs attention now, by code.', 'code');
  const attentionOldest = by(
    'waybill_attention_oldest_timestamp_seconds',
    'Since when the oldest of a code needs attention.',
    'code',
  );
  const risk = by(
    'waybill_money_at_risk_minor_units',
    'Amount of the orders that need attention.',
    'currency',
  );
  const pending = backlog('waybill_pending_operations', 'operations that are being retried');
  const parked = gauge('waybill_stripe_events_parked', 'Events of Stripe that wait for their order.');
  const paused = gauge('waybill_paused_workflows', 'Workflows that somebody has paused in Temporal.');
  const undelivered = backlog('waybill_undelivered_events', 'outgoing events that a subscriber lacks');
  const lag = by('waybill_schedule_lag_seconds', 'How much too late a schedule is.', 'schedule');
  const reconciled = gauge('waybill_reconciliation_timestamp_seconds', 'Up to when the last one looked.');
  const differences = gauge('waybill_reconciliation_differences', 'Differences that it found.');
  const unexplained = new Gauge({
    name: 'waybill_reconciliation_unexplained_minor_units',
    help: 'Sum of its differences, each without its sign, on the side of the platform or of connected accounts.',
    labelNames: ['currency', 'side'],
    registers: [registry],
  });

  return [
    {
      name: 'orders',
      gauges: [orders.one],
      read: async () => orders.show(await installation.ordersByStatus()),
    },
    {
      name: 'attention',
      gauges: [attention.one, attentionOldest.one],
      async read() {
        const found = [...(await installation.attention())];
        attention.show(found.map(([code, { count }]) => [code, count]));
        attentionOldest.show(
          found.flatMap(([code, { oldest }]) => (oldest === null ? [] : [[code, oldest / 1_000] as const])),
        );
      },
    },
    {
      name: 'money_at_risk',
      gauges: [risk.one],
      read: async () => risk.show(await installation.moneyAtRisk()),
    },
    { name: 'pending', gauges: pending.gauges, read: async () => pending.show(await installation.pending()) },
    {
      name: 'parked_events',
      gauges: [parked],
      read: async () => parked.set(await installation.parkedEvents()),
    },
    { name: 'paused', gauges: [paused], read: async () => paused.set(await installation.paused()) },
    {
      name: 'undelivered_events',
      gauges: undelivered.gauges,
      read: async () => undelivered.show(await installation.undelivered()),
    },
    {
      name: 'schedules',
      gauges: [lag.one],
      async read() {
        const lags = [...(await installation.scheduleLags())];
        lag.show(lags.map(([id, lagMs]) => [id, lagMs / 1_000]));
      },
    },
    {
      name: 'reconciliation',
      gauges: [reconciled, differences, unexplained],
      async read() {
        const report = await reconciliation.report();
        if (report === null) return clear([reconciled, differences, unexplained]);
        reconciled.set(report.to / 1_000);
        differences.set(report.findings.differenceCount);
        showUnexplained(unexplained, report);
      },
    },
  ];
}

/** Without signs, so that two differences never cancel each other out. */
function showUnexplained(
  gauge: Gauge<'currency' | 'side'>,
  { findings: { differences } }: ReconciliationReport,
): void {
  gauge.reset();
  for (const { currency, amount, account } of differences) {
    gauge.inc({ currency, side: account === null ? 'platform' : 'connected' }, Math.abs(amount));
  }
}
