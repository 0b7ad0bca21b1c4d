import { crc32 } from 'node:zlib';

// A PNG can carry a text (https://www.w3.org/TR/png-3/#11iTXt): the pictures of the README carry what they show.

const KEYWORD = 'Source';
const END_BYTES = 12;

/** `png` with `text` in it, in a chunk before its end. */
export function withText(png: Buffer, text: string): Buffer {
  // Five bytes of zero: the keyword ends, no compression, no language, no translation of the keyword.
  const data = Buffer.concat([Buffer.from(`iTXt${KEYWORD}`), Buffer.alloc(5), Buffer.from(text)]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length - 4);
  checksum.writeUInt32BE(crc32(data));
  return Buffer.concat([png.subarray(0, -END_BYTES), length, data, checksum, png.subarray(-END_BYTES)]);
}

/** The text that `withText` has put into a PNG; undefined where there is none. */
export function readText(png: Buffer): string | undefined {
  for (let at = 8; at < png.length; at += END_BYTES + png.readUInt32BE(at)) {
    const data = png.subarray(at + 4, at + 8 + png.readUInt32BE(at));
    const head = `iTXt${KEYWORD}`;
    if (data.toString('latin1').startsWith(`${head}\0`)) return data.subarray(head.length + 5).toString();
  }
  return undefined;
}
