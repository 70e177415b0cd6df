import type { ListedImage } from '../src-main/contract/index.ts'
import { asPolygons } from './canvas/as-polygons.ts'
import type { Annotations } from './state/annotations.svelte.ts'
import type { App } from './state/app.svelte.ts'
import type { CommandId } from './keys/command-id.ts'
import { worksEverywhere } from './keys/command-screen.ts'
import type { ScreenId } from './workspace/screen-id.ts'

/** What the canvas that is shown can do: it registers itself while it is there. */
export interface CanvasCommands {
  finish(): void
  /** Keeps what is shown and not kept yet: a person goes on, and means it. */
  keepPreview(): void
  cancel(): void
  /** @returns whether the tool had something to take back */
  takeBack(): boolean
  zoomBy(factor: number): void
  fit(): void
  actualSize(): void
}

/** @returns false where there was nothing to do: then the key keeps its usual meaning */
type Run = (app: App, canvas: CanvasCommands | null) => unknown

const chooseByKey =
  (key: string): Run =>
  (app) => {
    const chosen = app.classes.byKey(key)
    if (!chosen) return false
    chooseClass(app, chosen.id)
    return true
  }

/** Something done to what is selected: nothing where that are fewer. */
const onSelection =
  (least: number, act: (annotations: Annotations, image: ListedImage) => unknown): Run =>
  ({ annotations, current }) =>
    current !== null && annotations.selection.length >= least && act(annotations, current)

const nudge = (x: number, y: number): Run => onSelection(1, (annotations, image) => annotations.nudge({ x, y }, image))

/** What each command does in an open project, on the label screen and where it works everywhere. */
const runs: Partial<Record<CommandId, Run>> = {
  'close-project': (app) => app.closeProject(),
  'next-image': (app, canvas) => {
    canvas?.keepPreview()
    return app.showAt(app.currentIndex + 1)
  },
  'previous-image': (app, canvas) => {
    canvas?.keepPreview()
    return app.showAt(app.currentIndex - 1)
  },
  'tool-select': ({ tools }) => (tools.tool = 'select'),
  'tool-object': ({ tools }) => (tools.tool = 'object'),
  'tool-polygon': ({ tools }) => (tools.tool = 'polygon'),
  'tool-brush': ({ tools }) => (tools.tool = 'brush'),
  'tool-eraser': ({ tools }) => (tools.tool = 'eraser'),
  'bigger-brush': ({ tools }) => (tools.tool === 'object' ? tools.growReach(1.25) : tools.growBrush(1.25)),
  'smaller-brush': ({ tools }) => (tools.tool === 'object' ? tools.growReach(0.8) : tools.growBrush(0.8)),
  'finish-shape': (_, canvas) => canvas?.finish(),
  'cancel-shape': (_, canvas) => canvas?.cancel(),
  'delete-selected': ({ annotations }, canvas) => {
    if (canvas?.takeBack()) return true
    return annotations.selection.length > 0 && annotations.remove(annotations.selectedIds)
  },
  undo: ({ annotations }, canvas) => (canvas?.takeBack() ? true : annotations.undo()),
  redo: ({ annotations }) => annotations.redo(),
  'tool-box': ({ tools }) => (tools.tool = 'box'),
  'select-all': ({ annotations }) =>
    annotations.select(annotations.visible.filter(({ locked }) => !locked).map(({ id }) => id)),
  duplicate: onSelection(1, (annotations, image) => annotations.duplicate({ x: 12, y: 12 }, image)),
  merge: onSelection(2, (annotations) => annotations.merge()),
  split: ({ annotations }) => annotations.selected !== null && annotations.split(annotations.selected.id),
  subtract: onSelection(2, (annotations) => annotations.subtract()),
  'to-polygon': ({ annotations }) =>
    annotations.selected?.polygons === null && annotations.reshape(annotations.selected.id, asPolygons),
  'to-front': onSelection(1, (annotations) => annotations.setOrder(annotations.selectedIds, 'front')),
  'to-back': onSelection(1, (annotations) => annotations.setOrder(annotations.selectedIds, 'back')),
  'hide-selected': onSelection(1, (annotations) =>
    annotations.setHidden(annotations.selectedIds, !annotations.selection.every(({ hidden }) => hidden)),
  ),
  'lock-selected': onSelection(1, (annotations) =>
    annotations.setLocked(annotations.selectedIds, !annotations.selection.every(({ locked }) => locked)),
  ),
  'not-here': ({ annotations, classes }) => {
    const { active } = classes
    return active !== null && annotations.setAbsent(active.id, !annotations.absentClasses.includes(active.id))
  },
  'move-left': nudge(-1, 0),
  'move-right': nudge(1, 0),
  'move-up': nudge(0, -1),
  'move-down': nudge(0, 1),
  'move-left-far': nudge(-10, 0),
  'move-right-far': nudge(10, 0),
  'move-up-far': nudge(0, -10),
  'move-down-far': nudge(0, 10),
  'zoom-in': (_, canvas) => canvas?.zoomBy(1.25),
  'zoom-out': (_, canvas) => canvas?.zoomBy(0.8),
  'zoom-fit': (_, canvas) => canvas?.fit(),
  'zoom-actual': (_, canvas) => canvas?.actualSize(),
  'toggle-masks': ({ tools }) => {
    tools.masksShown = !tools.masksShown
  },
  propagate: (app, canvas) => {
    canvas?.keepPreview()
    app.dialog = app.status.weights ? 'propagate' : 'weights'
  },
  'find-similar': (app) => {
    const { selected } = app.annotations
    if (!selected) return false
    app.showSimilar({ annotationId: selected.id })
    return true
  },
  import: (app) => (app.dialog = 'import'),
  export: (app) => (app.dialog = 'export'),
  backups: (app) => (app.dialog = 'backups'),
  settings: (app) => (app.dialog = 'settings'),
  'back-to-review': (app) => app.review.correcting !== null && app.backToReview(),
  'class-1': chooseByKey('1'),
  'class-2': chooseByKey('2'),
  'class-3': chooseByKey('3'),
  'class-4': chooseByKey('4'),
  'class-5': chooseByKey('5'),
  'class-6': chooseByKey('6'),
  'class-7': chooseByKey('7'),
  'class-8': chooseByKey('8'),
  'class-9': chooseByKey('9'),
}

