import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TemporalConfig } from '../../config/temporal.ts';
import { loadConfig } from '../../config.ts';
import { impatient } from '../../temporal/connection.ts';
import { connectToTemporal } from '../../worker/connect.ts';
import { untilTemporalAnswers } from '../../worker/until-temporal-answers.ts';
import { createOrder } from '../e2e/support.ts';
import { Certificates, noOpenssl } from '../support/certificates.ts';
import { needs } from '../support/needs.ts';
import { startTlsProxy } from '../support/tls-proxy.ts';
import type { Waybill } from '../support/waybill.ts';
import { startWaybill } from '../support/waybill.ts';

needs(noOpenssl)('a Temporal that asks for a certificate', () => {
  let certificates: Certificates;
  let proxy: Awaited<ReturnType<typeof startTlsProxy>>;
  let waybill: Waybill;
  let connections: readonly { close(): Promise<void> }[] = [];

  beforeAll(async () => {
    certificates = new Certificates();
    waybill = await startWaybill({}, {}, { reach });
  });
  afterAll(async () => {
    await waybill?.stop();
    for (const one of connections) await one.close();
    await proxy?.stop();
    certificates?.remove();
  });

  /** As the processes connect that are started with these variables. */
  function connectionOf(env: Record<string, string>): TemporalConfig['connection'] {
    return loadConfig({ TEMPORAL_ADDRESS: proxy.address, TEMPORAL_TLS: 'true', ...env }).temporal.connection;
  }

  const ofAuthority = () => ({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: certificates.authority.cert });
  const ofClient = () => ({
    TEMPORAL_TLS_CLIENT_CERT_PATH: certificates.client.cert,
    TEMPORAL_TLS_CLIENT_KEY_PATH: certificates.client.key,
  });

  async function reach(address: string) {
    proxy = await startTlsProxy(address, certificates);
    const options = connectionOf({ ...ofAuthority(), ...ofClient() });
    const connection = Connection.lazy(impatient(options));
    const nativeConnection = await connectToTemporal(options);
    connections = [connection, nativeConnection];
    return { connection, nativeConnection };
  }

  it('is reached with it by API and workers, and an order goes through', async () => {
    const { status, body } = await createOrder(waybill, { capture_method: 'automatic' });
    expect([status, body]).toMatchObject([201, { status: 'captured' }]);
  });

  it.each([
    ['without one', () => ofAuthority(), /certificate required/],
    ['without the authority that signed the server’s', () => ofClient(), /self-signed certificate/],
  ])('refuses API and worker %s, and says why', async (_, env, why) => {
    const options = connectionOf(env());
    const lazy = Connection.lazy(impatient(options));
    await expect(lazy.workflowService.getSystemInfo({})).rejects.toThrow(why);
    await lazy.close();
    const lines: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line: string) => lines.push(line) });
    const waiting = { log, address: proxy.address, namespace: 'default' };
    const worker = untilTemporalAnswers(waiting, () => connectToTemporal(options));
    await expect(worker).rejects.toThrow(why);
    // Nor does it wait for what does not come.
    expect(lines).toEqual([]);
  });

  it('is reached by API and workers whose file has another authority too, as while its own is replaced', async () => {
    const earlier = new Certificates('earlier days');
    const both = join(certificates.folder, 'both.pem');
    writeFileSync(
      both,
      [earlier, certificates].map(({ authority }) => readFileSync(authority.cert)).join(''),
    );
    earlier.remove();
    const options = connectionOf({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: both, ...ofClient() });
    const lazy = Connection.lazy(impatient(options));
    await expect(lazy.workflowService.getSystemInfo({})).resolves.toBeDefined();
    await lazy.close();
    await (await connectToTemporal(options)).close();
  });

  it('is waited for while it is away, as any other', async () => {
    const options = { ...connectionOf({ ...ofAuthority(), ...ofClient() }), address: '127.0.0.1:9' };
    await expect(connectToTemporal(options)).rejects.toMatchObject({ name: 'TransportError' });
  });
});
