import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { download, saveFile } from '../../web/api/download.ts'
import { showBytes } from '../../web/format.ts'
import { Icon } from '../../web/kit/icon.tsx'
import { ReasonDialog } from '../../web/kit/reason-dialog.tsx'
import { downloadWorkbook } from './contract.ts'
import { words } from './page-words.web.ts'

/** The workbook leaves the house: it asks for its purpose before it goes. */
export function WorkbookButton({ runId }: { readonly runId: string }) {
  const { message } = App.useApp()
  const [isOpen, setIsOpen] = useState(false)
  const [receivedBytes, setReceivedBytes] = useState(0)
  const fetching = useMutation({
    mutationFn: (reason: string) =>
      download(downloadWorkbook, { params: { runId }, body: { reason } }, ({ doneBytes }) =>
        setReceivedBytes(doneBytes),
      ),
    onSuccess: (file) => {
      saveFile(file)
      setIsOpen(false)
      void message.success(words.run.downloaded(file.fileName))
    },
    onSettled: () => setReceivedBytes(0),
  })
  return (
    <>
      <Button icon={<Icon name="download" size={14} />} onClick={() => setIsOpen(true)}>
        {words.run.download}
      </Button>
      <ReasonDialog
        title={words.run.downloadTitle}
        label={words.run.purpose}
        confirm={words.run.download}
        isOpen={isOpen}
        isBusy={fetching.isPending}
        fault={fetching.error}
        onReason={(reason) => fetching.mutate(reason)}
        onClose={() => {
          setIsOpen(false)
          fetching.reset()
        }}
      >
        <p className="second">{words.run.downloadWhat}</p>
        {fetching.isPending ? (
          <p role="status">
            {receivedBytes === 0 ? words.run.downloading : words.run.received(showBytes(receivedBytes))}
          </p>
        ) : null}
      </ReasonDialog>
    </>
  )
}
