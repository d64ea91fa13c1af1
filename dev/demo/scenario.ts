import type { OrderResource } from '../../api/orders/order-schema.ts';
import type { PayoutResource } from '../../api/payouts/payout-schema.ts';
import type { TransferResource } from '../../api/transfers/transfer-schema.ts';
import type { ManagedProcess } from '../processes/managed-process.ts';
import type { Amounts } from './amounts.ts';
import type { ApiClient } from './api-client.ts';
import type { ConnectClient } from './connect-client.ts';
import type { Holdings } from './holdings.ts';
import type { SandboxClient } from './sandbox-client.ts';

/** One story about money: what happens, and who must hold which cent in the end. */
export interface Scenario {
  /** Unique; its order is named so. */
  readonly name: string;
  readonly title: string;
  readonly expected: Expected;
  play(stage: Stage): Promise<Outcome>;
}

/** In minor units, signed: what a party has more than before. Nobody `exchanges` where there is one currency. */
export interface Expected extends Omit<Holdings, 'bank' | 'exchange'> {
  readonly bank?: Amounts;
  readonly exchange?: Amounts;
  /** What must hold besides, in a sentence. */
  readonly facts: Facts;
}

export type Facts = Readonly<Record<string, string | number | null>>;

interface Outcome {
  readonly orders: readonly OrderResource[];
  /** Special-case transfers with no order. */
  readonly transfers?: readonly TransferResource[];
  readonly payouts?: readonly PayoutResource[];
  readonly facts: Facts;
}

/** What a scenario plays with. */
export interface Stage {
  readonly api: ApiClient;
  /** Accounts and customers, by the same API. */
  readonly connect: ConnectClient;
  readonly sandbox: SandboxClient;
  readonly worker: ManagedProcess;
  /** `payee`: one whose money nobody else in the demo moves. */
  readonly accounts: { readonly us: string; readonly de: string; readonly payee: string };
  /** Tells whoever watches what is going on. */
  step(what: string): void;
}
