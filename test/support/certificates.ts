import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why no certificates can be made here, or undefined: for `needs`. */
export const noOpenssl: string | undefined =
  spawnSync('openssl', ['version']).status === 0 ? undefined : 'no openssl';

const CONFIG = `[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[server]
basicConstraints = critical, CA:FALSE
subjectAltName = IP:127.0.0.1
[client]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = clientAuth
`;

interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** An authority of the test's own, and what it has signed: paths of PEM files that last until `remove`. */
export class Certificates {
  readonly folder = mkdtempSync(join(tmpdir(), 'waybill-certificates-'));
  readonly authority: CertificateFiles;
  /** For 127.0.0.1. */
  readonly server: CertificateFiles;
  readonly client: CertificateFiles;
  readonly #of: string;

  /** `of`: what all names end with. */
  constructor(of = 'a test') {
    this.#of = of;
    writeFileSync(join(this.folder, 'openssl.cnf'), CONFIG);
    this.authority = this.#make('authority');
    this.server = this.#make('server', this.authority);
    this.client = this.#make('client', this.authority);
  }

  #make(kind: 'authority' | 'server' | 'client', by?: CertificateFiles): CertificateFiles {
    const files = { cert: join(this.folder, `${kind}.pem`), key: join(this.folder, `${kind}.key`) };
    execFileSync('openssl', [
      ...['req', '-x509', '-days', '1', '-subj', `/CN=${kind} of ${this.#of}`],
      ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-config', join(this.folder, 'openssl.cnf'), '-extensions', kind],
      ...['-keyout', files.key, '-out', files.cert],
      ...(by ? ['-CA', by.cert, '-CAkey', by.key] : []),
    ]);
    return files;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** The contents of both files, as Node wants them. */
export function pairOf({ cert, key }: CertificateFiles): { cert: Buffer; key: Buffer } {
  return { cert: readFileSync(cert), key: readFileSync(key) };
}