/** Only where a person looks at one proposal. */
const oneByOne =
  (run: Run): Run =>
  (app, canvas) =>
    app.review.mode === 'each' && run(app, canvas)

const decideClass = (key: string): Run =>
  oneByOne(({ classes, review }) => {
    const chosen = classes.byKey(key)
    return chosen !== undefined && review.decide('accepted', chosen.id)
  })

/** What commands do on a screen that has its own meaning for them. */
const runsOnScreen: Partial<Record<ScreenId, Partial<Record<CommandId, Run>>>> = {
  overview: {
    undo: ({ overview }) => overview.undo(),
    redo: ({ overview }) => overview.redo(),
  },
  review: {
    'accept-proposal': oneByOne(({ review }) => review.decide('accepted')),
    'reject-proposal': oneByOne(({ review }) => review.decide('rejected')),
    'next-proposal': oneByOne(({ review }) => review.next()),
    'previous-proposal': oneByOne(({ review }) => review.previous()),
    'compare-source': oneByOne(({ review }) => {
      review.comparing = !review.comparing
    }),
    'tool-brush': oneByOne((app) => app.correct('brush')),
    'tool-eraser': oneByOne((app) => app.correct('eraser')),
    undo: ({ review }) => review.undo(),
    redo: ({ review }) => review.redo(),
    ...{ 'class-1': decideClass('1'), 'class-2': decideClass('2'), 'class-3': decideClass('3') },
    ...{ 'class-4': decideClass('4'), 'class-5': decideClass('5'), 'class-6': decideClass('6') },
    ...{ 'class-7': decideClass('7'), 'class-8': decideClass('8'), 'class-9': decideClass('9') },
  },
}

/** Commands, whether from a key, a menu or a button. */
export class Commands {
  readonly #app: App
  #canvas: CanvasCommands | null = null

  constructor(app: App) {
    this.#app = app
  }

  /** The one that keys are meant for. */
  get screen(): ScreenId {
    return this.#app.screen
  }

  setCanvas(canvas: CanvasCommands | null): void {
    this.#canvas = canvas
  }

  /** @returns whether there was something to do: else the key keeps its usual meaning */
  run(command: CommandId): boolean {
    if (this.#app.line.state !== 'open') return false
    if (command === 'open-folder') this.#openFolder()
    else if (command === 'show-keys') this.#app.dialog = 'keys'
    else return this.#app.project !== null && this.#runOnScreen(command)
    return true
  }

  #runOnScreen(command: CommandId): boolean {
    const { screen } = this.#app
    const isElsewhere = screen === 'label' || worksEverywhere.has(command)
    const run = runsOnScreen[screen]?.[command] ?? (isElsewhere ? runs[command] : undefined)
    return run !== undefined && run(this.#app, this.#canvas) !== false
  }

  #openFolder(): void {
    const { desktop } = this.#app
    // In a browser tab the first screen has a field for it.
    if (!desktop) void this.#app.closeProject()
    void desktop?.chooseFolder().then((folder) => {
      if (folder !== null) void this.#app.open(folder)
    })
  }
}

/** The class is drawn with from now on, and what is selected becomes it. */
export function chooseClass({ classes, annotations }: App, classId: number): void {
  classes.activate(classId)
  const others = annotations.selection.filter((each) => each.classId !== classId && !each.locked).map(({ id }) => id)
  if (others.length > 0) void annotations.setClass(others, classId)
}
