/*
 * tests/e2e/support/ogg.mjs - takes an Ogg Opus file apart.
 * Why:    a second implementation of the format, so that what the program believes is checked
 *         against what the documents say, page by page.
 * Source: RFC 3533 section 6 (pages), RFC 7845 sections 3 to 5 (headers, granules).
 */
const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = (byte << 24) >>> 0;
  for (let bit = 0; bit < 8; bit += 1) {
    value = ((value << 1) ^ (value & 0x80000000 ? 0x04c11db7 : 0)) >>> 0;
  }
  return value;
});

/* The page's checksum, its own field taken as zero. */
function crcOf(page) {
  let crc = 0;
  for (let i = 0; i < page.length; i += 1) {
    const byte = i >= 22 && i < 26 ? 0 : page[i];
    crc = ((crc << 8) ^ crcTable[((crc >>> 24) ^ byte) & 0xff]) >>> 0;
  }
  return crc;
}

/** Reads the page at an offset; null when it is not whole or none. */
export function readPage(file, at) {
  if (file.length - at < 27 || file.toString("latin1", at, at + 4) !== "OggS") {
    return null;
  }
  const segments = file[at + 26];
  const lacing = file.subarray(at + 27, at + 27 + segments);
  const body = lacing.reduce((sum, value) => sum + value, 0);
  const bytes = 27 + segments + body;
  if (lacing.length < segments || file.length - at < bytes) {
    return null;
  }
  const packets = [];
  let from = at + 27 + segments;
  let size = 0;
  for (const value of lacing) {
    size += value;
    if (value < 255) {
      packets.push(file.subarray(from, from + size));
      from += size;
      size = 0;
    }
  }
  const page = file.subarray(at, at + bytes);
  return {
    at,
    bytes,
    packets,
    whole: size === 0,
    version: file[at + 4],
    continued: (file[at + 5] & 1) !== 0,
    first: (file[at + 5] & 2) !== 0,
    last: (file[at + 5] & 4) !== 0,
    granule: file.readBigInt64LE(at + 6),
    serial: file.readUInt32LE(at + 14),
    sequence: file.readUInt32LE(at + 18),
    checksumRight: file.readUInt32LE(at + 22) === crcOf(page),
  };
}

/** All pages; throws when anything but whole pages is there. */
export function readPages(file) {
  const pages = [];
  for (let at = 0; at < file.length; at += pages.at(-1).bytes) {
    const page = readPage(file, at);
    if (!page) {
      throw new Error(`no whole page at byte ${at} of ${file.length}`);
    }
    pages.push(page);
  }
  return pages;
}

/** The identification header. */
export function readOpusHead(packet) {
  return {
    magic: packet.toString("latin1", 0, 8),
    version: packet[8],
    channels: packet[9],
    preSkip: packet.readUInt16LE(10),
    rate: packet.readUInt32LE(12),
    gain: packet.readInt16LE(16),
    family: packet[18],
    bytes: packet.length,
  };
}

/** The comment header: { magic, vendor, comments }. */
export function readOpusTags(packet) {
  let at = 8;
  const text = () => {
    const bytes = packet.readUInt32LE(at);
    at += 4 + bytes;
    return packet.toString("utf8", at - bytes, at);
  };
  const vendor = text();
  const comments = {};
  let left = packet.readUInt32LE(at);
  at += 4;
  for (; left > 0; left -= 1) {
    const comment = text();
    comments[comment.slice(0, comment.indexOf("="))] = comment.slice(comment.indexOf("=") + 1);
  }
  return { magic: packet.toString("latin1", 0, 8), vendor, comments };
}
