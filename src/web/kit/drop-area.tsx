import { Button } from 'antd'
import { type DragEvent, type ReactNode, useRef, useState } from 'react'
import { words } from '../words.ts'
import { Icon } from './icon.tsx'

interface DropAreaProps {
  /** Names the file input: which file belongs here. */
  readonly label: string
  /** `.xlsx,.csv`. */
  readonly accept: string
  readonly hint: ReactNode
  readonly onFile: (file: File) => void
}

/** Takes one file, dropped or chosen. */
export function DropArea({ label, accept, hint, onFile }: DropAreaProps) {
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setIsOver] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setIsOver(false)
    const file = event.dataTransfer.files[0]
    if (file !== undefined) onFile(file)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a drop target for the mouse; the button inside does the same
    <div
      className={isOver ? 'drop drop-over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <Icon name="upload" size={24} />
      <div className="drop-line">
        <span>{isOver ? words.drop.over : words.drop.or}</span>
        <Button onClick={() => input.current?.click()} aria-label={`${words.drop.choose}：${label}`}>
          {words.drop.choose}
        </Button>
      </div>
      <div className="note">{hint}</div>
      <input
        ref={input}
        className="off-screen"
        type="file"
        tabIndex={-1}
        accept={accept}
        aria-label={label}
        onChange={(event) => {
          const file = event.target.files?.[0]
          event.target.value = ''
          if (file !== undefined) onFile(file)
        }}
      />
    </div>
  )
}
