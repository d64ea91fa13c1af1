import { Waybill } from '@waybill/client';
import type { Command } from 'commander';

/** What every command works with. */
export interface Context {
  readonly waybill: Waybill;
  /** Of the API's last answer; 0: none came. The client gives the bodies alone. */
  readonly lastStatus: () => number;
  readonly url: string;
  /** What `GET /v1/metrics` says; null: it was refused, or there was no answer. */
  readonly readMetrics: () => Promise<string | null>;
  readonly json: boolean;
  /** Temporal UI, with the namespace's path. */
  readonly temporalUi: string;
}

interface GlobalOptions {
  readonly url: string;
  readonly apiKey?: string;
  readonly json?: boolean;
  readonly temporalUi: string;
  readonly namespace: string;
}

const METRICS_WITHIN_MS = 10_000;
/** The keys of `npm start` and no others; elsewhere one has to be given. */
const SANDBOX_KEY = 'dev_ops';

export function contextOf(command: Command): Context {
  const { url, apiKey, json = false, temporalUi, namespace } = command.optsWithGlobals<GlobalOptions>();
  if (!URL.canParse(url)) command.error(`error: --url: ${url} is not a URL`);
  const isLocal = ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
  const key = apiKey ?? (isLocal ? SANDBOX_KEY : undefined);
  if (key === undefined) command.error('error: no API key: set WAYBILL_API_KEY or give --api-key');
  let status = 0;
  const noting: typeof fetch = async (...request) => {
    const response = await fetch(...request);
    status = response.status;
    return response;
  };
  const address = url.replace(/\/+$/, '');
  return {
    waybill: new Waybill({ baseUrl: url, apiKey: key, fetch: noting }),
    lastStatus: () => status,
    url: address,
    readMetrics: () => textOf(`${address}/v1/metrics`, key),
    json,
    temporalUi: `${temporalUi.replace(/\/+$/, '')}/namespaces/${encodeURIComponent(namespace)}`,
  };
}

async function textOf(address: string, key: string): Promise<string | null> {
  const headers = { Authorization: `Bearer ${key}` };
  const answer = await fetch(address, { headers, signal: AbortSignal.timeout(METRICS_WITHIN_MS) }).catch(
    () => null,
  );
  return answer?.ok ? answer.text() : null;
}
