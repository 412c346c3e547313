import { serveChild } from '../child.ts'
import type { FormReading } from './form.ts'
import { type FormTask, readForm } from './form-read.ts'

/** The process in which a form from outside is opened: what it breaks, it breaks there. */
serveChild<FormTask, never, FormReading>((task, { signal }) => readForm(task, signal))
