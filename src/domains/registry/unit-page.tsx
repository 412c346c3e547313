import { Button } from 'antd'
import { useState } from 'react'
import { useAnswer } from '../../web/api/query.ts'
import { NamedDay } from '../../web/kit/day-input.tsx'
import { Icon } from '../../web/kit/icon.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import { useAddressState, usePathPart } from '../../web/router/use-address.ts'
import { PageProblem } from '../../web/shell/page-states.tsx'
import { useMay, useViewer } from '../../web/viewer.tsx'
import { readUnit, type UnitDetail } from './contract.ts'
import { words } from './page-words.web.ts'
import { unitPath } from './paths.web.ts'
import { showTerm } from './term.web.ts'
import { UnitChange } from './unit-change.tsx'
import { UnitCreate } from './unit-create.tsx'
import { UnitFacts } from './unit-facts.tsx'
import { UnitList } from './unit-list.tsx'

/** One unit with what it is, who works there, and the units below; one's own when the address names none. */
export default function UnitPage() {
  const viewer = useViewer()
  const asked = usePathPart('unitId')
  const id = asked === '' ? viewer.unitId : Number(asked)
  const unit = useAnswer(readUnit, { params: { unitId: id } })
  const [address, change] = useAddressState()
  const asOf = address.asOf ?? viewer.today
  const mayWrite = useMay('unit.write')
  const [isCreating, setIsCreating] = useState(false)
  const [isChanging, setIsChanging] = useState(false)
  if (unit.isPending) return <Pending lines={10} />
  if (unit.data === undefined) return <PageProblem fault={unit.error} onRetry={() => void unit.refetch()} />
  const detail = unit.data
  const isOpen = detail.until === null || detail.until > viewer.today
  const mayHave = detail.kind !== 'school' && detail.kind !== 'village'
  return (
    <div className="stack">
      <Path unit={detail} ownUnitId={viewer.unitId} />
      <PageHead
        title={detail.name}
        documentTitle={words.units.title}
        mark={<Tag tone="brand">{detail.kindLabel}</Tag>}
        note={
          isOpen ? `${detail.code} · ${showTerm(detail.from, detail.until)}` : words.units.closed(detail.until ?? '')
        }
        primary={
          mayWrite && isOpen && mayHave ? (
            <Button type="primary" icon={<Icon name="plus" size={14} />} onClick={() => setIsCreating(true)}>
              {words.units.create}
            </Button>
          ) : null
        }
      >
        <NamedDay
          label={words.units.asOf}
          value={asOf}
          onChange={(day) => change({ asOf: day === viewer.today ? undefined : day, page: undefined })}
        />
        {mayWrite && isOpen && detail.unitId !== viewer.unitId ? (
          <Button onClick={() => setIsChanging(true)}>{words.units.change}</Button>
        ) : null}
      </PageHead>
      <div className={mayHave ? 'unit-columns' : undefined}>
        {mayHave ? <UnitList parentId={detail.unitId} asOf={asOf} kinds={detail.children} /> : null}
        <UnitFacts unit={detail} isWide={!mayHave} />
      </div>
      <UnitCreate key={detail.unitId} parent={detail} isOpen={isCreating} onClose={() => setIsCreating(false)} />
      {isChanging ? <UnitChange unit={detail} onClose={() => setIsChanging(false)} /> : null}
    </div>
  )
}

/** The way up; units above one's own are named and lead nowhere. */
function Path({ unit, ownUnitId }: { readonly unit: UnitDetail; readonly ownUnitId: number }) {
  if (unit.ancestors.length === 0) return null
  const own =
    unit.unitId === ownUnitId ? unit.ancestors.length : unit.ancestors.findIndex(({ unitId }) => unitId === ownUnitId)
  return (
    <nav className="unit-path" aria-label={words.units.path}>
      {unit.ancestors.map((ancestor, index) => (
        <span key={ancestor.unitId}>
          {index >= own && own >= 0 ? (
            <Link to={unitPath(ancestor.unitId)}>{ancestor.name}</Link>
          ) : (
            <span className="second">{ancestor.name}</span>
          )}
          <Icon name="right" size={12} />
        </span>
      ))}
    </nav>
  )
}
