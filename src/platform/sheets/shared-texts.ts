import { Problem } from '../../kernel/problem.ts'
import { refuseDoctype } from './unzip.ts'
import { LONGEST_TEXT, richText } from './xml.ts'

const SEGMENT = 8 * 1024 * 1024
/** More cells than any worksheet with texts in 19 columns; twelve bytes each. */
const MOST_TEXTS = 20_000_000

/**
 * The shared strings of a workbook, packed as UTF-8 one behind the other. As JavaScript strings a sheet of
 * 500,000 rows with distinct texts takes 1.5 GB; packed it takes what the texts weigh.
 */
export class SharedTexts {
  readonly #segments: Buffer[] = []
  #starts = new Float64Array(1024)
  #lengths = new Uint32Array(1024)
  #count = 0
  #end = 0
  readonly #limit: number
  readonly #fileName: string

  constructor(limit: number, fileName: string) {
    this.#limit = limit
    this.#fileName = fileName
  }

  get(index: number): string {
    if (!(index >= 0 && index < this.#count)) return ''
    const start = this.#starts[index]!
    const segment = this.#segments[Math.floor(start / SEGMENT)]!
    const from = start % SEGMENT
    return segment.toString('utf8', from, from + this.#lengths[index]!)
  }

  async fill(content: AsyncIterable<Buffer>): Promise<void> {
    const decoder = new TextDecoder('utf-8')
    let text = ''
    let prefix: string | undefined
    for await (const chunk of content) {
      text += decoder.decode(chunk, { stream: true })
      if (prefix === undefined) {
        prefix = /<([\w-]+:)?sst[\s>]/.exec(text)?.[1] ?? ''
        refuseDoctype(text.slice(0, 4096), this.#fileName)
      }
      text = text.slice(this.#take(text, prefix))
      if (text.length > SEGMENT) throw new Problem('FILE.UNREADABLE', { file: this.#fileName })
    }
  }

  /** Takes every whole `<si>` and tells where the rest begins. */
  #take(text: string, prefix: string): number {
    const open = `<${prefix}si`
    const close = `</${prefix}si>`
    let done = 0
    for (;;) {
      const start = text.indexOf(open, done)
      const tagEnd = start === -1 ? -1 : text.indexOf('>', start)
      if (tagEnd === -1) return done
      if (text[tagEnd - 1] === '/') {
        this.#add('')
        done = tagEnd + 1
        continue
      }
      const end = text.indexOf(close, tagEnd)
      if (end === -1) return done
      this.#add(richText(text.slice(tagEnd + 1, end), prefix))
      done = end + close.length
    }
  }

  #add(text: string): void {
    const bytes = Buffer.from(text.slice(0, LONGEST_TEXT))
    const room = SEGMENT - (this.#end % SEGMENT)
    if (bytes.length > room) this.#end += room
    if (this.#end + bytes.length > this.#limit || this.#count >= MOST_TEXTS)
      throw new Problem('FILE.BOMB', { file: this.#fileName })
    const segment = Math.floor(this.#end / SEGMENT)
    this.#segments[segment] ??= Buffer.alloc(SEGMENT)
    bytes.copy(this.#segments[segment]!, this.#end % SEGMENT)
    if (this.#count === this.#starts.length) this.#grow()
    this.#starts[this.#count] = this.#end
    this.#lengths[this.#count] = bytes.length
    this.#count++
    this.#end += bytes.length
  }

  #grow(): void {
    const [starts, lengths] = [new Float64Array(this.#count * 2), new Uint32Array(this.#count * 2)]
    starts.set(this.#starts)
    lengths.set(this.#lengths)
    this.#starts = starts
    this.#lengths = lengths
  }
}
