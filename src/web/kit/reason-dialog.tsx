import { Input, Modal } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { isReason, LEAST_REASON } from '../../kernel/reason.ts'
import { words } from '../words.ts'
import { Field } from './field.tsx'
import { ProblemNote } from './problem-note.tsx'

interface ReasonDialogProps {
  readonly title: string
  readonly label: string
  readonly confirm: string
  readonly isOpen: boolean
  readonly isBusy: boolean
  readonly fault: unknown
  readonly children?: ReactNode
  readonly onReason: (reason: string) => void
  readonly onClose: () => void
}

/** One field: why. What is typed stays when the server refuses. */
export function ReasonDialog(props: ReasonDialogProps) {
  const [reason, setReason] = useState('')
  const { isOpen } = props
  useEffect(() => {
    if (!isOpen) setReason('')
  }, [isOpen])
  const isEnough = isReason(reason)
  const submit = () => {
    if (isEnough && !props.isBusy) props.onReason(reason.trim())
  }
  return (
    <Modal
      title={props.title}
      open={isOpen}
      okText={props.confirm}
      cancelText={words.dialog.cancel}
      okButtonProps={{ disabled: !isEnough, loading: props.isBusy }}
      onOk={submit}
      onCancel={props.onClose}
      destroyOnHidden
    >
      {props.children}
      <Field label={props.label} hint={words.reason.hint(LEAST_REASON)}>
        {(names) => (
          <Input
            {...names}
            autoFocus
            maxLength={200}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            onPressEnter={submit}
          />
        )}
      </Field>
      <ProblemNote fault={props.fault} />
    </Modal>
  )
}
