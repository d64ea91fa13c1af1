import { accountCommands } from './accounts/account-command-routes.ts';
import { loginLink, onboardingLink } from './accounts/account-links.ts';
import { createAccount } from './accounts/create-account.ts';
import { getAccount, getAccountTimeline } from './accounts/get-account.ts';
import { listAccounts } from './accounts/list-accounts.ts';
import { oauthAuthorize, oauthCallback } from './accounts/oauth.ts';
import type { Backend } from './backend/backend.ts';
import { getAccountBalance, getPlatformBalance } from './balances/get-balance.ts';
import { listAccountTransactions, listPlatformTransactions } from './balances/list-balance-transactions.ts';
import { listOrderPayouts } from './balances/list-order-payouts.ts';
import { listOrderTransactions } from './balances/list-order-transactions.ts';
import { customerEndpoints } from './customers/customers.ts';
import { getDiagnostics } from './health/diagnostics.ts';
import { metricsEndpoints } from './health/get-metrics.ts';
import { getOpenApi } from './health/get-openapi.ts';
import { getHealth, getReadiness } from './health/health.ts';
import { testWebhooks } from './health/test-webhooks.ts';
import type { Endpoint } from './http/endpoint.ts';
import { adoptOrder } from './orders/adopt-order.ts';
import { createOrder } from './orders/create-order.ts';
import { getOrder } from './orders/get-order.ts';
import { getTimeline } from './orders/get-timeline.ts';
import { listOrders } from './orders/list-orders.ts';
import { orderCommands } from './orders/order-commands.ts';
import { previewNewOrder } from './orders/preview-new-order.ts';
import {
  createSubscription,
  deleteSubscription,
  enableSubscription,
  listSubscriptions,
  rotateSecret,
} from './outgoing-events/event-subscriptions.ts';
import { eventWebhooks } from './outgoing-events/event-webhooks.ts';
import { getEvent, listEvents, replayEvent } from './outgoing-events/events.ts';
import { createPayout } from './payouts/create-payout.ts';
import { getPayout } from './payouts/get-payout.ts';
import { getPayoutTimeline } from './payouts/get-payout-timeline.ts';
import { listAccountPayouts } from './payouts/list-account-payouts.ts';
import { listPayoutOrders } from './payouts/list-payout-orders.ts';
import { listPayouts } from './payouts/list-payouts.ts';
import { payoutCommands } from './payouts/payout-command-routes.ts';
import { payoutCommandPreviews, previewPayout } from './payouts/preview-payout.ts';
import { getReconciliation } from './reconciliation/get-reconciliation.ts';
import { startReconciliation } from './reconciliation/start-reconciliation.ts';
import { reportFailingWorkflows } from './reports/report-failing-workflows.ts';
import { reportFees, reportFeeTotals } from './reports/report-fees.ts';
import { reportDailyStatement, reportPayoutStatement } from './reports/report-statement.ts';
import { stripeWebhook } from './stripe-events/stripe-webhook.ts';
import { createTransfer } from './transfers/create-transfer.ts';
import { getTransfer, getTransferTimeline } from './transfers/get-transfer.ts';
import { listTransfers } from './transfers/list-transfers.ts';
import { previewReversal } from './transfers/preview-reversal.ts';
import { previewTransfer, previewTransferDecision } from './transfers/preview-transfer.ts';
import { transferCommands } from './transfers/transfer-command-routes.ts';

/** All that the API serves. */
export function createEndpoints(backend: Backend, docsUrl: string | null = null): readonly Endpoint[] {
  const endpoints = [
    createOrder(backend),
    previewNewOrder(backend),
    listOrders(backend),
    getOrder(backend),
    getTimeline(backend),
    ...orderCommands(backend),
    adoptOrder(backend),
    createTransfer(backend),
    listTransfers(backend),
    getTransfer(backend),
    getTransferTimeline(backend),
    ...transferCommands(backend),
    previewReversal(backend),
    previewTransfer(backend),
    previewTransferDecision(backend),
    createAccount(backend),
    listAccounts(backend),
    getAccount(backend),
    getAccountTimeline(backend),
    ...accountCommands(backend),
    onboardingLink(backend),
    loginLink(backend),
    oauthAuthorize(backend),
    oauthCallback(backend),
    ...customerEndpoints(backend),
    getReconciliation(backend),
    startReconciliation(backend),
    stripeWebhook(backend),
    createPayout(backend),
    listPayouts(backend),
    listAccountPayouts(backend),
    getPayout(backend),
    getPayoutTimeline(backend),
    listPayoutOrders(backend),
    ...payoutCommands(backend),
    previewPayout(backend),
    ...payoutCommandPreviews(backend),
    getPlatformBalance(backend),
    getAccountBalance(backend),
    listPlatformTransactions(backend),
    listAccountTransactions(backend),
    listOrderTransactions(backend),
    listOrderPayouts(backend),
    reportFees(backend),
    reportFeeTotals(backend),
    reportDailyStatement(backend),
    reportPayoutStatement(backend),
    reportFailingWorkflows(backend),
    createSubscription(backend),
    listSubscriptions(backend),
    deleteSubscription(backend),
    enableSubscription(backend),
    rotateSecret(backend),
    listEvents(backend),
    getEvent(backend),
    replayEvent(backend),
    getHealth(),
    getReadiness(backend),
    getDiagnostics(backend),
    testWebhooks(backend),
    ...metricsEndpoints(backend),
  ];
  return [...endpoints, getOpenApi(endpoints, eventWebhooks, docsUrl)];
}
