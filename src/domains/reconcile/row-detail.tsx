import { Button } from 'antd'
import { showCount } from '../../web/format.ts'
import { Icon } from '../../web/kit/icon.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import { useTight } from '../../web/kit/use-narrow.ts'
import { useMay } from '../../web/viewer.tsx'
import { words as kit } from '../../web/words.ts'
import { type ListName, type ResultRow, SHEET_ROLES, type SheetRole } from './contract.ts'
import { words } from './page-words.web.ts'
import { Reveal } from './reveal.tsx'
import { gradeOf, namesOf } from './row-columns.tsx'

interface RowDetailProps {
  readonly runId: string
  readonly list: ListName
  readonly row: ResultRow
  /** 1-based among those found. */
  readonly place: number
  readonly total: number
  readonly onPrevious: (() => void) | undefined
  readonly onNext: (() => void) | undefined
  readonly onClose: () => void
}

/** Both sheets side by side, with what they disagree on marked by a frame and a word. */
export function RowDetail({ runId, list, row, place, total, onPrevious, onNext, onClose }: RowDetailProps) {
  const mayReveal = useMay('run.reveal')
  const isTight = useTight()
  const nth = words.detail.nth(showCount(place), showCount(total))
  return (
    <section className={isTight ? 'row-detail' : 'box row-detail'} aria-label={words.detail.title}>
      {isTight ? null : (
        <div className="box-head">
          <h2>{namesOf(row)}</h2>
          <span className="note">{nth}</span>
          <span className="row-detail-move">
            <IconButton icon="left" label={words.detail.previous} onClick={onPrevious} />
            <IconButton icon="right" label={words.detail.next} onClick={onNext} />
            <IconButton icon="cross" label={kit.dialog.close} onClick={onClose} />
          </span>
        </div>
      )}
      <div className="row-detail-why">
        {row.classLabel === null ? null : <Tag tone={list === 'not-found' ? 'child' : 'plain'}>{row.classLabel}</Tag>}{' '}
        <span>{row.reason === null || row.reason === row.classLabel ? words.listNotes[list] : row.reason}</span>
      </div>
      <Sides row={row} />
      {mayReveal ? (
        <div className="box-body">
          <Reveal runId={runId} list={list} seq={row.seq} />
        </div>
      ) : null}
      {isTight ? (
        <div className="row-detail-foot">
          <Button disabled={onPrevious === undefined} onClick={onPrevious}>
            {words.detail.previous}
          </Button>
          <Button disabled={onNext === undefined} onClick={onNext}>
            {words.detail.next}
          </Button>
        </div>
      ) : null}
    </section>
  )
}

interface IconButtonProps {
  readonly icon: 'left' | 'right' | 'cross'
  readonly label: string
  readonly onClick: (() => void) | undefined
}

function IconButton({ icon, label, onClick }: IconButtonProps) {
  return (
    <Button
      type="text"
      size="small"
      aria-label={label}
      disabled={onClick === undefined}
      onClick={onClick}
      icon={<Icon name={icon} size={15} />}
    />
  )
}

interface Line {
  readonly item: string
  readonly population: string | null
  readonly roll: string | null
  /** Only what both sheets say can differ. */
  readonly isBoth?: boolean
}

function linesOf(row: ResultRow): readonly Line[] {
  const { columns } = words
  const nominal = gradeOf(row.nominalGrade)
  return [
    { item: columns.rows, population: rowWord(row.populationRow), roll: rowWord(row.rollRow) },
    { item: columns.name, population: row.name, roll: row.rollName, isBoth: true },
    { item: columns.birth, population: row.birthDay, roll: row.rollBirthDay, isBoth: true },
    { item: columns.citizenId, population: row.citizenId, roll: row.rollCitizenId, isBoth: true },
    { item: columns.sex, population: row.sex, roll: null },
    { item: columns.grade, population: nominal === null ? null : words.detail.nominal(nominal), roll: row.grade },
    { item: columns.township, population: row.township, roll: null },
    { item: columns.village, population: row.village, roll: null },
    { item: columns.guardian, population: row.guardian, roll: null },
    { item: columns.school, population: null, roll: row.school },
    { item: columns.status, population: null, roll: row.status },
  ]
}

function Sides({ row }: { readonly row: ResultRow }) {
  const there = SHEET_ROLES.filter((role) => (role === 'population' ? row.populationRow : row.rollRow) !== null)
  const missing = SHEET_ROLES.filter((role) => !there.includes(role))
  const lines = linesOf(row).filter((line) => there.some((role) => line[role] !== null))
  return (
    <>
      <table className="table sides" aria-label={words.detail.title}>
        <thead>
          <tr>
            <th scope="col">{words.detail.item}</th>
            {there.map((role) => (
              <th key={role} scope="col">
                {words.sheets[role]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <SideLine key={line.item} line={line} there={there} />
          ))}
        </tbody>
      </table>
      {missing.map((role) => (
        <p key={role} className="sides-missing second">
          {words.detail.notThere(words.sheets[role])}
        </p>
      ))}
    </>
  )
}

function SideLine({ line, there }: { readonly line: Line; readonly there: readonly SheetRole[] }) {
  const differs =
    line.isBoth === true && line.population !== null && line.roll !== null && line.population !== line.roll
  return (
    <tr className={differs ? 'differs' : undefined}>
      <th scope="row">
        {line.item} {differs ? <Tag>{words.detail.differs}</Tag> : null}
      </th>
      {there.map((role) => (
        <td key={role} className={line.item === words.columns.citizenId ? 'table-id' : undefined}>
          {line[role] ?? <span className="second">—</span>}
        </td>
      ))}
    </tr>
  )
}

function rowWord(row: number | null): string | null {
  return row === null ? null : words.detail.inRow(showCount(row))
}
