import qs from 'qs';
import type { Clock } from '../core/clock.ts';
import type { Context } from '../core/context.ts';
import { createContext, DEFAULT_VERSION } from '../core/context.ts';
import { scramble } from '../core/ids.ts';
import { NotWritten } from '../core/journal.ts';
import type { Retention } from '../core/retention.ts';
import type { Scheduler } from '../core/scheduler.ts';
import type { Settings } from '../core/settings.ts';
import type { Store } from '../core/store.ts';
import type { Transaction } from '../core/transaction.ts';
import type { IdempotencyRecord } from '../objects/records.ts';
import type { Json } from '../views/json.ts';
import type { Answer, Call } from './answers.ts';
import { errorAnswer, replayOf, resultAnswer } from './answers.ts';
import type { Caller } from './auth.ts';
import { authenticate, keyHint } from './auth.ts';
import {
  accountInvalid,
  rateLimited,
  StripeError,
  serverError,
  unrecognizedUrl,
  versionInvalid,
} from './errors.ts';
import { expand } from './expand.ts';
import type { Fault, Faults } from './faults.ts';
import { faultError } from './faults.ts';
import type { Idempotency } from './idempotency.ts';
import { fingerprintOf } from './idempotency.ts';
import { checkPublishable } from './publishable.ts';
import { RateLimit } from './rate-limit.ts';
import type { RequestLog } from './request-log.ts';
import type { ReadRequest, Route } from './route.ts';
import { findRoute } from './route.ts';

export interface Incoming {
  method: string;
  path: string;
  query: string;
  body: string;
  header: (name: string) => string | undefined;
}

export interface EngineParts {
  store: Store;
  clock: Clock;
  scheduler: Scheduler;
  retention: Retention;
  settings: Settings;
  platformKey: string;
  routes: readonly Route[];
  faults: Faults;
  idempotency: Idempotency;
  log: RequestLog;
  onError: (error: unknown) => void;
}

const QS_OPTIONS = { depth: 10, arrayLimit: 1000, parameterLimit: 2000, allowPrototypes: false } as const;

/** One request from its headers to its answer; `undefined` means that the connection is to be cut. */
export class Engine {
  private readonly parts: EngineParts;
  private readonly rateLimit = new RateLimit();
  private requests = 0;
  private readonly requestSeed: string;

  constructor(parts: EngineParts) {
    this.parts = parts;
    const { seed, counter } = parts.store.get('meta', 'meta') ?? { seed: '', counter: 0 };
    // The counter distinguishes one boot from the next, so that a restarted sandbox does not repeat request ids.
    this.requestSeed = `${seed}:req:${counter}`;
  }

  async handle(incoming: Incoming): Promise<Answer | undefined> {
    const { log, faults, settings } = this.parts;
    this.requests += 1;
    const fault = faults.take(incoming.method, incoming.path);
    const call: Call = {
      requestId: `req_${scramble(this.requestSeed, this.requests, 14)}`,
      params: {},
      account: incoming.header('stripe-account') ?? settings.platform,
      version: incoming.header('stripe-version') ?? DEFAULT_VERSION,
      key: incoming.method === 'POST' ? incoming.header('idempotency-key') || undefined : undefined,
      recordId: undefined,
      path: incoming.path,
      fingerprint: '',
    };
    const answer = await this.answer(incoming, call, fault);
    log.add({
      id: call.requestId,
      created: this.now(),
      method: incoming.method,
      path: incoming.path,
      params: call.params,
      idempotency_key: call.key ?? null,
      stripe_account: incoming.header('stripe-account') ?? null,
      stripe_version: call.version,
      status: answer?.status ?? null,
      replayed: answer?.headers['Idempotent-Replayed'] === 'true',
      fault: fault?.id ?? null,
    });
    return answer;
  }

  private async answer(
    incoming: Incoming,
    call: Call,
    fault: Fault | undefined,
  ): Promise<Answer | undefined> {
    const effect = fault?.effect ?? {};
    const after = effect.when === 'after';
    try {
      const caller = authenticate(incoming.header('authorization'), this.parts.platformKey);
      if (!this.rateLimit.take(this.parts.settings.rate_limit_per_second, performance.now()))
        throw rateLimited();
      if (effect.drop && !after) {
        await this.delay(fault);
        return undefined;
      }
      this.parts.scheduler.runDue();
      const read = this.prepare(incoming, call, caller);
      const stored = this.claim(call);
      const answer = stored ? replayOf(call, stored, this.parts.settings) : await this.run(call, read, fault);
      if (after) await this.delay(fault);
      return after && effect.drop ? undefined : answer;
    } catch (error) {
      return this.failure(call, error);
    }
  }

  private async delay(fault: Fault | undefined): Promise<void> {
    if (fault?.effect.delay_ms) await this.parts.faults.delay(fault);
  }

