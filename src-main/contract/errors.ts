/** Everything that can go wrong and that a person is told about. A code is stable: scripts and tests rely on it. */
export const errorCodes = [
  // folders and projects
  'folder-missing',
  'folder-empty',
  'folder-unreadable',
  'folder-unwritable',
  'project-missing',
  'project-newer',
  'project-locked',
  'project-damaged',
  'backup-missing',
  'disk-full',
  // images
  'image-missing',
  'image-unreadable',
  'image-damaged',
  'image-too-large',
  'image-too-small',
  'image-format',
  // masks and formats
  'file-missing',
  'mask-invalid',
  'mask-size',
  'annotation-locked',
  'format-invalid',
  'class-unknown',
  // weights and the engine
  'tensorflow-missing',
  'weights-missing',
  'weights-damaged',
  'weights-hostile',
  'weights-not-a-model',
  'weights-wrong-shape',
  'weights-not-chosen',
  'download-failed',
  'capture-failed',
  'engine-crashed',
  'out-of-memory',
  'training-collapsed',
  'training-diverged',
  'training-state-missing',
  'cancelled',
  // set-up and the command line
  'installation-incomplete',
  'argument-invalid',
  'nothing-labelled',
  'not-embedded',
  'run-missing',
  'history-conflict',
  // the app
  'project-not-open',
  'jobs-running',
  'connection-lost',
  'unexpected',
] as const

export type ErrorCode = (typeof errorCodes)[number]

export interface ErrorDetails {
  /** The file or folder it happened to. */
  file?: string | undefined
  /** What the person can do next: one sentence. */
  advice: string
  cause?: unknown
}

/** An error that a person sees: what happened (the message), to which file, and what to do next. */
export class CribsheetError extends Error {
  override readonly name = 'CribsheetError'
  readonly code: ErrorCode
  readonly file: string | undefined
  readonly advice: string

  constructor(code: ErrorCode, message: string, details: ErrorDetails) {
    super(message, { cause: details.cause })
    this.code = code
    this.file = details.file
    this.advice = details.advice
  }
}
