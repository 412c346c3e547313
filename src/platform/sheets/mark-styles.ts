import type { Severity } from './marks.ts'
import { attributeOf } from './xml.ts'

/**
 * The look of a mark: grey ink that prints, never red, which a bureau reads as struck out. The exact colours are how a
 * mark of ours is known again in a sheet that comes back.
 */
export const MARK_FILL: Readonly<Record<'refuse' | 'repair', string>> = { refuse: 'FFB7BFC3', repair: 'FFE3E8EA' }
export const MARK_BORDER = 'FF5B6A71'

/** Children of a style sheet in the order of the standard. */
const SECTIONS = [
  'numFmts',
  'fonts',
  'fills',
  'borders',
  'cellStyleXfs',
  'cellXfs',
  'cellStyles',
  'dxfs',
  'tableStyles',
  'colors',
  'extLst',
]
const TEXT_FORMAT = 49

/** Adds styles to a style sheet: each mark has the style of its own cell, number format and all, with another fill or border. */
export class StyleBook {
  readonly #styles: string
  readonly #prefix: string
  readonly #formats: string[]
  readonly #fills: string[]
  readonly #borders: string[]
  readonly #known = new Map<string, number>()
  /** Styles that carry a mark of an earlier copy. */
  readonly #marked: ReadonlySet<number>

