/** Zero-width and directional marks, soft hyphen, BOM, variation selectors and control characters; tab and line ends are spaces. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}\u0000-\u0008\u000e-\u001f\u007f-\u009f]/gu
const SPACES = /[\s\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+/gu
const NEEDS_WORK = /[^\u0021-\u007e\u00b7\u4e00-\u9fff\uff01-\uff5e\u3001\u3002]/u

/** [TEXT-1] Invisible characters removed, every run of spaces (NBSP and 全角空格 too) one space, trimmed. Letters stay as they were typed. */
export function cleanText(text: string): string {
  if (!NEEDS_WORK.test(text)) return text
  return text.replace(INVISIBLE, '').replace(SPACES, ' ').trim()
}

const FULL_WIDTH = /[\uff01-\uff5e\u3000]/gu

/** [TEXT-2] Full-width ASCII to ASCII: `５００１Ｘ` is `5001X`. */
export function halfWidth(text: string): string {
  return text.replace(FULL_WIDTH, (wide) =>
    wide === '\u3000' ? ' ' : String.fromCharCode(wide.charCodeAt(0) - 0xfee0),
  )
}

/** [TEXT-3] A code or number as typed: half-width, nothing invisible, no space anywhere, no leading Excel apostrophe, upper case. */
export function cleanCode(text: string): string {
  return halfWidth(cleanText(text))
    .replace(/ /g, '')
    .replace(/^['‘’`]/u, '')
    .toUpperCase()
}
