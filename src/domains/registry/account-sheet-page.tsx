import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { keyOf, useAction, useAnswer } from '../../web/api/query.ts'
import { showCount, showInstant } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Count } from '../../web/kit/count.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { Notice, ProblemNote } from '../../web/kit/problem-note.tsx'
import { usePathPart } from '../../web/router/use-address.ts'
import { PageProblem } from '../../web/shell/page-states.tsx'
import { type AccountSheet, commitAccountSheet, readAccountSheet, type SheetCounts } from './account-sheet-contract.ts'
import { sheetWords as words } from './account-sheet-page-words.web.ts'
import { AccountSheetPasswords } from './account-sheet-passwords.tsx'
import { AccountSheetRows } from './account-sheet-rows.tsx'
import { AccountSheetSteps } from './account-sheet-steps.tsx'
import { ACCOUNT_SHEETS } from './paths.web.ts'

const LOOK_AGAIN_MS = 700

/** One sheet: what is wrong with it, then the accounts, then the passwords. */
export default function AccountSheetPage() {
  const sheetId = usePathPart('sheetId')
  const sheet = useAnswer(
    readAccountSheet,
    { params: { sheetId } },
    { every: (answer) => (answer?.passwords.state === 'drawing' ? LOOK_AGAIN_MS : false) },
  )
  if (sheet.isPending) return <Pending lines={10} />
  if (sheet.data === undefined) return <PageProblem fault={sheet.error} onRetry={() => void sheet.refetch()} />
  const { committedAt, counts } = sheet.data
  return (
    <div className="stack">
      <PageHead title={words.title} note={`${words.mine.at} ${showInstant(sheet.data.createdAt)}`}>
        <Link to={ACCOUNT_SHEETS} className="button">
          {words.other}
        </Link>
      </PageHead>
      <Box>
        <AccountSheetSteps current={stepOf(sheet.data)} />
      </Box>
      {counts === null ? <Notice tone="passing">{words.check.gone}</Notice> : <Counts counts={counts} />}
      {committedAt === null && counts !== null ? <Check sheet={sheet.data} counts={counts} /> : null}
      {committedAt === null ? null : <AccountSheetPasswords sheet={sheet.data} />}
    </div>
  )
}

function stepOf({ committedAt, counts }: AccountSheet): number {
  if (committedAt !== null) return 4
  return counts !== null && counts.refused === 0 ? 3 : 2
}

function Counts({ counts }: { readonly counts: SheetCounts }) {
  const { opened, given, held, refused } = words.counts
  return (
    <Box>
      <dl className="account-sheet-counts box-body">
        <Figure label={words.counts.rows} count={counts.rows} unit={words.counts.rowUnit} />
        <Figure label={opened} count={counts.opened} unit={words.counts.openedUnit} />
        <Figure label={given} count={counts.given} unit={words.counts.givenUnit} />
        <Figure label={held} count={counts.held} unit={words.counts.rowUnit} />
        <Figure label={refused} count={counts.refused} unit={words.counts.rowUnit} />
      </dl>
    </Box>
  )
}

function Figure({ label, count, unit }: { readonly label: string; readonly count: number; readonly unit: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <Count count={count} unit={unit} />
      </dd>
    </div>
  )
}

function Check({ sheet, counts }: { readonly sheet: AccountSheet; readonly counts: SheetCounts }) {
  const queryClient = useQueryClient()
  const commit = useAction(commitAccountSheet)
  const request = { params: { sheetId: sheet.sheetId } }
  const isEmpty = counts.opened + counts.given === 0
  const confirm = () =>
    commit.mutate(request, {
      onSuccess: (written) => {
        queryClient.setQueryData(keyOf(readAccountSheet, request), written)
        for (const key of ['account-sheet.list', 'account.list', 'unit.read'])
          void queryClient.invalidateQueries({ queryKey: [key] })
      },
      // What stands against it now is shown row by row.
      onError: () => void queryClient.invalidateQueries({ queryKey: keyOf(readAccountSheet, request) }),
    })
  return (
    <>
      {counts.refused > 0 ? (
        <Notice tone="passing">{words.check.mustMend(showCount(counts.refused))}</Notice>
      ) : (
        <Notice>{isEmpty ? words.check.nothing : words.check.clean}</Notice>
      )}
      <AccountSheetRows rows={sheet.rows} total={counts.rows} />
      <ProblemNote fault={commit.error} />
      {counts.refused === 0 && isEmpty ? null : (
        <div className="account-sheet-foot">
          <span className="second">{counts.refused > 0 ? words.check.blocked : words.check.doWhy}</span>
          <Button type="primary" disabled={counts.refused > 0} loading={commit.isPending} onClick={confirm}>
            {words.check.do(showCount(counts.opened), showCount(counts.given))}
          </Button>
        </div>
      )}
    </>
  )
}
