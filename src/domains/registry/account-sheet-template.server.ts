import type { OutSheet } from '../../platform/sheets/index.ts'
import { SHEET_COLUMNS } from './account-sheet-contract.ts'
import { outSheet } from './account-sheet-files.server.ts'
import { accountSheetWords as words } from './account-sheet-words.ts'
import type { BranchIndex, BranchUnit } from './branch-index.ts'
import type { Manager, RoleFacts } from './rules.ts'
import { registryWords } from './words.ts'

const WIDTHS = { person: 14, login: 20, role: 18, unit: 36, from: 14 } as const

interface TemplateFacts {
  readonly manager: Manager
  readonly roles: readonly RoleFacts[]
  /** In force, at or below the own unit. */
  readonly units: readonly BranchUnit[]
  readonly index: BranchIndex
}

/** [REG-20] An empty sheet, and beside it every role that may be given with every unit where it may stand, as they are to be written. */
export function templateSheets({ manager, roles, units, index }: TemplateFacts): readonly OutSheet[] {
  const { choiceHeadings } = words.template
  const choices = roles
    .filter(({ roleId }) => manager.role.mayAssign.includes(roleId))
    .flatMap((role) =>
      units
        .filter(({ kind }) => role.unitKinds.includes(kind))
        .map((unit) => [role.label, index.pathName(unit), unit.code, registryWords.kind[unit.kind]]),
    )
  return [
    outSheet(
      words.template.rows,
      SHEET_COLUMNS.map((id) => [words.headings[id], WIDTHS[id]]),
      [],
    ),
    outSheet(
      words.template.choices,
      [
        [choiceHeadings.role, 18],
        [choiceHeadings.unit, 44],
        [choiceHeadings.code, 16],
        [choiceHeadings.kind, 14],
      ],
      choices,
    ),
    outSheet(
      words.template.how,
      [[words.template.how, 90]],
      words.template.howLines.split('\n').map((line) => [line]),
    ),
  ]
}
