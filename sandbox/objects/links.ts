/** Pages that Stripe serves to people, and who may open them. */

export interface AccountLink {
  id: string;
  account: string;
  created: number;
  expires_at: number;
  refresh_url: string;
  return_url: string;
  type: 'account_onboarding' | 'account_update';
  /** Names the form once the link has been opened; the link itself opens once. */
  session: string | null;
  done: boolean;
}

export interface LoginLink {
  id: string;
  account: string;
  created: number;
  used: boolean;
}

/** A merchant's consent, to be exchanged for the connection. */
export interface OAuthCode {
  id: string;
  account: string;
  created: number;
  scope: string;
  used: boolean;
}
