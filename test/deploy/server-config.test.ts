import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { temporalServer } from '../../dev/cluster/deployment.ts';
import { projectRoot } from '../../dev/project-root.ts';
import { needs } from '../support/needs.ts';
import { temporalPlace } from './places.ts';
import { deployTool, noDeployTools } from './tools.ts';

const KNOWN_WHERE_IT_RUNS = { POSTGRES_PASSWORD: 'p"w', TEMPORAL_BIND_IP: '10.0.0.7' };

/**
 * deploy/temporal/server.yaml as Temporal fills it in. Helm has the same functions (Go's templates with Sprig) but for `env`: it gets the
 * environment as its values.
 */
function serverConfig(more: Readonly<Record<string, string>>) {
  const template = readFileSync(join(projectRoot, 'deploy/temporal/server.yaml'), 'utf8');
  const folder = mkdtempSync(join(tmpdir(), 'waybill-server-config-'));
  try {
    mkdirSync(join(folder, 'templates'));
    writeFileSync(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: server\nversion: 0.0.0\n');
    const asValues = template.replace(/env ("\w+")/g, '(index $.Values $1 | default "")');
    writeFileSync(join(folder, 'templates', 'server.yaml'), asValues);
    const { environment } = temporalServer('history', temporalPlace('history'));
    const values = JSON.stringify({ ...environment, ...KNOWN_WHERE_IT_RUNS, ...more });
    const { status, stdout, said } = deployTool('helm', ['template', folder, '--values', '-'], values);
    expect(status, said).toBe(0);
    return parse(stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

needs(noDeployTools)('the configuration of Temporal’s server', () => {
  it('has two stores in one PostgreSQL, without TLS unless it is asked for', () => {
    const { datastores } = serverConfig({}).persistence;
    const store = {
      pluginName: 'postgres12_pgx',
      connectAddr: 'postgres:5432',
      user: 'temporal',
      password: 'p"w',
      maxConns: 20,
    };
    expect(datastores).toMatchObject({
      default: { sql: { ...store, databaseName: 'temporal' } },
      visibility: { sql: { ...store, databaseName: 'temporal_visibility' } },
    });
    expect(JSON.stringify(datastores)).not.toContain('tls');
    expect(JSON.stringify(serverConfig({ POSTGRES_TLS: 'false' }).persistence)).not.toContain('tls');
  });

  it.each([
    ['of an authority that the system trusts', {}, ''],
    ['of another authority', { POSTGRES_TLS_CA: '/etc/rds.pem' }, '/etc/rds.pem'],
  ])('reaches a PostgreSQL that takes TLS alone, with a certificate %s', (_, more, caFile) => {
    const { datastores } = serverConfig({ POSTGRES_TLS: 'true', ...more }).persistence;
    const tls = { enabled: true, caFile, enableHostVerification: true };
    expect(datastores).toMatchObject({ default: { sql: { tls } }, visibility: { sql: { tls } } });
  });
});
