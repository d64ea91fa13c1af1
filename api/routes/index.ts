import type { Backend } from '../backend.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Metrics } from '../http/metrics.ts';
import { acceptDispute } from './accept-dispute.ts';
import { accountCommands } from './account-commands.ts';
import { loginLink, onboardingLink } from './account-links.ts';
import { adoptOrder } from './adopt-order.ts';
import { cancelOrder } from './cancel-order.ts';
import { captureOrder } from './capture-order.ts';
import { confirmOrder } from './confirm-order.ts';
import { createAccount } from './create-account.ts';
import { createOrder } from './create-order.ts';
import { createPayout } from './create-payout.ts';
import { createTransfer } from './create-transfer.ts';
import { customerEndpoints } from './customers.ts';
import {
  createSubscription,
  deleteSubscription,
  enableSubscription,
  listSubscriptions,
  rotateSecret,
} from './event-subscriptions.ts';
import { getEvent, listEvents, replayEvent } from './events.ts';
import { getAccount, getAccountTimeline } from './get-account.ts';
import { getAccountBalance, getPlatformBalance } from './get-balance.ts';
import { getMetrics } from './get-metrics.ts';
import { getOpenApi } from './get-openapi.ts';
import { getOrder } from './get-order.ts';
import { getPayout } from './get-payout.ts';
import { getReconciliation } from './get-reconciliation.ts';
import { getTimeline } from './get-timeline.ts';
import { getTransfer } from './get-transfer.ts';
import { getHealth, getReadiness } from './health.ts';
import { incrementOrder } from './increment-order.ts';
import { listAccountPayouts } from './list-account-payouts.ts';
import { listAccounts } from './list-accounts.ts';
import { listAccountTransactions, listPlatformTransactions } from './list-balance-transactions.ts';
import { listOrderTransactions } from './list-order-transactions.ts';
import { listOrders } from './list-orders.ts';
import { listPayouts } from './list-payouts.ts';
import { listTransfers } from './list-transfers.ts';
import { oauthAuthorize, oauthCallback } from './oauth.ts';
import { cancelPayout, resolvePayout } from './payout-command.ts';
import { refundOrder } from './refund-order.ts';
import { reportFailingWorkflows } from './report-failing-workflows.ts';
import { reportFees, reportFeeTotals } from './report-fees.ts';
import { resolveOrder } from './resolve-order.ts';
import { resolveTransfer } from './resolve-transfer.ts';
import { startReconciliation } from './start-reconciliation.ts';
import { stripeWebhook } from './stripe-webhook.ts';
import { submitEvidence } from './submit-evidence.ts';
import { transferFromOrder } from './transfer-from-order.ts';

/** All that the API serves. */
export function createEndpoints(backend: Backend, metrics: Metrics): readonly Endpoint[] {
  const endpoints = [
    createOrder(backend),
    listOrders(backend),
    getOrder(backend),
    getTimeline(backend),
    confirmOrder(backend),
    captureOrder(backend),
    incrementOrder(backend),
    cancelOrder(backend),
    refundOrder(backend),
    transferFromOrder(backend),
    submitEvidence(backend),
    acceptDispute(backend),
    resolveOrder(backend),
    adoptOrder(backend),
    createTransfer(backend),
    listTransfers(backend),
    getTransfer(backend),
    resolveTransfer(backend),
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
    stripeWebhook(backend, metrics.countEvent),
    createPayout(backend),
    listPayouts(backend),
    listAccountPayouts(backend),
    getPayout(backend),
    cancelPayout(backend),
    resolvePayout(backend),
    getPlatformBalance(backend),
    getAccountBalance(backend),
    listPlatformTransactions(backend),
    listAccountTransactions(backend),
    listOrderTransactions(backend),
    reportFees(backend),
    reportFeeTotals(backend),
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
    getMetrics(metrics.registry),
  ];
  return [...endpoints, getOpenApi(endpoints)];
}
