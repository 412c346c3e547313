import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { download, saveFile } from '../../web/api/download.ts'
import { Icon } from '../../web/kit/icon.tsx'
import { ReasonDialog } from '../../web/kit/reason-dialog.tsx'
import { downloadMarked } from './contract.ts'
import { words } from './page-words.web.ts'

/** The marked copy holds every number of the sheet: it asks for its purpose before it goes. */
export function MarkedButton({ sheetId }: { readonly sheetId: string }) {
  const { message } = App.useApp()
  const [isOpen, setIsOpen] = useState(false)
  const fetching = useMutation({
    mutationFn: (reason: string) => download(downloadMarked, { params: { sheetId }, body: { reason } }),
    onSuccess: (file) => {
      saveFile(file)
      setIsOpen(false)
      void message.success(words.check.got(file.fileName))
    },
  })
  return (
    <>
      <Button block icon={<Icon name="download" size={14} />} onClick={() => setIsOpen(true)}>
        {words.check.marked}
      </Button>
      <ReasonDialog
        title={words.check.markedTitle}
        label={words.check.purpose}
        confirm={words.check.marked}
        isOpen={isOpen}
        isBusy={fetching.isPending}
        fault={fetching.error}
        onReason={(reason) => fetching.mutate(reason)}
        onClose={() => {
          setIsOpen(false)
          fetching.reset()
        }}
      >
        <p className="second">{words.check.markedWhat}</p>
      </ReasonDialog>
    </>
  )
}
