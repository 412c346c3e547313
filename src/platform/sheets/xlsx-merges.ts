import { Problem } from '../../kernel/problem.ts'
import { columnOfLetters } from './places.ts'
import { readEntry } from './unzip.ts'
import type { Workbook, Worksheet } from './xlsx-parts.ts'

/** Cells shown as one: rows 1-based, columns 0-based, both ends included. */
export interface Merge {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

/** Two columns of a full worksheet merged in pairs of rows; beyond, made to exhaust. */
const MOST_MERGES = 1_048_576
/** Room for the end of the rows, and for one merged range, across two chunks. */
const CARRY = 256

/**
 * The merged ranges of a worksheet. They stand behind the rows, so the part is unpacked once more for them; the rows
 * are passed over as bytes. Of 200,000 rows with 20 columns (340 MB) that takes 0.5 s, a sixth
 * of reading them.
 */
export async function readMerges(workbook: Workbook, worksheet: Worksheet): Promise<Merge[]> {
  const merges: Merge[] = []
  let before: Buffer = Buffer.alloc(0)
  let text: string | undefined
  for await (const chunk of readEntry(workbook.zip, worksheet.entry, workbook.limits)) {
    if (text === undefined) {
      const joined = Buffer.concat([before, chunk])
      const end = endOfRows(joined)
      before = joined.subarray(Math.max(0, joined.length - CARRY))
      if (end === -1) continue
      text = joined.toString('latin1', end)
    } else {
      text += chunk.toString('latin1')
    }
    takeMerges(text, merges)
    if (merges.length > MOST_MERGES) throw new Problem('FILE.BOMB', { file: workbook.zip.fileName })
    if (/<\/(?:[\w-]+:)?mergeCells>/.test(text)) break
    text = cutTag(text)
  }
  return merges.sort((a, b) => a.top - b.top)
}

const ROWS_END = Buffer.from('sheetData>')

/** Place behind `</sheetData>`; the opening tag reads the same from its name on. */
function endOfRows(bytes: Buffer): number {
  for (let at = bytes.indexOf(ROWS_END); at !== -1; at = bytes.indexOf(ROWS_END, at + 1)) {
    const isClosing = /<\/(?:[\w-]+:)?$/.test(bytes.toString('latin1', Math.max(0, at - 40), at))
    if (isClosing) return at + ROWS_END.length
  }
  return -1
}

function takeMerges(text: string, merges: Merge[]): void {
  for (const [, left, top, right, bottom] of text.matchAll(RANGE)) {
    const merge = {
      top: Number(top),
      bottom: Number(bottom),
      left: columnOfLetters(left!),
      right: columnOfLetters(right!),
    }
    if (merge.top <= merge.bottom && merge.left <= merge.right) merges.push(merge)
  }
}

/** The tag that the end of a chunk cut; one that is longer than any range is passed over. */
function cutTag(text: string): string {
  const tag = text.slice(text.lastIndexOf('<'))
  return tag.includes('>') || tag.length > CARRY ? '' : tag
}

const RANGE = /<(?:[\w-]+:)?mergeCell\s[^>]*?ref=["']\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})["']/g

/**
 * [SHEET-24] The value of cells merged downwards holds in every row of the merge, in the column in which it stands.
 * Whether a row is blank is told by its own cells: a merge drawn too long makes no rows.
 */
export class MergeCarrier {
  readonly #merges: readonly Merge[]
  readonly #open = new Map<number, { readonly bottom: number; readonly value: string }>()
  #next = 0

  /** In the order of `readMerges`. */
  constructor(merges: readonly Merge[]) {
    this.#merges = merges.filter(({ top, bottom }) => bottom > top)
  }

  /** Rows come in their order. */
  carry(row: number, cells: (string | undefined)[]): void {
    if (this.#open.size > 0) this.#fill(row, cells)
    for (; (this.#merges[this.#next]?.top ?? Number.POSITIVE_INFINITY) <= row; this.#next++) {
      const { top, left, bottom } = this.#merges[this.#next]!
      const value = cells[left]
      if (top === row && value !== undefined) this.#open.set(left, { bottom, value })
    }
  }

  #fill(row: number, cells: (string | undefined)[]): void {
    for (const [column, { bottom, value }] of this.#open) {
      if (row > bottom) this.#open.delete(column)
      else cells[column] ??= value
    }
  }
}
