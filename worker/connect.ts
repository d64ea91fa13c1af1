import { Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { TemporalConfig } from '../config/temporal.ts';
import { impatient } from '../temporal/connection.ts';
import { grpcErrorOf } from '../temporal/grpc-code.ts';
import { keepingRuntime } from './runtime.ts';
import type { Waiting } from './until-temporal-answers.ts';
import { untilTemporalAnswers } from './until-temporal-answers.ts';

const ASKED_WITHIN_MS = 5_000;
/** In OpenSSL's words and Node's, by which either side refuses the other's certificate, or that there is none. */
const OF_CERTIFICATE = /certificate|unknown ca\b|handshake failure/i;

/** Temporal does not let this process in, or is not who it should be: to wait does not help. */
class CertificateRefused extends Error {
  override readonly name = 'CertificateRefused';
}

/** The worker's connection, once Temporal answers. */
export function connectOnceThere(
  waiting: Waiting,
  options: TemporalConfig['connection'],
): Promise<NativeConnection> {
  return keepingRuntime(() => untilTemporalAnswers(waiting, () => connectToTemporal(options)));
}

/**
 * One attempt. The native client says of a server that hangs up on it only that a pipe broke; the API's client is asked
 * why then.
 */
export async function connectToTemporal(options: TemporalConfig['connection']): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect(options);
  } catch (error) {
    const why = options.tls ? await whyRefused(options) : null;
    if (why === null) throw error;
    throw new CertificateRefused(`TLS with Temporal at ${options.address} failed: ${why}`, { cause: error });
  }
}

/** Null: it is not about a certificate. */
async function whyRefused(options: TemporalConfig['connection']): Promise<string | null> {
  const connection = Connection.lazy(impatient(options));
  try {
    const ask = () => connection.workflowService.getSystemInfo({});
    await connection.withDeadline(Date.now() + ASKED_WITHIN_MS, ask);
    return null;
  } catch (error) {
    const details = grpcErrorOf(error)?.details ?? '';
    return OF_CERTIFICATE.test(details) ? reasonIn(details) : null;
  } finally {
    await connection.close();
  }
}

/** Without gRPC's words around it, and OpenSSL's numbers and paths. */
function reasonIn(details: string): string {
  const [, ofOpenssl] = /SSL routines:[^:]*:([^:]+):/.exec(details) ?? [];
  const [, ofNode = details] = /Last error: (?:Error: )?(.*?)\.? Resolution note/s.exec(details) ?? [];
  return (ofOpenssl ?? ofNode).trim();
}
