import type { Route } from '../http/route.ts';
import { accountLinkRoutes } from './account-links.ts';
import { accountRoutes } from './accounts.ts';
import { applicationFeeRoutes } from './application-fees.ts';
import { balanceRoutes } from './balance.ts';
import { capabilityRoutes } from './capabilities.ts';
import { chargeCreationRoutes } from './charge-creation.ts';
import { chargeRoutes } from './charges.ts';
import { customerRoutes } from './customers.ts';
import { disputeRoutes } from './disputes.ts';
import { earlyFraudWarningRoutes } from './early-fraud-warnings.ts';
import { eventRoutes } from './events.ts';
import { externalAccountRoutes } from './external-accounts.ts';
import { fileRoutes } from './files.ts';
import { oauthRoutes } from './oauth.ts';
import { paymentIntentCaptureRoutes } from './payment-intent-capture.ts';
import { paymentIntentChangeRoutes } from './payment-intent-changes.ts';
import { paymentIntentSearchRoutes } from './payment-intent-search.ts';
import { paymentIntentRoutes } from './payment-intents.ts';
import { paymentMethodRoutes } from './payment-methods.ts';
import { payoutRoutes } from './payouts.ts';
import { personRoutes } from './persons.ts';
import { refundRoutes } from './refunds.ts';
import { reviewRoutes } from './reviews.ts';
import { tokenRoutes } from './tokens.ts';
import { transferReversalRoutes } from './transfer-reversals.ts';
import { transferRoutes } from './transfers.ts';
import { webhookEndpointRoutes } from './webhook-endpoints.ts';

/** Everything the sandbox answers under /v1. */
export const routes: readonly Route[] = [
  ...paymentIntentSearchRoutes,
  ...paymentIntentRoutes,
  ...paymentIntentCaptureRoutes,
  ...paymentIntentChangeRoutes,
  ...chargeCreationRoutes,
  ...chargeRoutes,
  ...refundRoutes,
  ...disputeRoutes,
  ...earlyFraudWarningRoutes,
  ...reviewRoutes,
  ...fileRoutes,
  ...transferRoutes,
  ...transferReversalRoutes,
  ...applicationFeeRoutes,
  ...balanceRoutes,
  ...eventRoutes,
  ...webhookEndpointRoutes,
  ...paymentMethodRoutes,
  ...customerRoutes,
  ...tokenRoutes,
  ...externalAccountRoutes,
  ...personRoutes,
  ...capabilityRoutes,
  ...payoutRoutes,
  ...accountLinkRoutes,
  ...accountRoutes,
];

/** What Stripe answers beside it, at connect.stripe.com. */
export const connectRoutes: readonly Route[] = oauthRoutes;
