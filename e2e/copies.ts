import { readFile } from 'node:fs/promises'
import iconv from 'iconv-lite'
import { SHEET_LIMITS } from '../src/platform/sheets/index.ts'
import type { TestFolder } from '../src/platform/sheets/testing.ts'
import { openZip, readSmallEntry } from '../src/platform/sheets/unzip.ts'

/** What is typed into cells, by their names: `B3`. */
type Cells = Readonly<Record<string, string>>

export interface Copy {
  readonly path: string
  /** What stood in the cells before. */
  readonly before: Cells
}

const SHEET = 'xl/worksheets/sheet1.xml'

/** A copy of a workbook as somebody leaves it who typed into some cells of its first sheet. */
export async function typeInto(folder: TestFolder, path: string, cells: Cells, name: string): Promise<Copy> {
  const zip = await openZip(path, name)
  const parts: Record<string, string> = {}
  for (const entry of zip.entries.keys()) parts[entry] = (await readSmallEntry(zip, entry, SHEET_LIMITS)) ?? ''
  const before: Record<string, string> = {}
  for (const [cell, text] of Object.entries(cells)) {
    const pattern = new RegExp(`(<c r="${cell}"[^>]*>)<is><t[^>]*?(?:/>|>([^<]*)</t>)</is></c>`)
    const found = pattern.exec(parts[SHEET] ?? '')
    if (found === null) throw new Error(`${name} has no text in ${cell}`)
    before[cell] = found[2] ?? ''
    parts[SHEET] = parts[SHEET]!.replace(pattern, (_, open: string) => `${open}<is><t>${text}</t></is></c>`)
  }
  return { path: await folder.zip(name, parts), before }
}

/** A copy of a roll whose first pupil is at another school: code and name between their commas. */
export async function withSchool(folder: TestFolder, path: string, school: string, name: string): Promise<string> {
  const text = iconv.decode(await readFile(path), 'gb18030')
  const spoilt = text.replace(/,\d{10},[^,]+,/, school)
  return folder.write(name, iconv.encode(spoilt, 'gb18030'))
}
