import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { download, saveFile } from '../../web/api/download.ts'
import { useAction, useAnswer } from '../../web/api/query.ts'
import { showCount } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { Empty } from '../../web/kit/empty.tsx'
import { Icon } from '../../web/kit/icon.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { Pager } from '../../web/kit/pager.tsx'
import { Pending } from '../../web/kit/pending.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { ReasonDialog } from '../../web/kit/reason-dialog.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import { useAddressState } from '../../web/router/use-address.ts'
import { useMay } from '../../web/viewer.tsx'
import { type ChangeList, downloadChangeList, listChangeLists, withdrawChangeList } from './contract.ts'
import { words } from './page-words.web.ts'
import { REPAIRS } from './paths.web.ts'
import { useRepairActs } from './use-repair-acts.web.ts'
import './repairs.css'

const SIZE = 20

/** What was asked for, and how much of it has been done since? */
export default function ChangeListsPage() {
  const [address, change] = useAddressState()
  const page = Number(address.page ?? 1)
  const lists = useAnswer(listChangeLists, { query: { page, size: SIZE } })
  const mayTake = useMay('repair.decide')
  return (
    <div className="stack">
      <PageHead title={words.list.title} note={words.list.note}>
        <Link to={REPAIRS} className="button">
          {words.list.back}
        </Link>
      </PageHead>
      <ProblemNote fault={lists.error} />
      {lists.isPending ? <Pending lines={6} /> : null}
      {lists.data === undefined ? null : lists.data.total === 0 ? (
        <Box>
          <Empty title={words.list.emptyTitle}>
            <p>{words.list.empty}</p>
          </Empty>
        </Box>
      ) : (
        <Box className={lists.isPlaceholderData ? 'is-old' : ''}>
          <DataTable
            label={words.list.title}
            columns={columnsOf(mayTake)}
            rows={lists.data.rows}
            keyOf={({ listId }) => listId}
          />
          <Pager page={page} size={SIZE} total={lists.data.total} onPage={(next) => change({ page: next })} />
          <p className="note repair-foot">
            <Tag>{words.list.toVerify}</Tag> {words.list.toVerifyNote}
            {words.list.waiting}
          </p>
        </Box>
      )}
    </div>
  )
}

function columnsOf(mayTake: boolean): readonly Column<ChangeList>[] {
  return [
    {
      id: 'number',
      head: words.list.number,
      width: '96px',
      isTitle: true,
      cell: ({ number }) => words.list.numbered(number),
    },
    { id: 'to', head: words.list.side, width: '100px', cell: ({ mends }) => words.list.to[mends] },
    { id: 'scope', head: words.list.scope, cell: ({ school, unit }) => school ?? words.list.whole(unit) },
    { id: 'day', head: words.list.day, width: '112px', cell: ({ madeDay }) => madeDay },
    { id: 'count', head: words.list.count, width: '84px', isNumber: true, cell: ({ count }) => showCount(count) },
    {
      id: 'agreed',
      head: words.list.agreed,
      width: '84px',
      isNumber: true,
      cell: ({ agreed, count }) => (
        <span className={agreed === count ? 'figure checked' : ''}>{showCount(agreed)}</span>
      ),
    },
    {
      id: 'unchanged',
      head: words.list.unchanged,
      width: '84px',
      isNumber: true,
      cell: ({ unchanged }) => (unchanged === 0 ? null : <Tag tone="passing">{showCount(unchanged)}</Tag>),
    },
    {
      id: 'take',
      head: words.list.taken,
      width: '216px',
      cell: (list) =>
        list.isWithdrawn ? (
          <span className="second">{words.list.withdrawn}</span>
        ) : mayTake && list.isOwn ? (
          <span className="repair-take">
            <TakeList list={list} />
            {list.agreed + list.unchanged === 0 ? <Withdraw list={list} /> : null}
          </span>
        ) : null,
    },
  ]
}

/** The workbook leaves the house: it asks for its purpose before it goes. */
function TakeList({ list }: { readonly list: ChangeList }) {
  const { message } = App.useApp()
  const [isOpen, setIsOpen] = useState(false)
  const taking = useMutation({
    mutationFn: (reason: string) => download(downloadChangeList, { params: { listId: list.listId }, body: { reason } }),
    onSuccess: (file) => {
      saveFile(file)
      setIsOpen(false)
      void message.success(words.list.downloaded(file.fileName))
    },
  })
  return (
    <>
      <Button size="small" icon={<Icon name="download" size={14} />} onClick={() => setIsOpen(true)}>
        {words.list.download}
      </Button>
      <ReasonDialog
        title={words.list.downloadTitle(list.number)}
        label={words.list.purpose}
        confirm={words.list.download}
        isOpen={isOpen}
        isBusy={taking.isPending}
        fault={taking.error}
        onReason={(reason) => taking.mutate(reason)}
        onClose={() => {
          setIsOpen(false)
          taking.reset()
        }}
      >
        <p className="second">{words.list.what}</p>
      </ReasonDialog>
    </>
  )
}

/** Undo over confirm: nothing has left the house that an export has answered. */
function Withdraw({ list }: { readonly list: ChangeList }) {
  const { message } = App.useApp()
  const acts = useRepairActs()
  const withdrawing = useAction(withdrawChangeList)
  return (
    <>
      <Button
        size="small"
        icon={<Icon name="undo" size={14} />}
        loading={withdrawing.isPending}
        onClick={() =>
          withdrawing.mutate(
            { params: { listId: list.listId } },
            {
              onSuccess: () => {
                acts.refresh()
                void message.success(words.list.withdrawnNow(list.number))
              },
            },
          )
        }
      >
        {words.list.withdraw}
      </Button>
      <ProblemNote fault={withdrawing.error} />
    </>
  )
}
