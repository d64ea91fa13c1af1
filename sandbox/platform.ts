import { randomBytes } from 'node:crypto';
import type { World } from './control/world.ts';
import { Clock } from './core/clock.ts';
import { createContext } from './core/context.ts';
import { Journal } from './core/journal.ts';
import { Retention } from './core/retention.ts';
import { Scheduler } from './core/scheduler.ts';
import { type Adjustable, DEFAULT_SETTINGS, type Settings } from './core/settings.ts';
import { Store } from './core/store.ts';
import { Engine } from './http/engine.ts';
import { Faults } from './http/faults.ts';
import { Idempotency } from './http/idempotency.ts';
import { RequestLog } from './http/request-log.ts';
import { connectRoutes, routes } from './resources/index.ts';
import { SEEDED_ACCOUNTS, seedAccounts } from './seed.ts';
import { configureEndpoints, type WebhookOptions } from './webhooks/configured.ts';
import { UNDISTURBED } from './webhooks/disturbance.ts';
import { WebhookSender } from './webhooks/sender.ts';

export interface SandboxOptions {
  /** Where the journal is kept; without it everything is forgotten at the end. */
  dataDir?: string;
  /** The same requests give the same ids; without it ids are random. */
  seed?: number;
  platformKey?: string;
  platformCountry?: string;
  /** Unix milliseconds at which the clock stands until it is advanced; without it the real time runs. */
  now?: number;
  /** What the settings control can change later. */
  settings?: Partial<Adjustable>;
  /** Where people reach the sandbox's pages; without it, where it listens. */
  publicUrl?: string;
  /** Told of every event: an endpoint for the platform's and one for its connected accounts'. */
  webhooks?: WebhookOptions;
  /** How long an endpoint may take to answer, in real time. */
  webhookTimeoutMs?: number;
  logger?: { error: (details: object, message: string) => void };
}

export interface Platform {
  /** Stripe's own protocol: one request after the other. */
  readonly engine: Engine;
  /** What the sandbox's controls reach. */
  readonly world: World;
  /** What comes due by time. */
  readonly scheduler: Scheduler;
  readonly settings: Settings;
  readonly onError: (error: unknown) => void;
}

export const DEFAULT_PLATFORM_KEY = 'sk_test_waybill';
const DEFAULT_WEBHOOK_TIMEOUT_MS = 10_000;

/** A platform with its connected accounts, to be asked in this process: what listens is in index.ts. */
export function createPlatform(options: SandboxOptions = {}): Platform {
  const { seed, logger } = options;
  const clock = new Clock(options.now);
  const settings: Settings = {
    platform: SEEDED_ACCOUNTS.platform,
    platformCountry: options.platformCountry ?? 'US',
    publicUrl: options.publicUrl ?? 'http://127.0.0.1',
    ...DEFAULT_SETTINGS,
    ...options.settings,
  };
  const onError = (error: unknown): void => logger?.error({ err: error }, 'sandbox request failed');
  const store = new Store(options.dataDir === undefined ? undefined : new Journal(options.dataDir));
  const begin = (): void => {
    store.transaction((tx) => {
      const kept = tx.get('meta', 'meta');
      if (kept) clock.restore(kept.clockOffsetMs);
      Object.assign(settings, DEFAULT_SETTINGS, options.settings, kept?.settings);
      const now = Math.floor(clock.nowMs() / 1000);
      configureEndpoints(tx, options.webhooks, settings.platform, now);
      if (kept) return;
      const text = seed === undefined ? randomBytes(16).toString('hex') : String(seed);
      tx.put('meta', { id: 'meta', counter: 0, clockOffsetMs: clock.offset, seed: text, settings: {} });
      seedAccounts(tx, now, settings.platformCountry);
    });
  };
  begin();

  const scheduler = new Scheduler(store, clock, settings, onError);
  const retention = new Retention(store);
  const faults = new Faults();
  const log = new RequestLog();
  const webhooks = new WebhookSender({
    store,
    clock,
    settings,
    timeoutMs: options.webhookTimeoutMs ?? DEFAULT_WEBHOOK_TIMEOUT_MS,
    onError,
  });
  const world: World = {
    store,
    clock,
    faults,
    log,
    webhooks,
    settings,
    adjust: (changes) => {
      store.transaction((tx) => {
        const kept = tx.must('meta', 'meta').settings;
        tx.update('meta', 'meta', { settings: { ...kept, ...changes } });
      });
      Object.assign(settings, changes);
    },
    advance: (ms) => {
      store.transaction((tx) => tx.update('meta', 'meta', { clockOffsetMs: clock.offset + ms }));
      clock.advance(ms);
      scheduler.runDue();
    },
    reset: () => {
      store.reset();
      clock.restore(0);
      faults.clear();
      log.clear();
      webhooks.disturb(UNDISTURBED);
      begin();
      scheduler.reload();
      retention.reload();
      webhooks.reload();
    },
    transaction: (work) => {
      scheduler.runDue();
      return store.transaction((tx) => work(createContext({ tx, settings, nowMs: clock.nowMs() })));
    },
  };
  const engine = new Engine({
    store,
    clock,
    scheduler,
    retention,
    settings,
    platformKey: options.platformKey ?? DEFAULT_PLATFORM_KEY,
    routes: [...routes, ...connectRoutes],
    faults,
    idempotency: new Idempotency(store),
    log,
    onError,
  });
  return { engine, world, scheduler, settings, onError };
}
