import { connectAccount, connectCommand } from '../../api/accounts/oauth-connection.ts';
import { Accounts } from '../../api/backend/accounts.ts';
import { EndedTransfers } from '../../api/backend/ended-transfers.ts';
import { Payouts } from '../../api/backend/payouts.ts';
import { Transfers } from '../../api/backend/transfers.ts';
import type { AccountInput, AccountOrigin } from '../../contract/accounts.ts';
import type { CommandAnswer } from '../../contract/command-messages.ts';
import type { OrderDefaults } from '../../contract/orders.ts';
import { payoutPolicy } from '../../contract/payouts.ts';
import { transferPolicy } from '../../contract/transfers.ts';
import type { CommandEnvelope } from '../../domain/commands/command.ts';
import { messageOf } from '../../domain/commands/define-command.ts';
import { accountWorkflowId, payoutWorkflowId, transferWorkflowId } from '../../domain/ids.ts';
import type { World } from '../world/world.ts';
import { TASK_QUEUE } from '../world/world.ts';
import type { Callers, WorkBody } from './caller.ts';
import { WAIT_MS } from './caller.ts';
import { accountAtStripe, consentOutside } from './owners.ts';
import type { PlannedWork } from './plan-work.ts';
import { referenceOf } from './plan-work.ts';
import { DAY_MS } from './times.ts';

/** Who asks for payouts, transfers out of no order, and accounts, by way of the API's own code. */
export class WorkCallers {
  readonly #world: World;
  readonly #callers: Callers;
  readonly #orderPolicy: OrderDefaults;
  readonly #payouts: Payouts;
  readonly #transfers: Transfers;
  readonly #accounts: Accounts;

  constructor(world: World, callers: Callers) {
    const {
      temporal,
      policy,
      network: { stripe },
    } = world;
    this.#world = world;
    this.#callers = callers;
    this.#orderPolicy = policy;
    const deps = { temporal, taskQueue: TASK_QUEUE, stripe, policy };
    const events = world.subscriber;
    this.#payouts = new Payouts(deps, events);
    this.#transfers = new Transfers(deps, new EndedTransfers(deps, events), events);
    this.#accounts = new Accounts(deps, events);
  }

  begin(work: PlannedWork): void {
    if (work.openedBeforeMs !== null) {
      this.#connect(work);
      return;
    }
    const envelope = this.#callers.envelope(work.id, 'begin');
    this.#callers.ask(work.id, envelope, null, () => this.#begin(work, envelope));
  }

  command(work: PlannedWork, name: string, body: WorkBody, actor = 'caller'): void {
    const envelope = { ...this.#callers.envelope(work.id, name), actor };
    this.#callers.ask(work.id, envelope, body, () => this.#command(work, body, envelope));
  }

  #begin(work: PlannedWork, envelope: CommandEnvelope): Promise<CommandAnswer<unknown>> {
    const { kind, id, account, amount, isPatient } = work;
    switch (kind) {
      case 'payout': {
        const money = { connectedAccount: account, amount, currency: 'usd', whenAvailable: isPatient };
        const terms = { id, ...money, ...STANDARD_PAYOUT };
        const policy = payoutPolicy(this.#orderPolicy, DAY_MS);
        return this.#payouts.create({ terms, livemode: false, policy, payOut: envelope }, WAIT_MS);
      }
      case 'transfer': {
        const money = { amount, currency: 'usd', destination: account, description: null };
        const input = {
          id,
          ...money,
          livemode: false,
          policy: transferPolicy(this.#orderPolicy),
          pay: envelope,
        };
        return this.#transfers.create(input, WAIT_MS);
      }
      case 'account':
        return this.#accounts.begin(this.#accountInput(work, envelope), WAIT_MS);
    }
  }

  /** The owner consents at Stripe, whose answer the owner's browser carries to the API. */
  #connect(work: PlannedWork): void {
    const code = consentOutside(this.#world, work);
    const state = { caller: 'caller', reference: work.id, nonce: `nonce of ${work.id}` };
    const command = connectCommand(state, code, `req ${work.id}`);
    const backend = {
      accounts: this.#accounts,
      livemode: false,
      policy: this.#orderPolicy,
      stripe: this.#world.network.stripe,
    };
    this.#callers.ask(work.id, command, null, () => connectAccount(backend, work.id, code, command));
  }

  #command(work: PlannedWork, body: WorkBody, envelope: CommandEnvelope): Promise<CommandAnswer<unknown>> {
    const { kind, id, account } = work;
    const { kind: _, ...fields } = body;
    const message = messageOf(envelope, fields);
    const command = { ...body, ...envelope };
    switch (kind) {
      case 'payout':
        return this.#payouts.command({ account, payoutId: id }, command as never, message, WAIT_MS);
      case 'transfer':
        return this.#transfers.command(id, command as never, message, WAIT_MS);
      case 'account': {
        const begin = { ...envelope, commandId: `${envelope.commandId}-adopt` };
        const atStripe = accountAtStripe(this.#world, work);
        const adopted = { ...work, isAdopted: true, account: atStripe?.id ?? referenceOf(work) };
        const known = { reference: referenceOf(work), mayBeKnown: true } as const;
        const input = { ...this.#accountInput(adopted, begin), ...known };
        const isOpen = atStripe?.sandbox.disconnected === false && atStripe.sandbox.rejected === null;
        return this.#accounts.command({ adopted: input, isOpen }, command as never, message, WAIT_MS);
      }
    }
  }

  #accountInput(work: PlannedWork, begin: CommandEnvelope): AccountInput {
    const origin: AccountOrigin = work.isAdopted
      ? { kind: 'adopt', account: work.account }
      : { kind: 'create', terms: NEW_ACCOUNT };
    return { reference: referenceOf(work), livemode: false, policy: this.#policy(), origin, begin };
  }

  #policy() {
    return { retryBudgetMs: this.#orderPolicy.retryBudgetMs };
  }
}

const STANDARD_PAYOUT = {
  method: 'standard',
  destination: null,
  statementDescriptor: null,
  description: null,
  metadata: {},
} as const;

const NEW_ACCOUNT = {
  type: 'custom',
  controller: null,
  country: 'US',
  serviceAgreement: null,
  capabilities: ['card_payments', 'transfers'],
} as const;

export function workflowIdOf(work: PlannedWork): string {
  if (work.kind === 'payout') return payoutWorkflowId(work.id);
  return work.kind === 'transfer' ? transferWorkflowId(work.id) : accountWorkflowId(referenceOf(work));
}
