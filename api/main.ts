import { Client, Connection } from '@temporalio/client';
import { loadConfig, orExit } from '../config.ts';
import { createStripeClient } from '../stripe/client.ts';
import { impatient } from '../temporal/connection.ts';
import { dataConverter } from '../temporal/data-converter.ts';
import { createApp } from './app.ts';
import { onEndSignal } from './on-end-signal.ts';
import { close, listen } from './serve.ts';
import { startTelemetry } from './telemetry.ts';

const config = orExit(loadConfig);
const { logger, observers, plugins, stop, ...telemetry } = await startTelemetry(config);
// Lazy: the API starts without Temporal and answers 503 until it is there.
const connection = Connection.lazy(impatient(config.temporal.connection));
const server = await listen(
  createApp({
    temporal: new Client({
      connection,
      namespace: config.temporal.namespace,
      dataConverter: dataConverter(config.temporal.payloadKeys),
      plugins,
    }),
    stripe: createStripeClient({ ...config.stripe, observers }),
    tokenMaker: createStripeClient({
      ...config.stripe,
      secretKey: config.stripe.publishableKey ?? config.stripe.secretKey,
      observers,
    }),
    oauth: config.stripe,
    ...config.api,
    taskQueue: config.worker.taskQueue,
    policy: config.orders,
    events: config.events,
    livemode: config.stripe.mode === 'live',
    webhookSecrets: config.stripe.webhookSecrets,
    logger,
    ...telemetry,
  }),
  { ...config.api, logger, metrics: telemetry.metrics },
);
if (config.stripe.webhookSecrets.length === 0) {
  logger.warn(
    'STRIPE_WEBHOOK_SECRETS is empty: orders learn of events from the feed alone, up to a minute later',
  );
}
logger.info(`API ready on http://${config.api.host}:${config.api.port}`);

onEndSignal(async () => {
  await close(server);
  await connection.close();
  await stop();
  logger.info('API stopped');
});
