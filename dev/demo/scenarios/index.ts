import type { Scenario } from '../scenario.ts';
import { adopted } from './adopted.ts';
import { applicationFee } from './application-fee.ts';
import { customAccount } from './custom-account.ts';
import { declined } from './declined.ts';
import { disputeLost } from './dispute-lost.ts';
import { disputeWon } from './dispute-won.ts';
import { eventDelivered } from './event-delivered.ts';
import { expressAccount } from './express-account.ts';
import { feeReport } from './fee-report.ts';
import { fullRefund } from './full-refund.ts';
import { lostWebhooks } from './lost-webhooks.ts';
import { nobodyCaptures } from './nobody-captures.ts';
import { onBehalfOf } from './on-behalf-of.ts';
import { partialCapture } from './partial-capture.ts';
import { partialRefund } from './partial-refund.ts';
import { payoutFailed } from './payout-failed.ts';
import { payoutPaid } from './payout-paid.ts';
import { payoutWhenAvailable } from './payout-when-available.ts';
import { reauthorized } from './reauthorized.ts';
import { refundWithoutReversal } from './refund-without-reversal.ts';
import { savedCustomer } from './saved-customer.ts';
import { standardAccount } from './standard-account.ts';
import { threeDSecure } from './three-d-secure.ts';
import { transferAlone } from './transfer-alone.ts';
import { transferAmount } from './transfer-amount.ts';
import { transferFromOrder } from './transfer-from-order.ts';
import { transferReversed } from './transfer-reversed.ts';
import { transferTakenBack } from './transfer-taken-back.ts';
import { workerKilled } from './worker-killed.ts';

/** What `npm run demo` plays, in this order. */
export const scenarios: readonly Scenario[] = [
  applicationFee,
  transferAmount,
  onBehalfOf,
  partialCapture,
  fullRefund,
  partialRefund,
  refundWithoutReversal,
  transferFromOrder,
  transferAlone,
  transferReversed,
  transferTakenBack,
  declined,
  threeDSecure,
  nobodyCaptures,
  reauthorized,
  disputeWon,
  disputeLost,
  lostWebhooks,
  adopted,
  eventDelivered,
  workerKilled,
  feeReport,
  payoutWhenAvailable,
  payoutPaid,
  payoutFailed,
  // After the days that payouts let pass: these accounts are paid out automatically.
  customAccount,
  expressAccount,
  standardAccount,
  savedCustomer,
];
