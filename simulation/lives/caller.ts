import { EndedOrders } from '../../api/backend/ended-orders.ts';
import { Orders } from '../../api/backend/orders.ts';
import type { CommandAnswer } from '../../contract/command-messages.ts';
import type { AccountCommandBody } from '../../domain/accounts/account-command-table.ts';
import type { CommandEnvelope, CommandResult } from '../../domain/commands/command.ts';
import { messageOf } from '../../domain/commands/define-command.ts';
import type { Problem } from '../../domain/errors.ts';
import type { OrderCommandBody } from '../../domain/orders/order-command-table.ts';
import type { TransferCommandBody } from '../../domain/orders/transfer-command-table.ts';
import type { PayoutCommandBody } from '../../domain/payouts/payout-command-table.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { AccountDirectory } from '../../stripe/account-directory.ts';
import { faultOf } from '../../temporal/faults.ts';
import type { Chance } from '../world/chance.ts';
import type { World } from '../world/world.ts';
import { TASK_QUEUE } from '../world/world.ts';
import type { PlannedOrder } from './plan.ts';

/** What is asked of payouts, transfers out of no order, and accounts. */
export type WorkBody = PayoutCommandBody | TransferCommandBody | AccountCommandBody;

/** What a caller was answered, by command. */
export interface Asked {
  /** Of the order, payout, transfer or account, as the plan names it. */
  readonly about: string;
  /** When it was sent first; milliseconds since the epoch. */
  readonly at: number;
  readonly envelope: CommandEnvelope;
  /** Null: it begins with it. */
  readonly body: OrderCommandBody | WorkBody | null;
  readonly results: CommandResult[];
  readonly problems: Problem[];
}

type Send = () => Promise<CommandAnswer<unknown>>;

/** How long the API waits for an answer. */
export const WAIT_MS = 10_000;
const AGAIN_MS = 5_000;
const TRIES_MAX = 12;
const ASKS_AGAIN: ReadonlySet<string> = new Set([
  'unavailable',
  'idempotency_key_in_use',
  'too_many_requests',
]);

/** Backend services and operators, by way of the API's own code: they repeat what is not answered, or give up. */
export class Callers {
  readonly asked = new Map<string, Asked>();
  readonly #world: World;
  readonly #chance: Chance;

  constructor(world: World, chance: Chance) {
    this.#world = world;
    this.#chance = chance;
  }

  /** For each request: of two that wait for one reading of an account, each would carry the other on. */
  #newOrders(): Orders {
    const { temporal, policy, network } = this.#world;
    const { stripe } = network;
    const logger = { warn: () => {}, info: () => {}, error: () => {} } as never;
    const deps = { temporal, taskQueue: TASK_QUEUE, stripe, policy, livemode: false, logger };
    const events = this.#world.subscriber;
    const ended = new EndedOrders(deps, events, new AccountDirectory(stripe));
    return new Orders(deps, ended, events);
  }

  /** As the API makes it of a request under an API key. */
  envelope(about: string, name: string): CommandEnvelope {
    const commandId = commandIdOf(about, name);
    const { key: perDay } = this.#world.dayLimits;
    const envelope = { commandId, requestHash: `hash of ${commandId}`, requestId: `req ${commandId}` };
    return { ...envelope, actor: 'caller', ...(Object.keys(perDay).length > 0 ? { perDay } : {}) };
  }

  create({ id, terms }: PlannedOrder): void {
    const envelope = this.envelope(id, 'create');
    const { onDisputeLost: _, ...policy } = this.#world.policy;
    const input = { terms, livemode: false, policy, authorize: envelope };
    this.ask(id, envelope, null, () => this.#newOrders().create(input, WAIT_MS));
  }

  adopt(orderId: string, paymentIntent: string): void {
    const envelope = this.envelope(orderId, 'adopt');
    this.ask(orderId, envelope, null, () =>
      this.#newOrders().adopt(orderId, paymentIntent, envelope, WAIT_MS),
    );
  }

  command(orderId: string, name: string, body: OrderCommandBody, actor = 'caller'): void {
    const envelope = { ...this.envelope(orderId, name), actor };
    const { kind: _, ...fields } = body;
    const message = messageOf(envelope, fields);
    this.ask(orderId, envelope, body, () =>
      this.#newOrders().command(orderId, { ...body, ...envelope }, message, WAIT_MS),
    );
  }

  /** Asks until there is an answer. */
  ask(about: string, envelope: CommandEnvelope, body: Asked['body'], send: Send): void {
    const { now: at } = this.#world.clock;
    const asked: Asked = { about, at, envelope, body, results: [], problems: [] };
    this.asked.set(envelope.commandId, asked);
    const place = `caller ${envelope.commandId}`;
    const copies = this.#chance.happens('command_doubled', place) ? 2 : 1;
    for (let copy = 1; copy <= copies; copy++) {
      this.#world.processes.run(
        { place: `${place} ${copy}`, worker: null, attempt: 1, heartbeat: null },
        () => this.#untilAnswered(asked, `${place} ${copy}`, send),
        () => {},
        (error) => this.#world.broken.push(`${place}: ${error.stack}`),
      );
    }
  }

  async #untilAnswered(asked: Asked, place: string, send: Send): Promise<void> {
    for (let tries = 1; tries <= TRIES_MAX; tries++) {
      try {
        const { result } = await send();
        if (result.outcome !== 'running') return void asked.results.push(result);
      } catch (error) {
        if (error instanceof ProblemError) {
          if (!ASKS_AGAIN.has(error.problem.code)) return void asked.problems.push(error.problem);
        } else {
          const fault = faultOf(error);
          if (fault?.type === 'rejected') return void asked.problems.push(fault.problem);
          if (!fault && !isOfStripe(error)) throw error;
        }
      }
      if (this.#chance.happens('caller_lost', `${place} ${tries}`)) return;
      await this.#world.processes.sleep(AGAIN_MS * 2 ** tries);
    }
  }
}

function isOfStripe(error: unknown): boolean {
  return error instanceof Error && 'rawType' in error;
}

export function commandIdOf(about: string, name: string): string {
  return `${about}-${name}`;
}
