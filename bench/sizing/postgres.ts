import { POSTGRES_USER } from '../../dev/cluster/deployment.ts';
import { secretOf } from '../../dev/cluster/place.ts';
import type { Cluster } from '../../dev/cluster/start-cluster.ts';
import { runTool } from '../../dev/run-tool.ts';

/** All that was ever written to PostgreSQL's write-ahead log. */
export async function walBytes(cluster: Cluster): Promise<number> {
  return Number(await query(cluster, 'postgres', "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"));
}

/**
 * After the namespace, the first column of its index; nothing in it in any row so far. Attributes of these types are given to other
 * orders, accounts and payouts than those of this load.
 */
const EMPTY_COLUMNS = `
  select c.relname from pg_index i
  join pg_class c on c.oid = i.indexrelid
  join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[1]
  join pg_stats s on s.tablename = 'executions_visibility' and s.attname = a.attname
  where i.indrelid = 'executions_visibility'::regclass and s.null_frac = 1
    and c.relname !~ '_(int|datetime|keyword|keyword_list)_\\d+$'
  order by 1`;

/** Drops the indexes of Temporal's visibility store over columns that no workflow has given a value. Returns their names. */
export async function dropEmptyIndexes(cluster: Cluster): Promise<string[]> {
  const run = (sql: string) => query(cluster, 'temporal_visibility', sql);
  await run('analyze executions_visibility');
  const names = (await run(EMPTY_COLUMNS)).split('\n').filter((name) => name !== '');
  if (names.length > 0) await run(`drop index ${names.join(', ')}`);
  return names;
}

async function query({ place }: Cluster, database: string, sql: string): Promise<string> {
  const at = ['-h', '127.0.0.1', '-p', String(place.ports.postgres), '-U', POSTGRES_USER, '-d', database];
  const env = { ...place.env, PGPASSWORD: await secretOf(place, 'postgres_password') };
  const ran = await runTool({ command: 'psql', args: [...at, '-At', '-c', sql], env });
  if (!ran.ok) throw new Error(`${ran.why}\n${ran.output}`);
  return ran.output.trim();
}
