import type { z } from 'zod';
import type { createAccountBody, updateAccountBody } from '../../api/accounts/account-commands-schema.ts';
import { type AccountResource, accountResource, linkResource } from '../../api/accounts/account-schema.ts';
import { authorizationResource } from '../../api/accounts/oauth-schema.ts';
import type { attachBody, createCustomerBody } from '../../api/customers/customer-schema.ts';
import { customerResource, paymentMethodResource } from '../../api/customers/customer-schema.ts';
import type { ApiClient } from './api-client.ts';
import { until } from './until.ts';

const ENABLED_WITHIN_MS = 20_000;

/** Accounts and customers by Waybill's API. */
export class ConnectClient {
  readonly #api: ApiClient;
  readonly #apiUrl: string;

  constructor(api: ApiClient, apiUrl: string) {
    this.#api = api;
    this.#apiUrl = apiUrl;
  }

  createAccount(body: z.input<typeof createAccountBody>): Promise<AccountResource> {
    return this.#api.command('/v1/accounts', body, accountResource);
  }

  updateAccount(id: string, body: z.input<typeof updateAccountBody>): Promise<AccountResource> {
    return this.#api.command(`/v1/accounts/${id}`, body, accountResource);
  }

  account(id: string): Promise<AccountResource> {
    return this.#api.request(`/v1/accounts/${id}`, {}, accountResource);
  }

  /** The account once it may do everything. */
  enabled(id: string): Promise<AccountResource> {
    return until(`account ${id} is enabled`, ENABLED_WITHIN_MS, async () => {
      const account = await this.account(id);
      return account.status === 'enabled' ? account : undefined;
    });
  }

  async onboardingLink(id: string): Promise<string> {
    const pages = { return_url: `${this.#apiUrl}/docs`, refresh_url: `${this.#apiUrl}/docs` };
    return (await this.#api.command(`/v1/accounts/${id}/onboarding_link`, pages, linkResource)).url;
  }

  /** Where to send the owner of a Standard account. */
  async authorize(reference: string): Promise<string> {
    const query = new URLSearchParams({
      id: reference,
      redirect_uri: `${this.#apiUrl}/v1/oauth/callback`,
    });
    return (await this.#api.request(`/v1/oauth/authorize?${query}`, {}, authorizationResource)).url;
  }

  createCustomer(body: z.input<typeof createCustomerBody>) {
    return this.#api.command('/v1/customers', body, customerResource);
  }

  saveMethod(customer: string, body: z.input<typeof attachBody>) {
    return this.#api.command(`/v1/customers/${customer}/payment_methods`, body, paymentMethodResource);
  }
}
