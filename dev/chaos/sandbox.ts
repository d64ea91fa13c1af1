/** The sandbox's controls, as the drill needs them. Each throws while the sandbox is away. */
export class Sandbox {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async addFault(match: object, effect: object): Promise<void> {
    await this.#ask('POST', 'faults', { match, effect });
  }

  async clearFaults(): Promise<void> {
    await this.#ask('DELETE', 'faults');
  }

  /** `{}`: undisturbed. */
  async disturbWebhooks(disturbance: object): Promise<void> {
    await this.#ask('POST', 'webhooks', disturbance);
  }

  async captureWindow(seconds: number | null): Promise<void> {
    await this.#ask('POST', 'settings', { capture_window_seconds: seconds });
  }

  /** The bank's customer wants the money back; it may be asked again. */
  disputeOnce(charge: string): Promise<unknown> {
    return this.#once(`charges/${charge}/dispute`, {});
  }

  decideOnce(dispute: string, verdict: 'won' | 'lost'): Promise<unknown> {
    return this.#once(`disputes/${dispute}/decide`, { verdict });
  }

  /** The currencies whose ledger does not add up to zero. */
  async unbalanced(): Promise<string[]> {
    const { sum } = (await this.#ask('GET', 'ledger?limit=1')) as { sum: Record<string, number> };
    return Object.keys(sum).filter((currency) => sum[currency] !== 0);
  }

  /** A refusal says that it happened before, and only its answer was lost. */
  async #once(path: string, body: object): Promise<unknown> {
    const response = await this.#send('POST', path, body);
    if (response.status >= 500) throw new TypeError(`the sandbox answered ${response.status}`);
    return response.json();
  }

  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const response = await this.#send(method, path, body);
    if (!response.ok)
      throw new TypeError(`the sandbox answered ${response.status}: ${await response.text()}`);
    return response.json();
  }

  #send(method: string, path: string, body?: object): Promise<Response> {
    return fetch(`${this.#url}/_sandbox/${path}`, {
      method,
      signal: AbortSignal.timeout(10_000),
      ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    });
  }
}
