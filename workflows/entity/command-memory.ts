import type { AccountCommandKind } from '../../domain/accounts/account-command-table.ts';
import type { CommandResult, RunningCommand } from '../../domain/commands/command.ts';
import type { Operation } from '../../domain/ids.ts';
import type { OrderCommandKind } from '../../domain/orders/order-command-table.ts';

/** What a command begins: a caller's command, or something the workflow does on its own. */
export type BegunKind = OrderCommandKind | AccountCommandKind | Operation | 'pay' | 'pay_out';

/** Those that ended first are forgotten first, except for the one that created the workflow. */
const COMMANDS_MAX = 200;

/** How each command stands, for repeats. */
export class CommandMemory {
  readonly #known: Map<string, CommandResult | RunningCommand>;

  constructor(carried: readonly (CommandResult | RunningCommand)[] = []) {
    this.#known = new Map(carried.map((command) => [command.commandId, command]));
  }

  /** Null if it is not known. */
  get(commandId: string): CommandResult | RunningCommand | null {
    return this.#known.get(commandId) ?? null;
  }

  /** Null while it is running. */
  result(commandId: string): CommandResult | null {
    const known = this.get(commandId);
    return known && isEnded(known) ? known : null;
  }

  remember(command: CommandResult | RunningCommand): void {
    const [first] = this.#known.keys();
    // One that took long to end is not the oldest.
    if (command.commandId !== first) this.#known.delete(command.commandId);
    this.#known.set(command.commandId, command);
    if (this.#known.size <= COMMANDS_MAX) return;
    const [, ...later] = this.#known.values();
    const oldest = later.find(isEnded);
    if (oldest) this.#known.delete(oldest.commandId);
  }

  all(): readonly (CommandResult | RunningCommand)[] {
    return [...this.#known.values()];
  }
}

function isEnded(command: CommandResult | RunningCommand): command is CommandResult {
  return command.outcome !== 'running';
}