  /** Whatever can be wrong with a request apart from its parameters. */
  private prepare(incoming: Incoming, call: Call, caller: Caller): () => ReadRequest {
    const { routes, store, idempotency, platformKey } = this.parts;
    call.params = parseParams(incoming);
    const account = store.get('account', call.account);
    if (!account || account.deleted || account.sandbox.disconnected)
      throw accountInvalid(keyHint(platformKey), call.account);
    if (!/^\d{4}-\d{2}-\d{2}/.test(call.version)) throw versionInvalid(call.version);
    const match = findRoute(routes, incoming.method, incoming.path);
    if (!match) throw unrecognizedUrl(incoming.method, incoming.path);
    if (caller === 'publishable') checkPublishable(match, call.params, store);
    if (call.key !== undefined) {
      call.recordId = idempotency.idOf(call.account, call.key);
      call.fingerprint = fingerprintOf(incoming.method, incoming.path, call.params);
    }
    return () => match.route.read(call.params, match.ids);
  }

  private claim({ recordId, key, path, fingerprint }: Call): IdempotencyRecord | undefined {
    if (recordId === undefined || key === undefined) return undefined;
    const { retention, settings, idempotency } = this.parts;
    retention.sweep(this.now(), settings);
    return idempotency.claim(recordId, key, { path, fingerprint }, this.now());
  }

  /** Holds the key until the answer is there; reads the parameters, then executes. */
  private async run(call: Call, read: () => ReadRequest, fault: Fault | undefined): Promise<Answer> {
    const { idempotency, scheduler } = this.parts;
    const effect = fault?.effect ?? {};
    const after = effect.when === 'after';
    const failure = faultError(effect);
    try {
      if (effect.delay_ms && !after) {
        await this.delay(fault);
        scheduler.runDue();
      }
      if (failure && !after) {
        this.saveFailure(call, failure);
        throw failure;
      }
      return this.execute(call, read(), failure);
    } finally {
      if (call.recordId !== undefined) idempotency.release(call.recordId);
    }
  }

  /** Effects, events, ledger and the answer kept under the key are one commit, or none of them is. */
  private execute(call: Call, request: ReadRequest, replaceBy: StripeError | undefined): Answer {
    try {
      return this.parts.store.transaction((tx) => {
        const ctx = this.context(call, tx);
        const result = attempt(ctx, request);
        const failed = replaceBy ?? (result instanceof StripeError ? result : undefined);
        const answer = failed ? errorAnswer(ctx, call, failed) : resultAnswer(ctx, call, result as Json);
        this.save(call, tx, answer);
        return answer;
      });
    } catch (error) {
      // Kept under the key, this would be the answer for a day.
      if (error instanceof NotWritten) throw error;
      if (!(error instanceof StripeError)) this.parts.onError(error);
      const failure = error instanceof StripeError ? error : serverError();
      this.saveFailure(call, failure);
      throw failure;
    }
  }

  private saveFailure(call: Call, error: StripeError): void {
    if (call.recordId === undefined || error.traits.notSaved) return;
    this.parts.store.transaction((tx) => {
      this.save(call, tx, errorAnswer(this.context(call, tx), call, error));
    });
  }

  private save(call: Call, tx: Transaction, answer: Answer): void {
    if (call.recordId === undefined) return;
    const retry = answer.headers['Stripe-Should-Retry'];
    tx.put('idempotency_key', {
      id: call.recordId,
      created: this.now(),
      fingerprint: call.fingerprint,
      path: call.path,
      status: answer.status,
      body: answer.body,
      headers: retry ? { 'Stripe-Should-Retry': retry } : {},
      requestId: call.requestId,
    });
  }

  private failure(call: Call, error: unknown): Answer {
    if (!(error instanceof StripeError)) this.parts.onError(error);
    const known = error instanceof StripeError ? error : serverError();
    return this.parts.store.transaction((tx) => errorAnswer(this.context(call, tx), call, known));
  }

  private context(call: Call, tx: Transaction): Context {
    const { settings, clock } = this.parts;
    return createContext({
      tx,
      settings,
      nowMs: clock.nowMs(),
      account: call.account,
      version: call.version,
      request: { id: call.requestId, idempotency_key: call.key ?? null },
    });
  }

  private now(): number {
    return Math.floor(this.parts.clock.nowMs() / 1000);
  }
}

/** A result, or the error whose effects are to stay. Any other error ends the transaction without a trace. */
function attempt(ctx: Context, request: ReadRequest): Json | StripeError {
  try {
    return expand(ctx, request.handle(ctx), request.expand);
  } catch (error) {
    if (error instanceof StripeError && error.traits.keepsEffects) return error;
    throw error;
  }
}

function parseParams({ method, query, body }: Incoming): Json {
  const source = method === 'GET' ? query : [query, body].filter((part) => part !== '').join('&');
  return qs.parse(source, QS_OPTIONS) as Json;
}
