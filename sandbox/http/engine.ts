import qs from 'qs';
import type { Clock } from '../core/clock.ts';
import type { Context, Settings } from '../core/context.ts';
import { createContext, DEFAULT_VERSION } from '../core/context.ts';
import { scramble } from '../core/ids.ts';
import type { Scheduler } from '../core/scheduler.ts';
import type { Store } from '../core/store.ts';
import type { Transaction } from '../core/transaction.ts';
import { view } from '../views/index.ts';
import type { Json } from '../views/json.ts';
import { authenticate, keyHint } from './auth.ts';
import {
  accountInvalid,
  errorEnvelope,
  malformed,
  StripeError,
  serverError,
  unrecognizedUrl,
} from './errors.ts';
import { expand } from './expand.ts';
import type { Fault, Faults } from './faults.ts';
import { faultError } from './faults.ts';
import type { Idempotency } from './idempotency.ts';
import { fingerprintOf } from './idempotency.ts';
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

export interface Answer {
  status: number;
  body: string;
  headers: Record<string, string>;
}

export interface EngineParts {
  store: Store;
  clock: Clock;
  scheduler: Scheduler;
  settings: Settings;
  platformKey: string;
  routes: readonly Route[];
  faults: Faults;
  idempotency: Idempotency;
  log: RequestLog;
  onError: (error: unknown) => void;
}

interface Call {
  requestId: string;
  params: Json;
  account: string;
  version: string;
  key: string | undefined;
  recordId: string | undefined;
  fingerprint: string;
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const QS_OPTIONS = { depth: 10, arrayLimit: 1000, parameterLimit: 2000, allowPrototypes: false } as const;

/** One request from its headers to its answer; `undefined` means that the connection is to be cut. */
export class Engine {
  private readonly parts: EngineParts;
  private requests = 0;
  private readonly requestSeed: string;

  constructor(parts: EngineParts) {
    this.parts = parts;
    const { seed, counter } = parts.store.get('meta', 'meta') ?? { seed: '', counter: 0 };
    // The counter tells one boot from the next, so that a restarted sandbox does not repeat request ids.
    this.requestSeed = `${seed}:req:${counter}`;
  }

