import type { ReactNode } from 'react'
import { showCount } from '../../web/format.ts'
import type { Column } from '../../web/kit/data-table.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import type { ListName, ResultRow } from './contract.ts'
import { words } from './page-words.web.ts'

type Kind = Exclude<keyof typeof words.columns, 'rows' | 'name' | 'rollName'>

/** `wide` columns leave when the panel stands beside the list, or the window is small. */
interface Plan {
  readonly columns: readonly Kind[]
  readonly wide?: readonly Kind[]
}

const PLANS: Readonly<Record<ListName, Plan>> = {
  'not-found': {
    columns: ['sex', 'birth', 'citizenId', 'nominalGrade', 'township', 'village', 'class', 'reason'],
    wide: ['village', 'citizenId', 'reason'],
  },
  review: { columns: ['birth', 'rollBirth', 'township', 'school', 'reason'], wide: ['rollBirth', 'township'] },
  linked: {
    columns: ['sex', 'birth', 'school', 'grade', 'status', 'township', 'reason'],
    wide: ['sex', 'status', 'reason'],
  },
  duplicates: { columns: ['birth', 'township', 'school', 'class', 'reason'], wide: ['township', 'school'] },
  'roll-only': {
    columns: ['sex', 'rollBirth', 'school', 'grade', 'status', 'class', 'reason'],
    wide: ['sex', 'status', 'reason'],
  },
  outside: { columns: ['sex', 'birth', 'township', 'village', 'class', 'reason'], wide: ['village', 'reason'] },
  errors: { columns: ['birth', 'township', 'school', 'reason'], wide: ['township', 'school'] },
}

const WIDTHS: Partial<Readonly<Record<Kind, string>>> = {
  sex: '52px',
  birth: '104px',
  citizenId: '172px',
  rollBirth: '104px',
  nominalGrade: '76px',
  grade: '100px',
  status: '84px',
  guardian: '92px',
  township: '104px',
  village: '110px',
  class: '112px',
}

const CELLS: Readonly<Record<Kind, (row: ResultRow) => ReactNode>> = {
  populationName: ({ name }) => name,
  sex: ({ sex }) => sex,
  birth: ({ birthDay }) => birthDay,
  populationBirth: ({ birthDay }) => birthDay,
  rollBirth: ({ rollBirthDay }) => rollBirthDay,
  citizenId: ({ citizenId }) => <span className="second">{citizenId}</span>,
  nominalGrade: (row) => gradeOf(row.nominalGrade),
  township: ({ township }) => township,
  village: ({ village }) => village,
  guardian: ({ guardian }) => guardian,
  school: ({ school }) => <span title={school ?? undefined}>{school}</span>,
  grade: ({ grade }) => grade,
  status: ({ status }) => status,
  class: ({ classLabel }) => (classLabel === null ? null : <Tag>{classLabel}</Tag>),
  reason: ({ reason, classLabel }) =>
    reason === classLabel ? null : <span title={reason ?? undefined}>{reason}</span>,
}

interface ColumnsOptions {
  readonly list: ListName
  readonly isShort: boolean
  readonly onOpen: (row: ResultRow) => void
}

export function columnsOf({ list, isShort, onOpen }: ColumnsOptions): readonly Column<ResultRow>[] {
  const { columns, wide = [] } = PLANS[list]
  const kept = isShort ? columns.filter((kind) => !wide.includes(kind)) : columns
  return [
    {
      id: 'name',
      head: words.columns.name,
      width: list === 'review' ? '190px' : '132px',
      isTitle: true,
      cell: (row) => (
        <button
          type="button"
          className="row-name"
          title={namesOf(row)}
          onClick={(event) => {
            event.stopPropagation()
            onOpen(row)
          }}
        >
          {namesOf(row)}
        </button>
      ),
    },
    ...kept.map((kind) => {
      const width = WIDTHS[kind]
      return { id: kind, head: words.columns[kind], cell: CELLS[kind], ...(width === undefined ? {} : { width }) }
    }),
    {
      id: 'rows',
      head: words.columns.rows,
      width: '138px',
      cell: (row) => <span className="second">{placesOf(row)}</span>,
    },
  ]
}

export function namesOf({ name, rollName }: ResultRow): string {
  if (name !== null && rollName !== null && name !== rollName) return `${name} / ${rollName}`
  return name ?? rollName ?? words.noName
}

export function gradeOf(grade: number | null): string | null {
  if (grade === null || grade < 1 || grade > words.grades.length) return null
  return words.grade(words.grades.charAt(grade - 1))
}

function placesOf({ populationRow, rollRow }: ResultRow): string {
  const places = [
    populationRow === null ? undefined : words.populationRow(showCount(populationRow)),
    rollRow === null ? undefined : words.rollRow(showCount(rollRow)),
  ]
  return places.filter((place) => place !== undefined).join(' · ')
}
