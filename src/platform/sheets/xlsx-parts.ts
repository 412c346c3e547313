import { Problem } from '../../kernel/problem.ts'
import { SharedTexts } from './shared-texts.ts'
import type { SheetLimits } from './types.ts'
import { openZip, readEntry, readSmallEntry, unreadable, type ZipEntry, type ZipFile } from './unzip.ts'
import { attributeOf, decodeXml, elementsOf } from './xml.ts'

export interface Worksheet {
  readonly name: string
  readonly entry: ZipEntry
}

/** A workbook whose parts are known; rows are read worksheet by worksheet. */
export interface Workbook {
  readonly zip: ZipFile
  readonly limits: SheetLimits
  readonly path: string
  /** Where the styles are, or would be. */
  readonly stylesPath: string
  readonly hasStyles: boolean
  readonly worksheets: readonly Worksheet[]
  /** Days are counted from 1904 in workbooks that come from old Macs. */
  readonly is1904: boolean
  /** By style number: is a number in this style a day? */
  readonly isDay: readonly boolean[]
  readonly sharedTextEntry: ZipEntry | undefined
}

/** [SHEET-9] Opens a workbook; one with macros, a binary or OpenDocument one and any other zip archive is refused. */
export async function openWorkbook(path: string, fileName: string, limits: SheetLimits): Promise<Workbook> {
  const zip = await openZip(path, fileName)
  const types = await readSmallEntry(zip, '[Content_Types].xml', limits)
  const names = [...zip.entries.keys()]
  if (
    names.some((name) => /vbaProject\.bin$/i.test(name)) ||
    (types !== undefined && /macroEnabled|vbaProject/i.test(types))
  ) {
    throw new Problem('FILE.MACRO', { file: fileName })
  }
  if (names.some((name) => /^xl\/workbook\.bin$/i.test(name))) throw unreadable(fileName)
  const workbookPath = types === undefined ? undefined : await findWorkbookPath(zip, limits)
  const workbook = workbookPath === undefined ? undefined : await readSmallEntry(zip, workbookPath, limits)
  if (workbookPath === undefined || workbook === undefined || !/<([\w-]+:)?workbook[\s>]/.test(workbook)) {
    throw new Problem('FILE.TYPE', { file: fileName })
  }
  const relations = await readRelations(zip, workbookPath, limits)
  const worksheets = elementsOf(workbook, 'sheet').flatMap((element) => {
    const relation = relations.find(({ id }) => id === relationId(element))
    const entry = relation?.type === 'worksheet' ? zip.entries.get(relation.target) : undefined
    return entry === undefined ? [] : [{ name: decodeXml(attributeOf(element, 'name') ?? ''), entry }]
  })
  if (worksheets.length === 0) throw unreadable(fileName)
  const partOf = (type: string) => relations.find((relation) => relation.type === type)?.target
  const stylesPath = partOf('styles') ?? 'xl/styles.xml'
  const styles = await readSmallEntry(zip, stylesPath, limits)
  return {
    zip,
    limits,
    path: workbookPath,
    stylesPath,
    hasStyles: styles !== undefined,
    worksheets,
    is1904: /<([\w-]+:)?workbookPr[^>]*\sdate1904="(1|true)"/.test(workbook),
    isDay: styles === undefined ? [] : dayStyles(styles),
    sharedTextEntry: zip.entries.get(partOf('sharedStrings') ?? 'xl/sharedStrings.xml'),
  }
}

export async function readSharedTexts(workbook: Workbook): Promise<SharedTexts> {
  const texts = new SharedTexts(workbook.limits.sharedTextBytes, workbook.zip.fileName)
  if (workbook.sharedTextEntry === undefined) return texts
  await texts.fill(readEntry(workbook.zip, workbook.sharedTextEntry, workbook.limits))
  return texts
}

export interface Relation {
  readonly id: string
  /** Last word of the type's address; the transitional and the strict form of the standard differ before it. */
  readonly type: string
  readonly target: string
}

async function findWorkbookPath(zip: ZipFile, limits: SheetLimits): Promise<string | undefined> {
  return (await readRelations(zip, '', limits)).find(({ type }) => type === 'officeDocument')?.target
}

export async function readRelations(zip: ZipFile, part: string, limits: SheetLimits): Promise<readonly Relation[]> {
  const folder = part.slice(0, part.lastIndexOf('/') + 1)
  const xml = await readSmallEntry(zip, relationsPath(part), limits)
  if (xml === undefined) return []
  return elementsOf(xml, 'Relationship').map((element) => ({
    id: attributeOf(element, 'Id') ?? '',
    type: (attributeOf(element, 'Type') ?? '').split('/').at(-1) ?? '',
    target: resolve(folder, decodeXml(attributeOf(element, 'Target') ?? '')),
  }))
}

/** The part that says what another part points to. */
export function relationsPath(part: string): string {
  const folder = part.slice(0, part.lastIndexOf('/') + 1)
  return `${folder}_rels/${part.slice(folder.length)}.rels`
}

function resolve(folder: string, target: string): string {
  const path: string[] = []
  for (const step of (target.startsWith('/') ? target : folder + target).split('/')) {
    if (step === '..') path.pop()
    else if (step !== '' && step !== '.') path.push(step)
  }
  return path.join('/')
}

function relationId(sheet: string): string | undefined {
  return /\s(?:[\w-]+:)?id="([^"]*)"/.exec(sheet)?.[1]
}

/** Built-in formats that show a day; 27-36 and 50-58 are those of Chinese Excel (yyyy"年"m"月"d"日" and the like). */
const BUILT_IN_DAYS = new Set([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58])

function dayStyles(styles: string): boolean[] {
  const own = new Map<number, boolean>()
  for (const element of elementsOf(styles, 'numFmt')) {
    own.set(Number(attributeOf(element, 'numFmtId')), showsDay(decodeXml(attributeOf(element, 'formatCode') ?? '')))
  }
  const section = /<(?:[\w-]+:)?cellXfs[\s>][\s\S]*?<\/(?:[\w-]+:)?cellXfs>/.exec(styles)?.[0] ?? ''
  return elementsOf(section, 'xf').map((element) => {
    const format = Number(attributeOf(element, 'numFmtId') ?? 0)
    return own.get(format) ?? BUILT_IN_DAYS.has(format)
  })
}

/** Quoted words, escapes and colours aside, a format with a year or a day letter shows a day. */
function showsDay(format: string): boolean {
  return /[yd年]/i.test(format.replace(/"[^"]*"|\\.|\[[^\]]*\]|_./g, ''))
}
