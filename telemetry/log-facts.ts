import { AsyncLocalStorage } from 'node:async_hooks';
import { accountReferenceOf, orderIdOf, payoutIdOf, transferIdOf } from '../domain/ids.ts';

/** What log lines are found by. Each line about it has it under this name, whichever process wrote it. */
export interface LogFacts {
  request_id?: string;
  /** The X-Request-Id that the caller gave. */
  caller_request_id?: string;
  command_id?: string;
  /** Stripe's id of its last answer. */
  stripe_request_id?: string;
  order_id?: string;
  transfer_id?: string;
  account_id?: string;
  payout_id?: string;
}

const storage = new AsyncLocalStorage<LogFacts>();

/** What is known of the work that is going on. */
export function logFacts(): LogFacts {
  return storage.getStore() ?? {};
}

/** Does work with what is known of it; `facts` grows while more becomes known. */
export function withLogFacts<T>(facts: LogFacts, work: () => T): T {
  return storage.run(facts, work);
}

/** Something became known of the work that is going on. */
export function noteLogFacts(facts: LogFacts): void {
  Object.assign(logFacts(), facts);
}

/** What a workflow is about, by its id. */
export function factsOfWorkflow(workflowId: string): LogFacts {
  const order = orderIdOf(workflowId);
  const transfer = transferIdOf(workflowId);
  const payout = payoutIdOf(workflowId);
  const account = accountReferenceOf(workflowId);
  return {
    ...(order === undefined ? {} : { order_id: order }),
    ...(transfer === undefined ? {} : { transfer_id: transfer }),
    ...(payout === undefined ? {} : { payout_id: payout }),
    ...(account === undefined ? {} : { account_id: account }),
  };
}
