import type { CommandAnswer } from '../../contract/command-messages.ts';
import { updateOf, wholeAnswer } from '../../contract/command-messages.ts';
import { transferBeginning } from '../../contract/transfer-start.ts';
import type {
  ReopenedTransferInput,
  ReverseCommand,
  TransferMemory,
  TransferState,
} from '../../contract/transfers.ts';
import { USUAL_TRANSFER } from '../../contract/transfers.ts';
import type { CommandMessage } from '../../domain/commands/define-command.ts';
import { transferWorkflowId } from '../../domain/ids.ts';
import { TRANSFER_COMMANDS } from '../../domain/orders/transfer-command-table.ts';
import { refusalOfTransferCommand } from '../../domain/orders/transfer-refusals.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { TtlCache } from '../../domain/ttl-cache.ts';
import { readTransferFromStripe } from '../../stripe/read-transfer.ts';
import { readReversals } from '../../stripe/reversals.ts';
import type { ApiDeps } from '../http/deps.ts';
import { running } from './commanded.ts';
import type { Events } from './events.ts';
import { reopen } from './reopen.ts';

type Deps = Pick<ApiDeps, 'temporal' | 'taskQueue' | 'stripe' | 'policy'>;

/** Longer than an impatient caller waits between two tries, shorter than a person does. */
const UNKNOWN_IDS = { ttlMs: 15_000, max: 10_000 };

/** A transfer whose workflow has ended or is gone, and what of it Stripe does not know. */
export interface EndedTransfer {
  readonly state: TransferState;
  /** Null: Temporal has forgotten it. */
  readonly memory: TransferMemory | null;
}

/** Transfers with no order whose workflow has ended or is gone. A reversal reopens them in a new run. */
export class EndedTransfers {
  readonly #deps: Deps;
  /** Ids that Stripe did not know a moment ago, so that whoever asks again and again does not make Stripe look each time. */
  readonly #unknown = new TtlCache<true>(UNKNOWN_IDS, Date.now);

  readonly #events: Pick<Events, 'announcing'>;

  constructor(deps: Deps, events: Pick<Events, 'announcing'>) {
    this.#deps = deps;
    this.#events = events;
  }

  /** One that Temporal has forgotten, as Stripe knows it; null: Stripe knows none. */
  async readFromStripe(transferId: string): Promise<EndedTransfer | null> {
    const state = await readTransferFromStripe(this.#deps, transferId);
    return state && { state, memory: null };
  }

  /** The same for readers, who may ask often. */
  async readFromStripeForReader(transferId: string): Promise<TransferState | null> {
    if (this.#unknown.get(transferId)) return null;
    const found = await this.readFromStripe(transferId);
    if (!found) this.#unknown.set(transferId, true);
    return found?.state ?? null;
  }

  async reverse(
    { state, memory }: EndedTransfer,
    command: ReverseCommand,
    message: CommandMessage,
    waitMs: number,
  ): Promise<CommandAnswer<TransferState>> {
    const refusal = refusalOfTransferCommand(state, command);
    if (refusal) throw new ProblemError(refusal);
    const { temporal, taskQueue, stripe } = this.#deps;
    const { createdAt, transfer } = state;
    // What nobody remembers was announced when it happened, or nobody had asked for it.
    const forgotten = memory || !transfer ? {} : { reversals: await readReversals(stripe, transfer.id) };
    const reopened = { createdAt, transfer, memory, ...forgotten, command };
    const { announced: _, ...asked } = state.input;
    const input: ReopenedTransferInput = await this.#events.announcing({ ...asked, reopened });
    const workflowId = transferWorkflowId(input.id);
    const beginning = { ...transferBeginning(input, taskQueue), workflowId };
    const update = updateOf<TransferState>(TRANSFER_COMMANDS.reverse_transfer);
    const answer = await reopen(
      temporal,
      beginning,
      { update, message, commandId: command.commandId },
      waitMs,
    );
    return answer
      ? wholeAnswer(answer, command.commandId, USUAL_TRANSFER)
      : { result: running(command), state };
  }
}