  constructor(styles: string | undefined) {
    this.#styles = styles ?? EMPTY_STYLES
    this.#prefix = /<([\w-]+:)?styleSheet[\s>]/.exec(this.#styles)?.[1] ?? ''
    this.#formats = this.#items('cellXfs', 'xf')
    this.#fills = this.#items('fills', 'fill')
    this.#borders = this.#items('borders', 'border')
    if (this.#formats.length === 0) this.#formats.push(`<${this.#prefix}xf/>`)
    if (this.#borders.length === 0) this.#borders.push(`<${this.#prefix}border/>`)
    for (const pattern of ['none', 'gray125'].slice(this.#fills.length)) {
      this.#fills.push(
        `<${this.#prefix}fill><${this.#prefix}patternFill patternType="${pattern}"/></${this.#prefix}fill>`,
      )
    }
    this.#marked = new Set(this.#formats.flatMap((format, index) => (this.#isMark(format) ? [index] : [])))
  }

  get hasEarlierMarks(): boolean {
    return this.#marked.size > 0
  }

  isEarlierMark(style: number): boolean {
    return this.#marked.has(style)
  }

  /** [SHEET-28] The style without the mark of an earlier copy; what fill the cell had before that is not known. */
  plain(style: number): number {
    if (!this.#marked.has(style)) return style
    return this.#derive(`plain ${style}`, style, (format) => {
      const border = this.#borders[Number(attributeOf(tagOf(format), 'borderId') ?? 0)] ?? ''
      const fill = this.#fills[Number(attributeOf(tagOf(format), 'fillId') ?? 0)] ?? ''
      const bare = isMarkBorder(border) ? withAttributes(format, { borderId: 0 }) : format
      return isMarkFill(fill) ? withAttributes(bare, { fillId: 0 }) : bare
    })
  }

  marked(style: number, severity: Severity): number {
    return this.#derive(`${severity} ${style}`, this.plain(style), (format) =>
      severity === 'remind'
        ? withAttributes(format, { borderId: this.#markBorder(), applyBorder: 1 })
        : withAttributes(format, { fillId: this.#markFill(severity), applyFill: 1 }),
    )
  }

  /** Text format, so that nothing typed over a reason becomes a number. */
  text(): number {
    return this.#derive(
      'text',
      0,
      () => `<${this.#prefix}xf numFmtId="${TEXT_FORMAT}" fontId="0" fillId="0" borderId="0" applyNumberFormat="1"/>`,
    )
  }

  toXml(): string {
    let xml = this.#styles
    for (const [section, items] of [
      ['fills', this.#fills],
      ['borders', this.#borders],
      ['cellXfs', this.#formats],
    ] as const) {
      const p = this.#prefix
      const written = `<${p}${section} count="${items.length}">${items.join('')}</${p}${section}>`
      const found = this.#section(section, xml)
      const at = found?.index ?? this.#placeOf(section, xml)
      xml = xml.slice(0, at) + written + xml.slice(at + (found?.length ?? 0))
    }
    return xml
  }

  #derive(key: string, base: number, change: (format: string) => string): number {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const index = this.#formats.push(change(this.#formats[base] ?? this.#formats[0]!)) - 1
    this.#known.set(key, index)
    return index
  }

  #markFill(severity: 'refuse' | 'repair'): number {
    const p = this.#prefix
    return this.#once(
      `fill ${severity}`,
      this.#fills,
      `<${p}fill><${p}patternFill patternType="solid"><${p}fgColor rgb="${MARK_FILL[severity]}"/><${p}bgColor indexed="64"/></${p}patternFill></${p}fill>`,
    )
  }

  #markBorder(): number {
    const p = this.#prefix
    const sides = ['left', 'right', 'top', 'bottom'].map(
      (side) => `<${p}${side} style="dashed"><${p}color rgb="${MARK_BORDER}"/></${p}${side}>`,
    )
    return this.#once('border', this.#borders, `<${p}border>${sides.join('')}<${p}diagonal/></${p}border>`)
  }

  #once(key: string, items: string[], item: string): number {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const index = items.push(item) - 1
    this.#known.set(key, index)
    return index
  }

  #isMark(format: string): boolean {
    const tag = tagOf(format)
    return (
      isMarkFill(this.#fills[Number(attributeOf(tag, 'fillId') ?? 0)] ?? '') ||
      isMarkBorder(this.#borders[Number(attributeOf(tag, 'borderId') ?? 0)] ?? '')
    )
  }

  #items(section: string, item: string): string[] {
    const body = this.#section(section, this.#styles)?.text ?? ''
    const name = this.#prefix + item
    const shape = new RegExp(`<${name}(?:\\s(?:[^>"']|"[^"]*"|'[^']*')*?)?(?:/>|>[\\s\\S]*?</${name}>)`, 'g')
    return [...body.matchAll(shape)].map(([text]) => text)
  }

  #section(section: string, xml: string): { index: number; length: number; text: string } | undefined {
    const name = this.#prefix + section
    const found = new RegExp(`<${name}(?:\\s[^>]*?)?(?:/>|>([\\s\\S]*?)</${name}>)`).exec(xml)
    return found === null ? undefined : { index: found.index, length: found[0].length, text: found[1] ?? '' }
  }

  /** Where a missing section belongs: in front of the first that follows it in the standard. */
  #placeOf(section: string, xml: string): number {
    for (const later of SECTIONS.slice(SECTIONS.indexOf(section) + 1)) {
      const found = this.#section(later, xml)
      if (found !== undefined) return found.index
    }
    return xml.lastIndexOf(`</${this.#prefix}styleSheet>`)
  }
}

const EMPTY_STYLES =
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="1"><xf xfId="0"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'

function isMarkFill(fill: string): boolean {
  return Object.values(MARK_FILL).some((colour) => fill.includes(`"${colour}"`))
}

function isMarkBorder(border: string): boolean {
  return border.includes(`"${MARK_BORDER}"`) && border.includes('dashed')
}

function tagOf(element: string): string {
  return element.slice(0, element.indexOf('>') + 1)
}

function withAttributes(element: string, attributes: Readonly<Record<string, number>>): string {
  const tag = tagOf(element)
  const names = Object.keys(attributes).join('|')
  const bare = tag.replace(new RegExp(`\\s(?:${names})\\s*=\\s*(?:"[^"]*"|'[^']*')`, 'g'), '')
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`)
  return bare.replace(/\s*(\/?>)$/, `${written.join('')}$1`) + element.slice(tag.length)
}
