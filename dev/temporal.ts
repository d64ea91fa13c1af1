import { NO_STRIPE, startStack } from './stack.ts';
import { untilStopped } from './until-stopped.ts';

// `npm run temporal`: the server alone. Whatever Stripe key is set doesn't concern it.
const stack = await startStack({
  ports: 'configured',
  parts: ['temporal'],
  env: NO_STRIPE,
  report: console.log,
  onGivenUp: console.error,
});
console.log(`Temporal answers at ${stack.config.temporal.address}; its UI is at ${stack.urls.temporalUi}`);

await untilStopped();
await stack.stop();
