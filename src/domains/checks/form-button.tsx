import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { download, saveFile } from '../../web/api/download.ts'
import { Icon } from '../../web/kit/icon.tsx'
import { ReasonDialog } from '../../web/kit/reason-dialog.tsx'
import { words } from './page-words.web.ts'
import { downloadForm } from './sheet-contract.ts'

interface FormButtonProps {
  /** Left out: all units below, as an archive. */
  readonly unit?: { readonly unitId: number; readonly name: string }
}

/** A form leaves the house: it asks for its purpose before it goes. */
export function FormButton({ unit }: FormButtonProps) {
  const { message } = App.useApp()
  const [isOpen, setIsOpen] = useState(false)
  const fetching = useMutation({
    mutationFn: (reason: string) =>
      download(downloadForm, { body: unit === undefined ? { reason } : { unitId: unit.unitId, reason } }),
    onSuccess: (file) => {
      saveFile(file)
      setIsOpen(false)
      void message.success(words.progress.downloaded(file.fileName))
    },
  })
  return (
    <>
      <Button
        size={unit === undefined ? 'middle' : 'small'}
        icon={<Icon name="download" size={14} />}
        onClick={() => setIsOpen(true)}
      >
        {unit === undefined ? words.progress.all : words.progress.form}
      </Button>
      <ReasonDialog
        title={unit === undefined ? words.progress.allTitle : words.progress.formTitle(unit.name)}
        label={words.progress.purpose}
        confirm={words.progress.form}
        isOpen={isOpen}
        isBusy={fetching.isPending}
        fault={fetching.error}
        onReason={(reason) => fetching.mutate(reason)}
        onClose={() => {
          setIsOpen(false)
          fetching.reset()
        }}
      >
        <p className="second">{words.progress.what}</p>
      </ReasonDialog>
    </>
  )
}
