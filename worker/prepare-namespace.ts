import { Connection } from '@temporalio/client';
import { loadNamespaceConfig, orExit } from '../config.ts';
import { SEARCH_ATTRIBUTES } from '../contract/search-attributes.ts';
import { createLogger } from '../telemetry/logger.ts';
import { ensureNamespace } from './namespace.ts';
import { registerSearchAttributes } from './search-attributes.ts';
import { untilTemporalAnswers } from './until-temporal-answers.ts';

// A job, once a deployment: afterwards workers need no operator's rights.
const { temporal, retentionDays, logLevel } = orExit(loadNamespaceConfig);
const log = createLogger('prepare-namespace', logLevel);
const { address, namespace } = temporal;

const connection = Connection.lazy(temporal.connection);
await untilTemporalAnswers({ log, address, namespace }, async () => {
  await ensureNamespace(connection, namespace, retentionDays);
  await registerSearchAttributes(connection, namespace, SEARCH_ATTRIBUTES);
});
await connection.close();
log.info({ namespace, searchAttributes: Object.keys(SEARCH_ATTRIBUTES) }, 'namespace ready');
