import { useState } from 'react'
import { useAction } from '../../web/api/query.ts'
import { showSpan } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Icon } from '../../web/kit/icon.tsx'
import { ReasonDialog } from '../../web/kit/reason-dialog.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import { useMay } from '../../web/viewer.tsx'
import { type ChildFile, type REVEALED, revealChild } from '../persons/index.ts'
import { words } from './page-words.web.ts'

type Revealed = (typeof REVEALED)[number]
type Shown = Pick<ChildFile, 'identity' | 'contact' | 'isCallable'>

/** Who the child is and how the family is reached: masked, one number at a time in full for a reason. */
export function PersonBox({ file }: { readonly file: ChildFile }) {
  const [revealed, setRevealed] = useState<Shown>()
  const [asking, setAsking] = useState<Revealed>()
  const mayReveal = useMay('child.reveal')
  const reveal = useAction(revealChild)
  const { identity, contact } = revealed ?? file
  const see = (field: Revealed) =>
    mayReveal && revealed === undefined ? (
      <button type="button" className="see" onClick={() => setAsking(field)}>
        <Icon name="eye" size={14} /> {words.file.see}
      </button>
    ) : null
  const tie = (kind: string) => file.ties.filter((one) => one.kind === kind && one.until === null)
  const roll = file.sources.find((source) => source.roll !== null && !source.isUndone)?.roll ?? null
  return (
    <Box title={words.file.who}>
      <div className="box-body person">
        <dl className="facts">
          <dt>{words.list.born}</dt>
          <dd>
            {identity?.birth} {identity?.sex === 1 || identity?.sex === 2 ? words.list.sex[identity.sex] : null}
            {identity?.ethnicity == null ? null : <span className="second"> {identity.ethnicity}</span>}
          </dd>
          <dt>{words.file.citizenId}</dt>
          <dd className="mono">
            {identity?.citizenId ?? identity?.otherId} {identity?.citizenId == null ? null : see('id')}
          </dd>
          <dt>{words.file.studentNo}</dt>
          <dd className="mono">{identity?.studentNo}</dd>
          {identity?.formerName == null ? null : (
            <>
              <dt>{words.file.formerName}</dt>
              <dd>{identity.formerName}</dd>
            </>
          )}
        </dl>
        <dl className="facts">
          <Place label={words.file.registered} ties={tie('registered')} />
          <Place label={words.file.living} ties={tie('living')} />
          <Place label={words.file.roll} ties={tie('roll')} />
          {roll === null ? null : (
            <>
              <dt>{words.list.school}</dt>
              <dd>
                {roll.school} {roll.grade === null ? null : words.list.gradeOf(roll.grade)} {roll.className}
              </dd>
            </>
          )}
        </dl>
        {contact === null ? (
          <p className="note">{words.file.hidden}</p>
        ) : (
          <dl className="facts">
            <dt>{words.file.guardians}</dt>
            <dd>
              {contact.guardians.map((guardian) => (
                <div key={`${guardian.name}${guardian.relation}`}>
                  {guardian.relation} {guardian.name} <span className="mono">{guardian.phone}</span>
                </div>
              ))}
            </dd>
            <dt>{words.file.phone}</dt>
            <dd className="mono">
              {contact.phones.join('，')} {contact.phones.length === 0 ? null : see('phone')}
            </dd>
            <dt>{words.file.address}</dt>
            <dd>
              {contact.address} {contact.address === null ? null : see('address')}
            </dd>
          </dl>
        )}
      </div>
      {file.tags.length === 0 ? null : (
        <div className="box-body person-tags">
          {file.tags.map(({ code, label, from, until }) => (
            <span key={`${code}${from}`} title={showSpan(from, until)}>
              <Tag>{label}</Tag>
            </span>
          ))}
        </div>
      )}
      <ReasonDialog
        title={words.file.seeTitle}
        label={words.file.seeReason}
        confirm={words.file.see}
        isOpen={asking !== undefined}
        isBusy={reveal.isPending}
        fault={reveal.error}
        onReason={(reason) => {
          if (asking === undefined) return
          reveal.mutate(
            { params: { childId: file.childId }, body: { reason, fields: [asking] } },
            {
              onSuccess: (shown) => {
                setRevealed(shown)
                setAsking(undefined)
              },
            },
          )
        }}
        onClose={() => {
          setAsking(undefined)
          reveal.reset()
        }}
      >
        <p className="second">{words.file.seeWhat}</p>
      </ReasonDialog>
    </Box>
  )
}

interface PlaceProps {
  readonly label: string
  readonly ties: ChildFile['ties']
}

function Place({ label, ties }: PlaceProps) {
  if (ties.length === 0) return null
  return (
    <>
      <dt>{label}</dt>
      <dd>
        {ties.map(({ unitId, unit, from }) => (
          <div key={unitId}>
            {unit} <span className="second">{showSpan(from, null)}</span>
          </div>
        ))}
      </dd>
    </>
  )
}
