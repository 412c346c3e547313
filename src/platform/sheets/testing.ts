import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDuck } from './duck.ts'
import { chooseColumns } from './heading.ts'
import { ingestToParquet } from './ingest.ts'
import { inspectSheet } from './inspect.ts'
import type { SheetField, SheetLayout, SheetLimits } from './types.ts'
import { openZipWriter } from './zip-writer.ts'

/** Files for tests, made in the test. */
export interface TestFolder {
  readonly path: string
  write(name: string, content: string | Buffer): Promise<string>
  zip(name: string, parts: Readonly<Record<string, string>>): Promise<string>
  remove(): Promise<void>
}

export async function testFolder(): Promise<TestFolder> {
  const path = await mkdtemp(join(tmpdir(), 'sheet-test-'))
  return {
    path,
    async write(name, content) {
      await writeFile(join(path, name), content)
      return join(path, name)
    },
    async zip(name, parts) {
      const file = await open(join(path, name), 'w')
      try {
        const zip = openZipWriter(file)
        for (const [part, text] of Object.entries(parts)) await zip.add(part, pieces(text))
        await zip.end()
      } finally {
        await file.close()
      }
      return join(path, name)
    },
    remove: () => rm(path, { recursive: true, force: true }),
  }
}

async function* pieces(text: string): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += 65_536) yield text.slice(at, at + 65_536)
}

/** The three fields most tests need. */
export const TEST_FIELDS: readonly SheetField[] = [
  { id: 'name', label: '姓名', isRequired: true, kind: 'text', aliases: ['学生姓名'] },
  {
    id: 'citizenId',
    label: '公民身份号码',
    isRequired: true,
    kind: 'text',
    aliases: ['身份证号', '身份证件号码', '身份证件号'],
  },
  { id: 'birthDay', label: '出生日期', isRequired: false, kind: 'day', aliases: [] },
  { id: 'address', label: '户籍地址', isRequired: false, kind: 'text', aliases: ['现住址'] },
]

interface ReadOptions {
  readonly fields?: readonly SheetField[]
  readonly limits?: SheetLimits
}

export async function recognise(folder: TestFolder, path: string, options: ReadOptions = {}): Promise<SheetLayout> {
  return inspectSheet({
    path,
    fileName: 'sheet',
    workDir: folder.path,
    countRows: true,
    threads: 1,
    fields: TEST_FIELDS,
    ...options,
  })
}

export interface Ingested {
  readonly layout: SheetLayout
  readonly rows: number
  readonly faults: number
  /** row, the fields in their order, fault. */
  readonly table: readonly (readonly (string | number | null)[])[]
}

/** The whole way of a sheet: recognise, choose columns, write Parquet, read it back. */
export async function ingest(folder: TestFolder, path: string, options: ReadOptions = {}): Promise<Ingested> {
  const fields = options.fields ?? TEST_FIELDS
  const layout = await recognise(folder, path, options)
  const columns = chooseColumns(layout, fields, 'sheet')
  const out = join(folder.path, `out-${outNumber++}.parquet`)
  const common = {
    workDir: folder.path,
    threads: 1,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  }
  const { rows, faults } = await ingestToParquet({ path, fileName: 'sheet', layout, fields, columns, out, ...common })
  const duck = await openDuck({ workDir: folder.path, threads: 1 })
  try {
    const table = await duck.rows(`SELECT * FROM read_parquet('${out}')`)
    return {
      layout,
      rows,
      faults,
      table: table.map((cells) =>
        cells.map((cell) => (typeof cell === 'bigint' ? Number(cell) : (cell as string | null))),
      ),
    }
  } finally {
    duck.close()
  }
}

let outNumber = 0

const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
const RELATION = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/** The parts of a workbook with one worksheet; `rows` is what stands in `<sheetData>`. */
export function workbookParts(rows: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    '[Content_Types].xml': `<Types><Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/></Types>`,
    '_rels/.rels': `<Relationships><Relationship Id="rId1" Type="${RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns:r="${RELATION}"><sheets><sheet name="人口" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="rId1" Type="${RELATION}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${RELATION}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="${RELATION}/styles" Target="styles.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${rows}</sheetData></worksheet>`,
    ...more,
  }
}

/** A row of inline texts; numbers become number cells. */
export function rowOf(row: number, cells: readonly (string | number)[]): string {
  const xml = cells.map((cell, column) => {
    const place = `r="${String.fromCharCode(65 + column)}${row}"`
    return typeof cell === 'number'
      ? `<c ${place}><v>${cell}</v></c>`
      : `<c ${place} t="inlineStr"><is><t>${cell}</t></is></c>`
  })
  return `<row r="${row}">${xml.join('')}</row>`
}
