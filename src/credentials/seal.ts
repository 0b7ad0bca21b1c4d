import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** What a sealed state belongs to: opened anywhere else, it is refused. */
export interface Binding {
  readonly repositoryId: string;
  readonly ref: string;
}

/** Encrypts `text` as a compact JWE (RFC 7516) with `dir` and `A256GCM`; its protected header holds the binding. */
export function seal(text: string, key: Buffer, binding: Binding): string {
  const header = encodeHeader(binding);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(header));
  const ciphertext = Buffer.concat([cipher.update(text), cipher.final()]);
  const parts = [iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url'));
  // `dir` has no encrypted key: the second part is empty.
  return [header, '', ...parts].join('.');
}

/**
 * Decrypts what `seal` made with the same key and binding; undefined for all else. The header must be the very one that
 * `seal` writes, so no other algorithm, compression or extension is ever considered.
 */
export function open(jwe: string, key: Buffer, binding: Binding): string | undefined {
  const [header, encryptedKey, iv = '', ciphertext = '', tag = '', ...rest] = jwe.split('.');
  if (header !== encodeHeader(binding) || encryptedKey !== '' || rest.length > 0) return undefined;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, decodeExactly(iv, 12), { authTagLength: 16 })
      .setAAD(Buffer.from(header))
      .setAuthTag(decodeExactly(tag, 16));
    return Buffer.concat([decipher.update(ciphertext, 'base64url'), decipher.final()]).toString();
  } catch {
    return undefined;
  }
}

function encodeHeader({ repositoryId, ref }: Binding): string {
  const header = { alg: 'dir', enc: 'A256GCM', repository_id: repositoryId, ref };
  return Buffer.from(JSON.stringify(header)).toString('base64url');
}

function decodeExactly(text: string, bytes: number): Buffer {
  const part = Buffer.from(text, 'base64url');
  if (part.length !== bytes) throw new RangeError(`not ${bytes} bytes`);
  return part;
}
