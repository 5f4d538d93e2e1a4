/*
 * tests/e2e/support/wav.mjs - the 44 bytes of a PCM WAV header, and the hash of reference data.
 * Source: RIFF/WAVE, PCM; FNV-1a with 64 bits.
 */

/** Reads the header: fields and the samples' bytes behind it. */
export function readWav(file) {
  return {
    riff: file.toString("latin1", 0, 4),
    riffBytes: file.readUInt32LE(4),
    wave: file.toString("latin1", 8, 12),
    format: file.toString("latin1", 12, 16),
    formatBytes: file.readUInt32LE(16),
    coding: file.readUInt16LE(20),
    channels: file.readUInt16LE(22),
    rate: file.readUInt32LE(24),
    bytesPerSecond: file.readUInt32LE(28),
    bytesPerFrame: file.readUInt16LE(32),
    bits: file.readUInt16LE(34),
    dataName: file.toString("latin1", 36, 40),
    dataBytes: file.readUInt32LE(40),
    data: file.subarray(44),
  };
}

/* The prime is 2^40 + 0x1b3: the product in two halves of 32 bits stays exact in doubles. */
/** FNV-1a-64 as 16 hexadecimal digits. */
export function fnv1a64(bytes) {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (const byte of bytes) {
    low = (low ^ byte) >>> 0;
    const product = low * 0x1b3;
    const carry = Math.floor(product / 0x100000000);
    high = (high * 0x1b3 + carry + low * 0x100) % 0x100000000;
    low = product >>> 0;
  }
  const hex = (half) => half.toString(16).padStart(8, "0");
  return hex(high) + hex(low);
}
