import type { Sink } from '../core/stages.ts';

/**
 * What a terminal would obey and not show: control characters but tab and newline, and the marks that turn the
 * direction of text round so that it reads otherwise than it is ("Trojan Source", CVE-2021-42574).
 */
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** CRs in a row, and the LF behind them. */
const RETURNS = /\r+\n?/g;

/** Text made safe to show: `\x1b` for an escape character, `\u202e` for one above ASCII. Tabs and newlines stay, the CR of a line end goes. */
export const sanitizeText = (text: string): string => text.replace(RETURNS, withoutLineEnd).replace(OBEYED, escaped);

/** CRLF, and CRCRLF, is LF to who reads lines; a CR that ends no line is to be seen. */
function withoutLineEnd(run: string, at: number, whole: string): string {
  if (run.endsWith('\n')) return '\n';
  return at + run.length === whole.length ? '' : run;
}

/** A label made safe to stand in a line: like sanitizeText, and it stays on its line. */
export const sanitizeLabel = (label: string): string => label.replace(OBEYED, escaped).replaceAll('\n', '\\x0a');

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  const digits = code.toString(16);
  return code < 0x80 ? `\\x${digits.padStart(2, '0')}` : `\\u${digits.padStart(4, '0')}`;
}

/** A sink in front of a terminal, for formats that write no colours of their own. Bytes that are not UTF-8 show as U+FFFD. */
export function sanitizingSink(sink: Sink): Sink {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  // CRs at the end of a piece wait for the next byte: only that tells whether they end a line.
  let held = '';
  const pass = (text: string): void => {
    let end = text.length;
    while (end > 0 && text[end - 1] === '\r') end--;
    held = text.slice(end);
    const safe = sanitizeText(text.slice(0, end));
    if (safe !== '') sink.write(Buffer.from(safe));
  };
  return {
    write: (bytes) => pass(held + decoder.decode(bytes, { stream: true })),
    commit: () => {
      pass(`${held}${decoder.decode()}`);
      sink.commit();
    },
    abort: () => sink.abort(),
  };
}
