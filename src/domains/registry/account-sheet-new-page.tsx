import { useMutation } from '@tanstack/react-query'
import { Button } from 'antd'
import { useRef, useState } from 'react'
import { Problem } from '../../kernel/problem.ts'
import { isCode } from '../../web/api/api-problem.ts'
import { download, saveFile } from '../../web/api/download.ts'
import { useAnswer } from '../../web/api/query.ts'
import { upload } from '../../web/api/upload.ts'
import { showBytes, showCount, showInstant } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { type Column, DataTable } from '../../web/kit/data-table.tsx'
import { DropArea } from '../../web/kit/drop-area.tsx'
import { Icon } from '../../web/kit/icon.tsx'
import { Link } from '../../web/kit/link.tsx'
import { PageHead } from '../../web/kit/page-head.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { ProgressLine } from '../../web/kit/progress-line.tsx'
import { Tag } from '../../web/kit/tag.tsx'
import { useGo } from '../../web/router/use-address.ts'
import {
  type AccountSheetLine,
  accountSheetTemplate,
  listAccountSheets,
  uploadAccountSheet,
} from './account-sheet-contract.ts'
import { sheetWords as words } from './account-sheet-page-words.web.ts'
import { AccountSheetSteps } from './account-sheet-steps.tsx'
import { ACCOUNTS, accountSheetPath } from './paths.web.ts'

/** The empty sheet, and where the filled one goes; the check has its own page. */
export default function AccountSheetNewPage() {
  return (
    <div className="stack">
      <PageHead title={words.title} note={words.note}>
        <Link to={ACCOUNTS} className="button">
          {words.back}
        </Link>
      </PageHead>
      <Box>
        <AccountSheetSteps current={0} />
      </Box>
      <div className="account-sheet-begin">
        <Template />
        <Send />
      </div>
      <Mine />
    </div>
  )
}

function Template() {
  const fetching = useMutation({ mutationFn: () => download(accountSheetTemplate, {}), onSuccess: saveFile })
  return (
    <Box title={words.template.title}>
      <div className="box-body stack">
        <p>{words.template.what}</p>
        <ProblemNote fault={fetching.error} />
        <Button
          icon={<Icon name="download" size={14} />}
          loading={fetching.isPending}
          onClick={() => fetching.mutate()}
        >
          {words.template.get}
        </Button>
      </div>
    </Box>
  )
}

const ACCEPT = '.xlsx,.csv'

function Send() {
  const go = useGo()
  const [sending, setSending] = useState<{ readonly file: File; readonly doneBytes: number }>()
  const [fault, setFault] = useState<unknown>()
  const stop = useRef<AbortController>(undefined)

  const take = async (file: File) => {
    setFault(undefined)
    if (file.size === 0) {
      setFault(new Problem('FILE.EMPTY', { file: file.name }))
      return
    }
    const control = new AbortController()
    stop.current = control
    setSending({ file, doneBytes: 0 })
    try {
      const sheet = await upload(uploadAccountSheet, {}, file, {
        signal: control.signal,
        onProgress: ({ doneBytes }) => setSending({ file, doneBytes: Math.min(doneBytes, file.size) }),
      })
      go(accountSheetPath(sheet.sheetId))
    } catch (problem) {
      if (!isCode(problem, 'CLIENT.STOPPED')) setFault(problem)
    } finally {
      setSending(undefined)
    }
  }

  const percent = sending === undefined ? 0 : Math.floor((sending.doneBytes / sending.file.size) * 100)
  return (
    <Box title={words.upload.title} note={words.upload.note}>
      {fault === undefined ? null : (
        <div className="box-body">
          <ProblemNote fault={fault} />
        </div>
      )}
      {sending === undefined ? (
        <DropArea
          label={words.upload.label}
          accept={ACCEPT}
          hint={words.upload.accepts}
          onFile={(file) => void take(file)}
        />
      ) : (
        <div className="box-body stack">
          <div>
            <Icon name="file" /> <b>{sending.file.name}</b>{' '}
            <span className="second nowrap">{showBytes(sending.file.size)}</span>
          </div>
          <ProgressLine percent={percent} label={words.upload.label} />
          <div className="account-sheet-sending">
            <span role="status">{percent >= 100 ? words.upload.reading : words.upload.sending(percent)}</span>
            <Button onClick={() => stop.current?.abort()}>{words.upload.stop}</Button>
          </div>
        </div>
      )}
    </Box>
  )
}

function Mine() {
  const sheets = useAnswer(listAccountSheets, {})
  return (
    <Box title={words.mine.title}>
      <ProblemNote fault={sheets.error} />
      <DataTable
        label={words.mine.title}
        columns={COLUMNS}
        rows={sheets.data?.rows ?? []}
        keyOf={({ sheetId }) => sheetId}
        empty={words.mine.empty}
      />
    </Box>
  )
}

function State({ line: { isGone, counts, hasPasswords } }: { readonly line: AccountSheetLine }) {
  if (counts === null) return isGone ? words.mine.gone : words.mine.checked
  return (
    <>
      {words.mine.committed(showCount(counts.opened), showCount(counts.given))}{' '}
      {hasPasswords ? <Tag tone="passing">{words.mine.ready}</Tag> : null}
    </>
  )
}

const COLUMNS: readonly Column<AccountSheetLine>[] = [
  {
    id: 'at',
    head: words.mine.at,
    width: '180px',
    isTitle: true,
    cell: ({ sheetId, createdAt }) => <Link to={accountSheetPath(sheetId)}>{showInstant(createdAt)}</Link>,
  },
  {
    id: 'rows',
    head: words.mine.rows,
    width: '96px',
    isNumber: true,
    cell: ({ counts }) => (counts === null ? null : showCount(counts.rows)),
  },
  { id: 'state', head: words.mine.state, cell: (line) => <State line={line} /> },
]
