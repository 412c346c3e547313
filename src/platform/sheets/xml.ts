/** Start tags with this local name, `<x:sheet ...>` too, as they stand in the text. */
export function elementsOf(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<(?:[\\w-]+:)?${name}(?=[\\s/>])(?:[^>"']|"[^"]*"|'[^']*')*>`, 'g'))].map(
    ([tag]) => tag,
  )
}

/** The value of an attribute without namespace, undecoded. */
export function attributeOf(tag: string, name: string): string | undefined {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag)
  return found?.[1] ?? found?.[2]
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The five entities of XML and numbered characters; any other entity stays as it is written and names nothing. */
export function decodeXml(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{2,4}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return NAMED[name] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : ''
  })
}

/** Text of a cell: entities, CDATA, and the `_x000D_` form in which workbooks write characters XML cannot hold. */
export function cellText(xml: string): string {
  const plain = xml.includes('<![CDATA[')
    ? xml.replace(/<!\[CDATA\[([\s\S]*?)\]\]>/g, (_, inner: string) => inner.replaceAll('&', '&amp;'))
    : xml
  const text = decodeXml(plain)
  if (!text.includes('_x')) return text
  return text.replace(/_x([0-9a-f]{4})_/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** The texts of `<t>` elements one after another: runs of rich text; readings above the characters (`<rPh>`) left out. */
export function richText(xml: string, prefix: string): string {
  const open = `<${prefix}t`
  const close = `</${prefix}t>`
  const body = xml.includes(`<${prefix}rPh`)
    ? xml.replace(new RegExp(`<${prefix}rPh[\\s>][\\s\\S]*?</${prefix}rPh>`, 'g'), '')
    : xml
  let text = ''
  for (let at = body.indexOf(open); at !== -1; at = body.indexOf(open, at)) {
    const after = body[at + open.length]
    const tagEnd = body.indexOf('>', at)
    if (tagEnd === -1) return text
    at = tagEnd + 1
    if ((after !== '>' && after !== ' ') || body[tagEnd - 1] === '/') continue
    const end = body.indexOf(close, at)
    if (end === -1) return text
    text += cellText(body.slice(at, end))
    at = end + close.length
  }
  return text
}

/** Characters a cell can hold in a spreadsheet. */
export const LONGEST_TEXT = 32_767

const NEEDS_ESCAPE = /[&<>\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]|_x[0-9a-fA-F]{4}_/

/** Characters that XML cannot hold are dropped; `_x0041_` in a name would be read as an escape and is escaped. */
export function escapeText(text: string): string {
  const short = text.length > LONGEST_TEXT ? text.slice(0, LONGEST_TEXT) : text
  if (!NEEDS_ESCAPE.test(short)) return short
  return short
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/_(?=x[0-9a-fA-F]{4}_)/g, '_x005F_')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}
