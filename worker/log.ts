import { ApplicationFailure } from '@temporalio/common';
import { DefaultLogger } from '@temporalio/worker';
import type { Logger } from 'pino';
import { COMMAND_REFUSED } from '../domain/errors.ts';
import { factsOfWorkflow } from '../telemetry/log-facts.ts';

/** Temporal's log lines as ours: what its SDK calls `error` becomes `err`, of which pino writes message and stack. */
export function temporalLogger(log: Logger): DefaultLogger {
  return new DefaultLogger('INFO', ({ level, message, meta: { error, ...meta } = {} }) => {
    const about = typeof meta.workflowId === 'string' ? factsOfWorkflow(meta.workflowId) : {};
    // An order that Stripe refuses to create ends its workflow as failed: everyday business.
    const isRefusal = error instanceof ApplicationFailure && error.type === COMMAND_REFUSED;
    const failed = error instanceof Error ? { err: error, errorName: nameOf(error) } : { error };
    log[isRefusal ? 'info' : levelOf(level)]({ ...about, ...meta, ...failed }, message);
  });
}

/** A failure that travels through Temporal has its error's name as its type. */
function nameOf(error: Error): string {
  return (error instanceof ApplicationFailure && error.type) || error.name;
}

function levelOf(level: string): 'trace' | 'debug' | 'info' | 'warn' | 'error' {
  return level.toLowerCase() as 'trace' | 'debug' | 'info' | 'warn' | 'error';
}
