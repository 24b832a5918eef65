// What a secret of Muster looks like: prefix, public id, random part, and a
// checksum that reveals a mistyped one before it is sent anywhere.
(() => {
  "use strict";

  const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
  // Characters of each kind, prefix included.
  const lengths = { mrt_: 69, mrf_: 85, mak_: 69 };

  // canonical undoes the usual misreadings, as the server does.
  const canonical = (value) => {
    const lower = value.trim().toLowerCase();
    return lower.slice(0, 4) + lower.slice(4).replaceAll("o", "0").replace(/[il]/g, "1");
  };

  // checksum is CRC-32 of the rest in Crockford base32: the last 7 characters.
  const checksum = (body) => {
    let crc = 0xffffffff;
    for (let i = 0; i < body.length; i += 1) {
      crc ^= body.charCodeAt(i);
      for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
    crc = ~crc >>> 0;
    // 32 bits in groups of five from the left, the last one filled with zeros.
    const bits = crc.toString(2).padStart(32, "0").padEnd(35, "0");
    return bits.match(/.{5}/g).map((five) => alphabet[parseInt(five, 2)]).join("");
  };

  window.musterSecretIsWhole = (value, prefix) => {
    const token = canonical(value);
    if (!token.startsWith(prefix) || token.length !== lengths[prefix]) return false;
    if ([...token.slice(4)].some((c) => !alphabet.includes(c))) return false;
    return checksum(token.slice(0, -7)) === token.slice(-7);
  };
})();
