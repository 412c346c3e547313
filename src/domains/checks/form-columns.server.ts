import type { FormChoice, FormColumn, OutSheet } from '../../platform/sheets/index.ts'
import { formSheet, oneBatch, printChoice } from '../../platform/sheets/index.ts'
import { formWords as words } from './form-words.ts'
import { METHODS, RESULTS } from './results.ts'
import { FORM_COLUMNS, type FormColumnId } from './sheet-contract.ts'
import { checksWords } from './words.ts'

/** Kept apart from the ids of other forms. */
export const FORM = 'check-task'

const RESULT_CHOICES: readonly FormChoice[] = RESULTS.map(({ code }) => ({ code, label: checksWords.results[code] }))
const METHOD_CHOICES: readonly FormChoice[] = METHODS.map((code) => ({
  code: checksWords.methods[code],
  label: checksWords.methods[code],
}))

type Shape = Pick<FormColumn, 'width' | 'kind' | 'choices' | 'choicesAt' | 'isRequired' | 'mostCharacters' | 'aliases'>

const SHAPES: Readonly<Record<FormColumnId, Shape>> = {
  rowId: { width: 26, isRequired: true, aliases: ['行号'] },
  village: { width: 14 },
  household: { width: 14 },
  name: { width: 10, isRequired: true },
  sex: { width: 6 },
  birth: { width: 12, kind: 'day' },
  citizenId: { width: 22 },
  guardian: { width: 10 },
  phone: { width: 14, aliases: ['联系电话'] },
  address: { width: 30 },
  rollSchool: { width: 18 },
  why: { width: 26 },
  due: { width: 12 },
  result: {
    width: 26,
    kind: 'choice',
    choices: RESULT_CHOICES,
    choicesAt: `'${words.codes}'!$A$2:$A$${RESULTS.length + 1}`,
    isRequired: true,
    aliases: ['核查结果'],
  },
  method: { width: 10, kind: 'choice', choices: METHOD_CHOICES },
  checker: { width: 12, mostCharacters: 40 },
  checkedDay: { width: 12, kind: 'day' },
  papers: { width: 24 },
  province: { width: 10, mostCharacters: 20 },
  school: { width: 24, mostCharacters: 80 },
  pauseUntil: { width: 12, kind: 'day' },
  remark: { width: 24 },
}

/** [CHECK-9] Recognised by their headings when they come back, in whatever order. */
export const COLUMNS: readonly FormColumn<FormColumnId>[] = FORM_COLUMNS.map((id) => ({
  id,
  heading: words.headings[id],
  ...SHAPES[id],
}))

export type FormLine = Readonly<Partial<Record<FormColumnId, string>>>

/** The form of one unit, what each code asks for, and how to fill it in; the stamp says who took it, when and for what. */
export function formSheets(
  lines: readonly FormLine[],
  { blank, stamp }: { readonly blank: number; readonly stamp: string },
): readonly OutSheet[] {
  const additions = Array.from({ length: blank }, (): FormLine => ({ rowId: words.newRow }))
  const { code, asked, goesTo } = words.codeHeadings
  return [
    formSheet(words.sheet, COLUMNS, [...lines, ...additions]),
    {
      name: words.codes,
      isList: true,
      columns: [
        { heading: code, width: 32 },
        { heading: asked, width: 40 },
        { heading: goesTo, width: 28 },
      ],
      rows: oneBatch(
        RESULTS.map((result, at) => [
          printChoice(RESULT_CHOICES[at]!),
          checksWords.asked[result.code],
          checksWords.goesTo[result.goesTo],
        ]),
      ),
    },
    {
      name: words.how,
      isList: false,
      columns: [{ heading: words.how, width: 100 }],
      rows: oneBatch([...words.howLines.split('\n').map((line) => [line]), [stamp]]),
    },
  ]
}
