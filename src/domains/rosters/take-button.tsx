import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { type Download, saveFile } from '../../web/api/download.ts'
import { Icon } from '../../web/kit/icon.tsx'
import { ReasonDialog } from '../../web/kit/reason-dialog.tsx'
import { words } from './page-words.web.ts'

interface TakeProps {
  readonly name: string
  readonly take: (reason: string) => Promise<Download>
}

/** A list that leaves the house asks for its purpose first. */
export function TakeButton({ name, take }: TakeProps) {
  const { message } = App.useApp()
  const [isOpen, setIsOpen] = useState(false)
  const taking = useMutation({
    mutationFn: take,
    onSuccess: (file) => {
      saveFile(file)
      setIsOpen(false)
      void message.success(words.take.got(file.fileName))
    },
  })
  return (
    <>
      <Button icon={<Icon name="download" size={14} />} onClick={() => setIsOpen(true)}>
        {name}
      </Button>
      <ReasonDialog
        title={words.take.title(name)}
        label={words.take.purpose}
        confirm={words.take.confirm}
        isOpen={isOpen}
        isBusy={taking.isPending}
        fault={taking.error}
        onReason={(reason) => taking.mutate(reason)}
        onClose={() => {
          setIsOpen(false)
          taking.reset()
        }}
      >
        <p className="second">{words.take.what}</p>
      </ReasonDialog>
    </>
  )
}
