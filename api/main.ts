import { Client, Connection } from '@temporalio/client';
import { pino } from 'pino';
import { loadConfig, orExit } from '../config.ts';
import { createStripeClient } from '../stripe/client.ts';
import { createApp } from './app.ts';
import { close, listen } from './serve.ts';

const config = orExit(loadConfig);
const logger = pino({ level: config.logLevel, name: 'api' });
// Lazy: the API starts without Temporal and answers 503 until it is there.
const connection = Connection.lazy(config.temporal.connection);
const server = await listen(
  createApp({
    temporal: new Client({ connection, namespace: config.temporal.namespace }),
    stripe: createStripeClient(config.stripe),
    tokenMaker: createStripeClient({
      ...config.stripe,
      secretKey: config.stripe.publishableKey ?? config.stripe.secretKey,
    }),
    oauth: config.stripe,
    ...config.api,
    taskQueue: config.worker.taskQueue,
    policy: config.orders,
    events: config.events,
    livemode: config.stripe.mode === 'live',
    webhookSecrets: config.stripe.webhookSecrets,
    logger,
  }),
  config.api,
);
if (config.stripe.webhookSecrets.length === 0) {
  logger.warn(
    'STRIPE_WEBHOOK_SECRETS is empty: orders hear of events by the feed alone, up to a minute later',
  );
}
logger.info(`API ready on http://${config.api.host}:${config.api.port}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await close(server);
    await connection.close();
    logger.info('API stopped');
  });
}
