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

  // Finding a secret in what was pasted, as secrets.Find does on the server.
  const broken = "[\\s>|=\\\\\\p{Pd}]*";
  const entities = { amp: "&", lt: "<", gt: ">", quot: '"', num: "#", lowbar: "_", nbsp: " " };
  const decoded = (text) => {
    const plain = text
      .replace(/(?:%[0-9a-f]{2})/gi, (escape) => String.fromCharCode(parseInt(escape.slice(1), 16)))
      .replace(/&#(x?)([0-9a-f]{1,5});?/gi, (_, hex, digits) => String.fromCodePoint(parseInt(digits, hex ? 16 : 10) || 32))
      .replace(/&(\w+);/g, (entity, name) => entities[name] ?? entity);
    if (!plain.includes("urldefense")) return plain;
    return plain.replace(/-([0-9A-F]{2})/g, (_, digits) => String.fromCharCode(parseInt(digits, 16)));
  };

  // The first whole secret with the prefix in a text; empty when there is none.
  window.musterFindSecret = (pasted, prefix) => {
    const begins = new RegExp([...prefix].join(broken), "giu");
    const rest = new RegExp("^(?:" + broken + "[0-9a-z_]){" + lengths[prefix] + "}", "iu");
    let text = pasted.slice(0, 8192).normalize("NFKC").replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, "");
    for (let round = 0; round < 3; round += 1) {
      for (const { index } of text.matchAll(begins)) {
        const [spelled = ""] = text.slice(index).match(rest) ?? [];
        const token = canonical(spelled.replace(/[^0-9a-z_]/gi, ""));
        const onwards = text.slice(index + spelled.length);
        const next = onwards.search(begins);
        if (window.musterSecretIsWhole(token, prefix) && (!/^[0-9a-z]/i.test(onwards) || next === 0)) return token;
      }
      text = decoded(text);
    }
    return "";
  };
})();