  async handle(incoming: Incoming): Promise<Answer | undefined> {
    const { log, faults, clock } = this.parts;
    this.requests += 1;
    const requestId = `req_${scramble(this.requestSeed, this.requests, 14)}`;
    const fault = faults.take(incoming.method, incoming.path);
    const call: Call = {
      requestId,
      params: {},
      account: incoming.header('stripe-account') ?? this.parts.settings.platform,
      version: incoming.header('stripe-version') ?? DEFAULT_VERSION,
      key: incoming.method === 'POST' ? incoming.header('idempotency-key') || undefined : undefined,
      recordId: undefined,
      fingerprint: '',
    };
    const answer = await this.answer(incoming, call, fault);
    log.add({
      id: requestId,
      created: Math.floor(clock.nowMs() / 1000),
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
    const { idempotency, scheduler, clock } = this.parts;
    const effect = fault?.effect ?? {};
    const after = effect.when === 'after';
    try {
      authenticate(incoming.header('authorization'), this.parts.platformKey);
      if (effect.drop && !after) {
        await wait(effect.delay_ms ?? 0);
        return undefined;
      }
      scheduler.runDue();
      const request = this.read(incoming, call);
      const stored =
        call.recordId === undefined || call.key === undefined
          ? undefined
          : idempotency.claim(call.recordId, call.key, call.fingerprint, Math.floor(clock.nowMs() / 1000));
      let answer: Answer;
      if (stored) {
        answer = {
          status: stored.status,
          body: stored.body,
          headers: {
            ...stored.headers,
            ...this.headers(call),
            'Idempotent-Replayed': 'true',
            'Original-Request': stored.requestId,
          },
        };
      } else {
        try {
          if (effect.delay_ms && !after) {
            await wait(effect.delay_ms);
            scheduler.runDue();
          }
          const failure = faultError(effect);
          if (failure && !after) this.saveFailure(call, failure);
          if (failure && !after) throw failure;
          answer = this.execute(call, request(), after ? failure : undefined);
        } finally {
          if (call.recordId !== undefined) idempotency.release(call.recordId);
        }
      }
      if (after && effect.delay_ms) await wait(effect.delay_ms);
      return after && effect.drop ? undefined : answer;
    } catch (error) {
      return this.failure(call, error);
    }
  }

  /** Everything that can be wrong with a request before its endpoint starts. */
  private read(incoming: Incoming, call: Call): () => ReadRequest {
    const { routes, store, settings, idempotency } = this.parts;
    call.params = parseParams(incoming);
    const account = store.get('account', call.account);
    if (!account || account.deleted) throw accountInvalid(keyHint(this.parts.platformKey), call.account);
    if (!/^\d{4}-\d{2}-\d{2}/.test(call.version)) {
      throw malformed(`Invalid Stripe API version: ${call.version}`);
    }
    const match = findRoute(routes, incoming.method, incoming.path);
    if (!match) throw unrecognizedUrl(incoming.method, incoming.path);
    if (call.key !== undefined) {
      call.recordId = idempotency.idOf(
        call.account === settings.platform ? settings.platform : call.account,
        call.key,
      );
      call.fingerprint = fingerprintOf(incoming.method, incoming.path, call.params);
    }
    return () => match.route.read(call.params, match.ids);
  }

  private execute(call: Call, request: ReadRequest, replaceBy: StripeError | undefined): Answer {
    const { store } = this.parts;
    try {
      return store.transaction((tx) => {
        const ctx = this.context(call, tx);
        const result = this.attempt(ctx, request);
        const answer = replaceBy ? this.errorAnswer(ctx, call, replaceBy) : this.compose(call, ctx, result);
        this.save(call, tx, answer);
        return answer;
      });
    } catch (error) {
      if (!(error instanceof StripeError)) this.parts.onError(error);
      const failure = error instanceof StripeError ? error : serverError();
      this.saveFailure(call, failure);
      throw failure;
    }
  }

  /** A result, or the error whose effects are to stay. Any other error ends the transaction without a trace. */
  private attempt(ctx: Context, request: ReadRequest): Json | StripeError {
    try {
      return expand(ctx, request.handle(ctx), request.expand);
    } catch (error) {
      if (error instanceof StripeError && error.traits.keepsEffects) return error;
      throw error;
    }
  }

  private compose(call: Call, ctx: Context, result: Json | StripeError): Answer {
    if (result instanceof StripeError) return this.errorAnswer(ctx, call, result);
    const headers = { ...this.headers(call), ...(call.key ? { 'Stripe-Should-Retry': 'false' } : {}) };
    return { status: 200, body: JSON.stringify(result), headers };
  }

  private errorAnswer(ctx: Context, call: Call, error: StripeError): Answer {
    const { intent, shouldRetry, notSaved } = error.traits;
    const row = intent === undefined ? undefined : ctx.tx.get('payment_intent', intent);
    const body = row ? { ...error.body, payment_intent: view(ctx, 'payment_intent', row) } : error.body;
    const retry = shouldRetry ? 'true' : notSaved || !call.key ? undefined : 'false';
    return {
      status: error.status,
      body: JSON.stringify(errorEnvelope(body)),
      headers: { ...this.headers(call), ...(retry ? { 'Stripe-Should-Retry': retry } : {}) },
    };
  }

  private saveFailure(call: Call, error: StripeError): void {
    if (call.recordId === undefined || error.traits.notSaved) return;
    this.parts.store.transaction((tx) => {
      this.save(call, tx, this.errorAnswer(this.context(call, tx), call, error));
    });
  }

  private failure(call: Call, error: unknown): Answer {
    if (!(error instanceof StripeError)) this.parts.onError(error);
    const known = error instanceof StripeError ? error : serverError();
    return this.parts.store.transaction((tx) => this.errorAnswer(this.context(call, tx), call, known));
  }

  private save(call: Call, tx: Transaction, answer: Answer): void {
    if (call.recordId === undefined) return;
    const retry = answer.headers['Stripe-Should-Retry'];
    tx.put('idempotency_key', {
      id: call.recordId,
      created: Math.floor(this.parts.clock.nowMs() / 1000),
      fingerprint: call.fingerprint,
      status: answer.status,
      body: answer.body,
      headers: retry ? { 'Stripe-Should-Retry': retry } : {},
      requestId: call.requestId,
    });
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

  private headers(call: Call): Record<string, string> {
    return {
      'Content-Type': 'application/json',
      'Request-Id': call.requestId,
      'Stripe-Version': call.version,
      ...(call.account === this.parts.settings.platform ? {} : { 'Stripe-Account': call.account }),
      ...(call.key === undefined ? {} : { 'Idempotency-Key': call.key, 'Original-Request': call.requestId }),
    };
  }
}

function parseParams({ method, query, body }: Incoming): Json {
  const source = method === 'GET' ? query : [query, body].filter((part) => part !== '').join('&');
  return qs.parse(source, QS_OPTIONS) as Json;
}
