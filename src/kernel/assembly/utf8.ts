/** Whether [from, to) is valid UTF-8 (RFC 3629). Looks at up to 15 bytes behind it. */
export function isUtf8(from: usize, to: usize): bool {
  let p = from;
  while (p < to) {
    const beyond = i8x16.bitmask(v128.load(p));
    if (beyond === 0) {
      p += 16;
      continue;
    }
    p += <usize>ctz<i32>(beyond);
    if (p >= to) return true;
    p = sequenceEnd(p, to);
    if (p === 0) return false;
  }
  return true;
}

/** Address behind the sequence of two bytes or more at p, or 0. As kernel/utf8.ts, which also says how far damage reaches. */
function sequenceEnd(p: usize, to: usize): usize {
  const lead = <u32>load<u8>(p);
  if (lead < 0xc2 || lead > 0xf4 || p + 1 >= to) return 0;
  const second = <u32>load<u8>(p, 1);
  if (!continues(second) || !fits(lead, second)) return 0;
  if (lead < 0xe0) return p + 2;
  if (p + 2 >= to || !continues(load<u8>(p, 2))) return 0;
  if (lead < 0xf0) return p + 3;
  return p + 3 < to && continues(load<u8>(p, 3)) ? p + 4 : 0;
}

function continues(byte: u32): bool {
  return (byte & 0xc0) === 0x80;
}

/** No overlong forms, no surrogates, nothing above U+10FFFF. */
function fits(lead: u32, second: u32): bool {
  if (lead === 0xe0) return second >= 0xa0;
  if (lead === 0xed) return second < 0xa0;
  if (lead === 0xf0) return second >= 0x90;
  return lead !== 0xf4 || second < 0x90;
}
