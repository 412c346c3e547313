import { App, Button } from 'antd'
import { words } from '../words.ts'

/** Something shown once, to be handed over in person. */
export function OnceSecret({ label, secret }: { readonly label: string; readonly secret: string }) {
  const { message } = App.useApp()
  const copy = () => {
    void navigator.clipboard.writeText(secret).then(() => message.success(words.dialog.copied))
  }
  return (
    <div className="once-secret">
      <span className="note">{label}</span>
      <output aria-label={label}>{secret}</output>
      {/* The clipboard exists only on https and on this machine's own address. */}
      {window.isSecureContext ? <Button onClick={copy}>{words.dialog.copy}</Button> : null}
    </div>
  )
}
