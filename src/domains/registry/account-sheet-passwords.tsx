import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { download, saveFile } from '../../web/api/download.ts'
import { keyOf, useAction } from '../../web/api/query.ts'
import { showCount, showInstant } from '../../web/format.ts'
import { Box } from '../../web/kit/box.tsx'
import { Icon } from '../../web/kit/icon.tsx'
import { ProblemNote } from '../../web/kit/problem-note.tsx'
import { ProgressLine } from '../../web/kit/progress-line.tsx'
import {
  type AccountSheet,
  readAccountSheet,
  redrawFirstPasswords,
  takeFirstPasswords,
} from './account-sheet-contract.ts'
import { sheetWords } from './account-sheet-page-words.web.ts'

const words = sheetWords.passwords

/** The accounts stand; their first passwords are drawn, taken once, and drawn anew where a book of them was lost. */
export function AccountSheetPasswords({ sheet }: { readonly sheet: AccountSheet }) {
  const { passwords } = sheet
  const mayRedraw = passwords.unused > 0 && passwords.state !== 'drawing' && passwords.state !== 'ready'
  return (
    <Box title={words.title}>
      <div className="box-body stack account-sheet-passwords">
        {passwords.state === 'none' ? <p>{words.none}</p> : null}
        {passwords.state === 'drawing' ? <Drawing passwords={passwords} /> : null}
        {passwords.state === 'ready' ? <Take sheet={sheet} /> : null}
        {passwords.state === 'taken' && passwords.takenAt !== null ? (
          <p>
            <Icon name="check" size={14} /> {words.taken(showInstant(passwords.takenAt))}
          </p>
        ) : null}
        {passwords.state === 'gone' ? <p>{words.gone}</p> : null}
        {passwords.state === 'failed' ? (
          <div className="notice notice-problem" role="alert">
            <Icon name="alert" size={18} />
            <div>
              {words.failed} {passwords.problem}
            </div>
          </div>
        ) : null}
        {mayRedraw ? <Redraw sheet={sheet} /> : null}
      </div>
    </Box>
  )
}

function Drawing({ passwords: { done, total } }: Pick<AccountSheet, 'passwords'>) {
  return (
    <>
      <p role="status">
        {words.drawing} <span className="second">{words.drawn(showCount(done), showCount(total))}</span>
      </p>
      <ProgressLine percent={total === 0 ? 0 : (done / total) * 100} label={words.drawing} />
      <p className="note">{words.leave}</p>
    </>
  )
}

function Take({ sheet }: { readonly sheet: AccountSheet }) {
  const { message } = App.useApp()
  const queryClient = useQueryClient()
  const request = { params: { sheetId: sheet.sheetId } }
  const taking = useMutation({
    mutationFn: () => download(takeFirstPasswords, request),
    onSuccess: (file) => {
      saveFile(file)
      void message.success(words.took(file.fileName))
    },
    onSettled: () => {
      for (const queryKey of [keyOf(readAccountSheet, request), ['account-sheet.list']])
        void queryClient.invalidateQueries({ queryKey })
    },
  })
  return (
    <>
      <p>
        <b>{words.ready}</b>
      </p>
      <p className="second">
        {words.readyWhy(sheet.passwords.until === null ? '' : showInstant(sheet.passwords.until))}
      </p>
      <ProblemNote fault={taking.error} />
      <Button
        type="primary"
        icon={<Icon name="download" size={14} />}
        loading={taking.isPending}
        onClick={() => taking.mutate()}
      >
        {words.take}
      </Button>
    </>
  )
}

function Redraw({ sheet }: { readonly sheet: AccountSheet }) {
  const queryClient = useQueryClient()
  const redraw = useAction(redrawFirstPasswords)
  const request = { params: { sheetId: sheet.sheetId } }
  return (
    <>
      <p>
        {words.unused(showCount(sheet.passwords.unused))} <span className="second">{words.redrawWhy}</span>
      </p>
      <ProblemNote fault={redraw.error} />
      <Button
        loading={redraw.isPending}
        onClick={() =>
          redraw.mutate(request, {
            onSuccess: (drawing) => queryClient.setQueryData(keyOf(readAccountSheet, request), drawing),
          })
        }
      >
        {words.redraw}
      </Button>
    </>
  )
}
