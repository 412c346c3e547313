import { Button } from 'antd'
import { useAnswer } from '../../web/api/query.ts'
import { Icon } from '../../web/kit/icon.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { usePathPart } from '../../web/router/use-address.ts'
import { readFamily } from './contract.ts'
import { FamilyBox } from './family-box.tsx'
import { words } from './page-words.web.ts'
import { FAMILIES } from './paths.web.ts'
import './rosters.css'

/** One household on one page. */
export default function FamilyPage() {
  const childId = Number(usePathPart('childId'))
  const answer = useAnswer(readFamily, { params: { childId } })
  if (answer.isPending) return <Pending lines={8} />
  return (
    <div className="stack rosters">
      <PageHead title={words.family.title}>
        <Button icon={<Icon name="print" size={14} />} onClick={() => window.print()}>
          {words.overview.print}
        </Button>
        <Link to={FAMILIES} className="button">
          {words.family.back}
        </Link>
      </PageHead>
      <ProblemNote fault={answer.error} />
      {answer.data === undefined ? null : <FamilyBox household={answer.data} />}
    </div>
  )
}
