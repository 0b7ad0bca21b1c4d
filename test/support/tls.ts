import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Path of the certificate, for NODE_EXTRA_CA_CERTS. */
export const certificateFile = fileURLToPath(new URL('tls/cert.pem', import.meta.url));

export const tlsPair = {
  cert: readFileSync(certificateFile),
  key: readFileSync(new URL('tls/key.pem', import.meta.url)),
};
