import { readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { fileURLToPath } from 'node:url';

/** Path of the certificate, for NODE_EXTRA_CA_CERTS. */
export const certificateFile = fileURLToPath(new URL('tls/cert.pem', import.meta.url));

export const tlsPair = {
  cert: readFileSync(certificateFile),
  key: readFileSync(new URL('tls/key.pem', import.meta.url)),
};

/** For requests of the test process itself, which has started without NODE_EXTRA_CA_CERTS. */
export function trustCertificate(): void {
  setDefaultCACertificates([...getCACertificates('default'), tlsPair.cert.toString()]);
}
