import { Button } from 'antd'
import type { Column } from '../../web/kit/data-table.tsx'
import { Link } from '../../web/kit/link.tsx'
import { accountWords } from '../whereabouts/index.ts'
import type { CheckLine } from './contract.ts'
import { words } from './page-words.web.ts'
import { checkPath } from './paths.web.ts'
import { ResultLabel } from './result-label.tsx'
import { resultOf } from './results.ts'
import { checksWords } from './words.ts'

interface AcceptActs {
  readonly onAccept: (line: CheckLine) => void
  readonly onReturn: (line: CheckLine) => void
  readonly isBusy: boolean
}

export function acceptColumns({ onAccept, onReturn, isBusy }: AcceptActs): readonly Column<CheckLine>[] {
  return [
    {
      id: 'name',
      head: words.list.name,
      width: '96px',
      isTitle: true,
      cell: ({ caseId, name }) => <Link to={checkPath(caseId)}>{name}</Link>,
    },
    {
      id: 'place',
      head: words.accept.place,
      width: '24%',
      cell: ({ owner, place }) => (place === owner.unit.name ? place : `${place ?? ''} ${owner.unit.name}`),
    },
    {
      id: 'result',
      head: words.accept.result,
      cell: ({ report }) => (report?.result == null ? null : <ResultLabel code={report.result} />),
    },
    {
      id: 'evidence',
      head: words.accept.evidence,
      width: '200px',
      cell: ({ report }) =>
        report === null ? null : report.missing.length > 0 ? (
          <span className="check-due passing">
            {checksWords.missingPapers(report.missing.map((one) => checksWords.missing[one]).join('、'))}
          </span>
        ) : (
          <>
            {report.evidence === null ? null : accountWords.evidence[report.evidence]}{' '}
            <span className="second nowrap">{report.checkedDay}</span>
          </>
        ),
    },
    {
      id: 'goes',
      head: words.accept.goesTo,
      width: '130px',
      isHiddenOnPhone: true,
      cell: ({ report }) => (report?.result == null ? null : checksWords.goesTo[resultOf(report.result).goesTo]),
    },
    {
      id: 'acts',
      head: '',
      width: '132px',
      cell: (line) => (
        <span className="check-buttons">
          <Button
            size="small"
            type="primary"
            disabled={isBusy || (line.report?.missing.length ?? 0) > 0}
            onClick={() => onAccept(line)}
          >
            {words.accept.do}
          </Button>
          <Button size="small" onClick={() => onReturn(line)}>
            {words.accept.back1}
          </Button>
        </span>
      ),
    },
  ]
}
