import type { Clock } from '../core/clock.ts';
import type { Context } from '../core/context.ts';
import type { Adjustable, Settings } from '../core/settings.ts';
import type { Store } from '../core/store.ts';
import type { Faults } from '../http/faults.ts';
import type { RequestLog } from '../http/request-log.ts';
import type { WebhookSender } from '../webhooks/sender.ts';

/** What the control API may reach: the sandbox from the inside. */
export interface World {
  store: Store;
  clock: Clock;
  faults: Faults;
  log: RequestLog;
  webhooks: WebhookSender;
  settings: Readonly<Settings>;
  adjust: (changes: Partial<Adjustable>) => void;
  advance: (ms: number) => void;
  reset: () => void;
  transaction: <R>(work: (ctx: Context) => R) => R;
}
