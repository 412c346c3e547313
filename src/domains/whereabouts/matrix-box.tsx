import { useAnswer } from '../../web/api/query.ts'
import { showCount } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Icon } from '../../web/kit/icon.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { type BookBalance, MATRIX_COLUMNS, readMatrix } from './contract.ts'
import { words } from './page-words.web.ts'

/** A township and a village have no schools of their own to count from. */
const HAS_SCHOOLS: ReadonlySet<string> = new Set(['city', 'district'])

/** Where registered by where at school: the own cell counted from both sides. */
export function MatrixBox({ balance }: { readonly balance: BookBalance }) {
  const { unit, asOf, knownAt } = balance
  const answer = useAnswer(readMatrix, { query: { unitId: unit.unitId, asOf, knownAt } })
  const matrix = answer.data
  return (
    <Box title={words.matrix.title} note={words.matrix.note}>
      <ProblemNote fault={answer.error} />
      {answer.isPending ? <Pending lines={6} /> : null}
      {matrix === undefined ? null : (
        <>
          <table className="table matrix" aria-label={words.matrix.title}>
            <thead>
              <tr>
                <th scope="col">{words.matrix.corner}</th>
                {MATRIX_COLUMNS.map((column) => (
                  <th key={column} scope="col" className="number">
                    {words.matrix.columns[column]}
                  </th>
                ))}
                <th scope="col" className="number">
                  {words.matrix.total}
                </th>
              </tr>
            </thead>
            <tbody>
              {matrix.rows.map(({ row, cells, total }) => (
                <tr key={row}>
                  <th scope="row">{words.matrix.rows[row]}</th>
                  {MATRIX_COLUMNS.map((column) => {
                    const count = cells.find((cell) => cell.column === column)?.count ?? 0
                    return (
                      <td key={column} className={count === 0 ? 'number figure nil' : 'number figure'}>
                        {count === 0 ? '·' : showCount(count)}
                      </td>
                    )
                  })}
                  <td className="number figure">
                    <b>{showCount(total)}</b>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {HAS_SCHOOLS.has(unit.kind) ? (
            <p className="box-body note matrix-check">
              {matrix.agrees ? (
                <>
                  <Icon name="check" size={14} /> {words.matrix.agrees(showCount(matrix.ownBySchool))}
                </>
              ) : (
                <b>{words.matrix.differs(showCount(matrix.ownByRegistration), showCount(matrix.ownBySchool))}</b>
              )}
            </p>
          ) : null}
        </>
      )}
    </Box>
  )
}
