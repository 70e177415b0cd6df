import type {
  Backup,
  BackupReason,
  ClassExtent,
  ErrorCode,
  ImageSort,
  ImageState,
  JobView,
  ProposalOrder,
  Run,
  Split,
} from '../src-main/contract/index.ts'
import type { CommandId } from './keys/command-id.ts'
import type { ToolName } from './state/label-tools.svelte.ts'

const many = (count: number, one: string, several = `${one}s`) =>
  `${count.toLocaleString('en')} ${count === 1 ? one : several}`

const commands: Record<CommandId, string> = {
  'open-folder': 'Open folder…',
  'close-project': 'Close project',
  'next-image': 'Next image',
  'previous-image': 'Previous image',
  'tool-select': 'Select',
  'tool-object': 'Object',
  'tool-polygon': 'Polygon',
  'tool-brush': 'Brush',
  'tool-eraser': 'Eraser',
  'bigger-brush': 'Bigger brush, or more of the object',
  'smaller-brush': 'Smaller brush, or less of the object',
  'finish-shape': 'Finish the shape',
  'cancel-shape': 'Cancel, or deselect',
  'delete-selected': 'Delete',
  undo: 'Undo',
  redo: 'Redo',
  'tool-box': 'Box',
  'select-all': 'Select all',
  duplicate: 'Duplicate',
  merge: 'Merge',
  split: 'Split into parts',
  subtract: 'Subtract from the first',
  'to-polygon': 'Make corners to drag',
  'to-front': 'Bring to front',
  'to-back': 'Send to back',
  'hide-selected': 'Hide or show what is selected',
  'lock-selected': 'Lock or unlock',
  'not-here': 'The class is not in this image',
  'move-left': 'Move left',
  'move-right': 'Move right',
  'move-up': 'Move up',
  'move-down': 'Move down',
  'move-left-far': 'Move left by ten',
  'move-right-far': 'Move right by ten',
  'move-up-far': 'Move up by ten',
  'move-down-far': 'Move down by ten',
  'zoom-in': 'Zoom in',
  'zoom-out': 'Zoom out',
  'zoom-fit': 'Fit to window',
  'zoom-actual': 'Actual size',
  'toggle-masks': 'Hide or show masks',
  propagate: 'Propagate…',
  'find-similar': 'Find what is like the selected one',
  import: 'Import…',
  export: 'Export COCO…',
  backups: 'Backups…',
  settings: 'Project settings…',
  'show-keys': 'Keyboard shortcuts',
  'accept-proposal': 'Accept',
  'reject-proposal': 'Reject',
  'next-proposal': 'Next proposal',
  'previous-proposal': 'Previous proposal',
  'compare-source': 'Compare with where it came from',
  'back-to-review': 'Back to review',
  'class-1': 'Class with key 1',
  'class-2': 'Class with key 2',
  'class-3': 'Class with key 3',
  'class-4': 'Class with key 4',
  'class-5': 'Class with key 5',
  'class-6': 'Class with key 6',
  'class-7': 'Class with key 7',
  'class-8': 'Class with key 8',
  'class-9': 'Class with key 9',
}

const imageStates: Record<ImageState, string> = {
  unlabelled: 'Unlabelled',
  proposed: 'To review',
  labelled: 'Labelled',
  skipped: 'Skipped',
  problem: 'Cannot be read',
}

const jobs: Record<JobView['kind'], string> = {
  embed: 'Computing tokens',
  propagate: 'Propagating',
  'update-proposals': 'Updating proposals',
  suggest: 'Looking for what to label next',
  train: 'Training',
  'training-cost': 'Measuring',
  weights: 'Getting weights',
  import: 'Importing',
}

const proposalOrders: Record<ProposalOrder, string> = {
  'least-certain': 'Least certain first',
  'most-similar': 'Most similar first',
}

const runKinds: Record<Run['kind'], string> = { propagation: 'Propagation', import: 'Import', training: 'Training' }
const runStates: Record<Run['state'], string> = {
  running: 'Running',
  paused: 'Paused',
  finished: 'Finished',
  cancelled: 'Cancelled',
  failed: 'Failed',
  undone: 'Undone',
}

/** Bytes as a person reads them. */
const size = (bytes: number): string => {
  if (bytes < 1000) return many(bytes, 'byte')
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} KB`
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`
}

const mostNames = 8
/** Names, as many as one reads. */
const some = (names: readonly string[]): string =>
  names.length <= mostNames
    ? names.join(', ')
    : `${names.slice(0, mostNames).join(', ')} and ${(names.length - mostNames).toLocaleString('en')} more`

const splits: Record<Split | 'none', string> = {
  train: 'Train',
  validation: 'Validation',
  test: 'Test',
  none: 'Not split yet',
}

const percent = (share: number | null) => (share === null ? '–' : `${Math.floor(share * 100)} %`)

const shortCount = (count: number): string =>
  new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 0 }).format(count)

const duration = (seconds: number): string => {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`
  if (seconds < 36 * 3600) return `${(seconds / 3600).toFixed(1)} h`
  return `${Math.round(seconds / 86_400).toLocaleString('en')} days`
}

/** Everything that the page says, in one place. */
export const text = {
  product: 'Cribsheet',
  commands,
  imageStates,
  jobs,
  splits,
  screens: { overview: 'Overview', label: 'Label', review: 'Review', explore: 'Explore', train: 'Train', runs: 'Runs' },
  welcome: {
    title: 'Cribsheet',
    promise: 'Label a few images of a folder. It masks the rest.',
    open: 'Open folder…',
    folder: 'Folder of images on this machine',
    folderPlaceholder: '/home/me/photographs',
    openTyped: 'Open',
    opening: 'Opening…',
    sample: 'Try the sample',
    sampleHint: '24 pictures of beetles, leaves and pebbles',
    recent: 'Recent projects',
    none: 'Folders that you open appear here.',
    missing: 'The folder is not there',
    forget: (name: string) => `Remove ${name} from the list`,
    privacy: 'Your images stay where they are, unchanged. Nothing leaves this machine.',
    drop: 'Drop a folder to open it',
  },
  images: {
    title: 'Images',
    search: 'Search by name',
    filter: 'Show',
    all: 'All images',
    sort: 'Sort',
    sorts: {
      name: 'By name',
      added: 'Newest first',
      certainty: 'Least certain first',
      state: 'What is to be done first',
      annotations: 'Most annotations first',
      changed: 'Last changed first',
    } satisfies Record<ImageSort, string>,
    count: (count: number, picked: number) =>
      many(count, 'image') + (picked > 0 ? `, ${picked.toLocaleString('en')} picked` : ''),
    none: 'No image passes the filter.',
    clear: 'Show all',
    narrowed: 'Filtered in the overview',
    details: (accepted: number, drafts: number) =>
      [accepted > 0 && many(accepted, 'annotation'), drafts > 0 && many(drafts, 'proposal')].filter(Boolean).join(', '),
  },
  overview: {
    filters: 'Filters',
    anyState: 'Any state',
    class: 'Class',
    anyClass: 'Any class',
    certainty: 'Least certain proposal',
    anyCertainty: 'Any certainty',
    below: (percent: number) => `Below ${percent} %`,
    split: 'Split',
    anySplit: 'Any split',
    reverse: 'The other way round',
    views: 'View',
    viewNames: { grid: 'Grid', list: 'List' },
    columns: {
      name: 'Name',
      state: 'State',
      size: 'Size',
      split: 'Split',
      classes: 'Annotations',
      proposals: 'Proposals',
      certainty: 'Certainty',
      changed: 'Changed',
    },
    size: (width: number, height: number) => (width === 0 ? '' : `${width} × ${height}`),
    skippedFor: (reason: string) => `Skipped: ${reason}`,
    moreClasses: (count: number) => `+${count}`,
    hint: 'Double click or Enter opens, Ctrl and Shift select several',
    selected: (count: number) => `${many(count, 'image')} selected`,
    deselect: 'Deselect all',
    put: 'Put into split…',
    noSplit: 'No split',
    skip: 'Skip…',
    use: 'Use again',
    useHint: 'Those among them that are skipped',
    propagate: 'Propagate to these…',
    propagateHint: 'Propose masks for the selected images only',
    skipTitle: (count: number) => `Skip ${many(count, 'image')}`,
    skipExplain:
      'Skipped images stay in the folder and keep their annotations, but get no proposals, are in no split and are not exported.',
    reason: 'Why',
    reasons: ['Blurred', 'Too dark', 'Nothing to label', 'A duplicate'],
    skipDo: 'Skip',
    statistics: 'Statistics',
    notSplit: 'The images are not split into train, validation and test.',
    splitStep: 'Split…',
    splitTitle: 'Split into train, validation and test',
    splitExplain:
      'Each class is spread over the three as evenly as it can be; files of one content stay together. The same seed gives the same split.',
    share: (name: string) => `${name}, %`,
    restHint: 'What the other two leave.',
    seed: 'Seed',
    seedHint: 'Another number gives another split.',
    keep: (count: number, rest: number) =>
      `Leave the ${many(count, 'image')} already in a split where ${count === 1 ? 'it is' : 'they are'}, and divide the other ${rest.toLocaleString('en')}`,
    byHandStays: 'Images that you put into a split yourself stay there.',
    splitDo: 'Split',
    noClasses: 'There are no classes yet.',
    splitHint: 'Images in train / validation / test',
    instances: ({ drawn, taken, waiting }: { drawn: number; taken: number; waiting: number }) =>
      `${drawn.toLocaleString('en')} drawn or imported, ${taken.toLocaleString('en')} accepted proposals, ${waiting.toLocaleString('en')} to review`,
    classImages: (labelled: number, proposed: number, absent: number) =>
      [
        `in ${many(labelled, 'image')}`,
        proposed > 0 && `proposed in ${proposed.toLocaleString('en')}`,
        absent > 0 && `not in ${absent.toLocaleString('en')}`,
      ]
        .filter(Boolean)
        .join(', '),
    areas: (from: number, to: number, median: number) =>
      `Areas of its masks between ${from.toLocaleString('en')} and ${to.toLocaleString('en')} pixels, median ${median.toLocaleString('en')}`,
    pixels: (count: number) => shortCount(count),
    median: (area: number) => `median ${area.toLocaleString('en')} px`,
  },
  classes: {
    title: 'Classes',
    name: 'New class',
    add: 'Add class',
    none: 'Name what you want to find: "beetle", "crack", "cell".',
    labels: { name: 'Name', key: 'Key', supercategory: 'Group (COCO supercategory)', colour: 'Colour' },
    counts: (accepted: number, drafts: number) => `${many(accepted, 'annotation')}, ${many(drafts, 'proposal')}`,
    colour: (colour: string) => `Colour ${colour}`,
    ownColour: 'Another colour',
    noKey: 'None',
    takesKey: (key: string, name: string) => `${key} is the key of ${name}, which will have none.`,
    regions: 'One mask an image: its objects are not told apart (sky, soil, a stain)',
    ignored: 'Neither object nor background: left out of proposals and measurements',
    edit: (name: string) => `Class ${name}`,
    removeStep: 'Delete…',
    removeTitle: (name: string) => `Delete the class ${name}?`,
    removeWarning: ({ accepted, drafts, negatives }: ClassExtent) =>
      accepted + drafts + negatives === 0 ? 'Nothing else is lost.' : 'All of it will be deleted with the class.',
    mergeStep: 'Merge…',
    mergeTitle: (name: string) => `Merge the class ${name}`,
    mergeInto: 'Into',
    chooseOther: 'Choose a class',
    mergeWarning: (name: string) =>
      `Its annotations become those of the other class, and ${name} is gone. An image stays marked as without the class where it was so for both.`,
    merge: 'Merge',
    extent: ({ accepted, drafts, rejected, images, negatives }: ClassExtent) =>
      accepted + drafts + rejected + negatives === 0
        ? 'It has no annotations.'
        : `It has ${[
            many(accepted, 'annotation'),
            drafts > 0 && many(drafts, 'proposal'),
            rejected > 0 && many(rejected, 'rejected proposal'),
          ]
            .filter(Boolean)
            .join(', ')} in ${many(images, 'image')}${
            negatives > 0 ? `, and ${many(negatives, 'image')} marked as without it` : ''
          }.`,
    canBeUndone: 'It can be undone, with the arrow beside "Classes".',
    notInImage: 'Not in this image',
    notHere: (name: string) => `${name}: not in this image`,
    absent: (name: string) => `${name} is not in this image`,
    isHere: (name: string) => `There is ${name} in this image`,
    use: (name: string) => `Draw ${name}`,
    first: 'object',
  },
  instances: {
    title: 'In this image',
    none: 'Nothing is labelled here yet.',
    hint: 'Choose a class, then click an object, or draw: a box, a polygon, or with the brush.',
    proposal: (score: number | null) => (score === null ? 'proposal' : `proposal, ${Math.round(score * 100)} %`),
    area: (pixels: number) => `${pixels.toLocaleString('en')} px`,
    count: (count: number) => count.toLocaleString('en'),
    lock: (name: string) => `Lock ${name}`,
    unlock: (name: string) => `Unlock ${name}`,
    hide: (name: string) => `Hide ${name}`,
    show: (name: string) => `Show ${name}`,
    accept: 'Accept',
    reject: 'Reject',
  },
  canvas: {
    label: (path: string) => `Image ${path}`,
    loading: 'Loading…',
    failed: 'The image cannot be shown.',
    choose: 'Choose an image on the left.',
    zoom: (percent: number) => `${percent} %`,
    brushSize: 'Brush size',
    reach: 'Reach',
    tools: 'Tools',
    polygonEditHint:
      'Drag a corner, click an edge to add one, Alt-click removes one. A ring inside is a hole, with Shift a part.',
    hints: {
      select: 'Click, Shift-click or drag a box to select, drag to move. Space and drag moves the view.',
      object:
        'Click an object. Click again adds, Alt-click takes away, ] and [ set the reach. Enter or the next image keeps it.',
      box: 'Drag a box, with Shift a square. Drag the sides of the selected one.',
      polygon:
        'Click corners; the first one, a double click or Enter closes. Backspace takes one back. Alt begins a hole.',
      brush: 'Drag to paint, Shift-click for a line. Alt and the wheel change the size. Esc begins a new one.',
      eraser: 'Drag over the selected annotation to take away from it.',
    } satisfies Record<ToolName, string>,
    objectWaits: {
      'no-tokens': 'The tokens of this image are being computed: objects can be clicked as soon as they are there.',
      'no-weights': 'Clicking objects needs weights: choose them in the status bar. The other tools work without.',
    },
  },
  look: {
    title: 'How it looks',
    opacity: 'Opacity',
    colouring: 'Colour by',
    colourings: { class: 'Class', instance: 'Annotation' },
    outlines: 'Outlines',
    masks: 'Masks',
    onlyLooking: 'The picture, for looking only:',
    brightness: 'Brightness',
    contrast: 'Contrast',
    asItIs: 'As it is',
  },
  selection: {
    title: 'Selection',
    count: (count: number) => `${count.toLocaleString('en')} selected`,
  },
  attributes: {
    name: 'Attribute',
    value: 'Value',
    add: 'Add attribute',
    remove: (name: string) => `Remove ${name}`,
    crowd: 'Crowd: many objects that cannot be told apart (COCO iscrowd)',
  },
  status: {
    looking: 'Looking for the device…',
    gpu: (name: string) => name,
    cpu: (name: string) => `CPU, slower: ${name}`,
    noDevice: 'No engine',
    noWeights: 'No weights chosen: labelling works, propagation does not yet',
    chooseWeights: 'Choose weights…',
    weights: (architecture: string) => architecture,
    random: (architecture: string) => `${architecture}, random weights`,
    saved: 'Everything is saved',
    savedHint: 'Every action is on the disk when it is done. Backups…',
    trainingPaused: 'Training paused',
    waiting: 'waiting',
    of: (done: number, total: number) => `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`,
    left: (seconds: number) => (seconds < 90 ? `${Math.ceil(seconds)} s left` : `${Math.round(seconds / 60)} min left`),
    cancel: 'Cancel',
    idle: 'Ready',
    labelled: (labelled: number, all: number) =>
      `${labelled.toLocaleString('en')} of ${all.toLocaleString('en')} labelled`,
  },
  propagate: {
    title: 'Propagate',
    explain:
      'Proposes masks for the images that have none, from those that you labelled. What you drew is never changed.',
    classes: 'Classes',
    scope: 'Where',
    scopes: {
      all: 'All images without accepted annotations of these classes',
      unlabelled: 'Only images that are not labelled at all',
      selected: (count: number) => `The ${many(count, 'image')} picked in the list`,
      here: 'Only this image',
    },
    selectedHint: 'Pick images in the list with Ctrl-click or Shift-click.',
    waiting: (count: number) => `Proposals waiting for review (${count.toLocaleString('en')})`,
    modes: { replace: 'Replace them, where the new answer differs', add: 'Keep them, and add what is new' },
    live: 'Update proposals when labels change',
    liveHint: 'What you accepted, rejected or changed stays as it is.',
    extent: (labelled: number, targets: number) =>
      `From ${many(labelled, 'labelled image')} to ${many(targets, 'image')}.`,
    noTargets: 'There is no image left to propagate to.',
    start: 'Start',
    none: 'Draw at least one annotation first.',
    noneHint: 'Two or three images with every object of a class are a good start.',
    found: (count: number) => (count === 0 ? 'No proposals were found.' : `${many(count, 'proposal')} to review.`),
    review: 'Review',
  },
  review: {
    title: 'Review',
    each: 'One by one',
    limit: 'By certainty',
    modes: 'How to review',
    class: 'Class',
    allClasses: 'All classes',
    run: 'Run',
    allRuns: 'All runs',
    runName: (id: number, when: string) => `Run ${id}, ${when}`,
    order: 'Order',
    orders: proposalOrders,
    progress: (place: number, all: number) => `${place.toLocaleString('en')} of ${all.toLocaleString('en')}`,
    tally: (accepted: number, rejected: number) =>
      `${accepted.toLocaleString('en')} accepted, ${rejected.toLocaleString('en')} rejected`,
    certainty: 'Certainty',
    certaintyHint:
      'How probable it is that the mask is right: that it overlaps what you would draw by three quarters at least (IoU 0.75)',
    percent,
    similarity: 'Similarity',
    from: 'Came from',
    sourceGone: 'The annotation that it came from is gone.',
    proposal: 'Proposal',
    source: 'Labelled',
    compare: 'Compare',
    compareHint: 'Show both images side by side',
    proposalOn: (name: string, path: string) => `Proposed ${name} on ${path}`,
    sourceOn: (name: string, path: string) => `Labelled ${name} on ${path}`,
    accept: 'Accept',
    reject: 'Reject',
    brush: 'Correct with the brush',
    eraser: 'Correct with the eraser',
    acceptAs: 'Accept as another class',
    as: (name: string) => `Accept as ${name}`,
    answered: { accepted: 'Accepted', rejected: 'Rejected' },
    lookAgain: 'Look again',
    previous: 'Previous',
    next: 'Next',
    loading: 'Loading…',
    none: 'No proposals are waiting',
    noneHint: 'Label a few images, then propagate: what Cribsheet proposes comes here.',
    noneOfFilter: 'No proposals pass the filter',
    showAll: 'Show all',
    done: 'All reviewed',
    seen: 'You have seen all of them',
    passedOver: (count: number) => `${many(count, 'proposal')} you passed over still wait.`,
    again: 'Go through them',
    limitTitle: 'Accept from this certainty on',
    limitValue: (limit: number, above: number, below: number) =>
      `${limit} %: ${many(above, 'proposal')} from there on, ${below.toLocaleString('en')} below`,
    above: 'Will be accepted',
    below: 'Stay for review',
    acceptAbove: (count: number, limit: number) => `Accept ${count.toLocaleString('en')} from ${limit} % on`,
    noneAbove: 'Nothing is that certain.',
    noneBelow: 'Nothing is below.',
    acceptedAbove: (count: number, limit: number) => `${many(count, 'proposal')} accepted from ${limit} % on.`,
    takeBack: 'Take back',
    tookBack: (count: number, kept: number) =>
      `${many(count, 'proposal')} wait again.${kept > 0 ? ` ${many(kept, 'annotation')} that you changed since stay accepted.` : ''}`,
    certainties: 'How many proposals there are of each certainty',
    live: 'Follow new labels',
  },
  runs: {
    title: 'Runs',
    states: runStates,
    name: (kind: Run['kind'], id: number) => `${runKinds[kind]} ${id}`,
    none: 'Nothing has run yet',
    noneHint: 'Every propagation, import and training is kept here with what it made, and can be undone.',
    started: (when: string) => `started ${when}`,
    took: (seconds: number) =>
      `took ${seconds < 90 ? `${seconds.toFixed(seconds < 10 ? 1 : 0)} s` : `${Math.round(seconds / 60)} min`}`,
    settings: 'Settings',
    result: 'Result',
    made: 'What has become of it',
    counts: {
      drafts: 'wait for review',
      accepted: 'accepted',
      rejected: 'rejected',
      replaced: 'replaced by a later run',
    },
    brief: (made: number, drafts: number) =>
      made === 0
        ? 'made nothing'
        : drafts === 0
          ? many(made, 'annotation')
          : `${drafts.toLocaleString('en')} to review`,
    review: 'Review its proposals',
    again: 'Run again',
    undo: 'Undo run',
    undoTitle: (name: string) => `Undo ${name}?`,
    undoRemoves: (count: number) =>
      count === 1 ? '1 annotation goes.' : `${count.toLocaleString('en')} annotations go.`,
    undoKeeps: (count: number) =>
      count === 1
        ? '1 that you accepted, rejected or changed stays.'
        : `${count.toLocaleString('en')} that you accepted, rejected or changed stay.`,
    undoRestores: 'Proposals of earlier runs that it replaced come back.',
    undone: (id: number) => `Run ${id} is undone.`,
    undoneDetails: ({ removed, kept, restored }: { removed: number; kept: number; restored: number }) =>
      `${many(removed, 'annotation')} removed, ${kept.toLocaleString('en')} kept, ${restored.toLocaleString('en')} brought back.`,
    annotations: 'Its annotations',
    noAnnotations: 'There are none of it any more.',
    more: 'Show more',
    yes: 'yes',
  },
  suggestion: {
    title: 'Label this next',
    why: 'Its labels would tell most about the other images.',
    another: 'Another one',
  },
  weights: {
    title: 'Choose weights',
    explain:
      'The network that finds what is alike: published weights, or a file of ViT weights (.safetensors, .npz or .pth).',
    file: 'File of weights',
    choose: 'Use this file',
    random: 'Use random weights',
    randomHint: 'Random weights know nothing: they are only for trying things out.',
    reading: 'Reading…',
    browse: 'Browse…',
    published: "CrIBo's own weights",
    publishedNames: {
      'cribo-coco-vit-s': 'Trained on COCO, ViT-S',
      'cribo-imagenet-vit-s': 'Trained on ImageNet, ViT-S',
      'cribo-imagenet-vit-b': 'Trained on ImageNet, ViT-B (large)',
    } as Partial<Record<string, string>>,
    here: 'on this machine',
    download: 'will be downloaded from the authors',
    use: 'Use',
    own: 'A file of your own',
  },
  explore: {
    views: 'Views',
    modes: { grid: 'Objects', map: 'Map', duplicates: 'Duplicates' },
    hints: {
      grid: 'Click to select, Shift-click for a stretch, double-click for what is like it.',
      map: 'Drag to move, wheel to zoom, Shift-drag to select.',
      duplicates: '',
    },
    objects: 'Objects',
    all: (total: number | null) => (total === null || total === 0 ? 'All objects' : `All ${many(total, 'object')}`),
    like: (total: number | null) => (total === null ? 'Looking…' : `The ${many(total, 'object')} most like it`),
    some: (total: number | null) => (total === null ? 'Looking…' : many(total, 'selected object')),
    showAll: 'Show all',
    selected: (count: number) => `${count.toLocaleString('en')} selected`,
    deselect: 'Deselect all',
    similar: 'Similar to this',
    similarHint: 'Select one object to see what is like it.',
    asClass: 'As class',
    annotate: 'Annotate',
    annotating: (done: number, total: number) =>
      `Annotating ${done.toLocaleString('en')} of ${total.toLocaleString('en')}…`,
    annotated: (count: number, name: string) => `${many(count, 'annotation')} of ${name} made.`,
    undoHint: 'Undo takes them back, image by image.',
    similarity: (cosine: number) => cosine.toFixed(2),
    none: 'No objects yet',
    noWeights: 'Objects are found by the network: choose its weights first.',
    computing: 'Tokens and objects are being computed; they appear here when that is done.',
    notComputed: 'Tokens and objects of this folder were not computed yet.',
    compute: 'Compute them',
    map: (count: number) => `Map of ${many(count, 'object')}: alike ones lie near each other`,
    lasso: 'Lasso',
    wholeMap: 'Whole map',
    showSelected: 'Show the selected ones',
    noWebGl: 'The map needs WebGL, which this browser does not have.',
    looking: 'Looking…',
    noDuplicates: 'No duplicates: every image differs from the others.',
    same: (count: number) => `${count} files of one content`,
    alike: (count: number) => `${count} images that hardly differ`,
  },
  train: {
    newTitle: 'New training',
    explain:
      'Teaches the network your folder, without labels. It is kept only where it finds things better than before. You can go on labelling meanwhile.',
    weights: 'Starts from',
    noWeights: 'Training needs weights to start from.',
    change: 'Change…',
    preset: 'Preset',
    presets: {
      folder: { name: 'This folder', hint: 'Short and careful, from weights that already see objects.' },
      'coco-vit-s': { name: 'As published: COCO, ViT-S', hint: 'For hundreds of thousands of images.' },
      'imagenet-vit-s': { name: 'As published: ImageNet, ViT-S', hint: 'For millions of images and many GPUs.' },
      'imagenet-vit-b': { name: 'As published: ImageNet, ViT-B', hint: 'For millions of images and many GPUs.' },
    },
    plan: (steps: number, batch: number) => `${many(steps, 'step')} of ${many(batch, 'image')}`,
    cost: (seconds: number, bytes: number | null) =>
      `About ${duration(seconds)} on this machine${bytes === null ? '' : `, ${(bytes / 1e9).toFixed(1)} GB of memory`}`,
    notMeasured: 'Not measured on this machine yet.',
    measure: 'Measure',
    measuring: 'Measuring…',
    length: 'Length',
    lengths: { preset: 'As in the preset', steps: 'A number of steps', minutes: 'So many minutes' },
    steps: 'Steps',
    minutes: 'Minutes',
    more: 'More settings',
    batch: 'Images a step',
    batchHint: 'Less needs less memory.',
    byPreset: 'as the preset',
    colours: 'Change of colours',
    coloursHint: 'Less where colour tells your classes apart.',
    heldOut: 'Held out, to measure on',
    start: 'Start training',
    busy: 'A training is under way.',
    none: 'No training yet',
    noneHint:
      'What a training measures is shown here: its losses, and whether it finds your objects better than before.',
    title: (run: number) => `Training ${run}`,
    states: {
      waiting: 'Waits for another job, then goes on',
      running: 'Running',
      paused: 'Paused',
      finished: 'Finished',
      cancelled: 'Given up',
      failed: 'Failed',
      undone: 'Undone',
    },
    pause: 'Pause',
    resume: 'Go on',
    cancel: 'Give up',
    cancelTitle: 'Give up this training?',
    cancelWarning: 'Its saved states are deleted and it cannot be gone on with. The weights in use stay as they are.',
    keep: 'Keep it',
    progress: (done: number, steps: number | null) =>
      steps === null ? many(done, 'step') : `${done.toLocaleString('en')} of ${many(steps, 'step')}`,
    facts: { rate: 'Rate', left: 'Time left', device: 'Device', memory: 'Memory', images: 'Images' },
    rate: (images: number) => `${images.toFixed(1)} images/s`,
    memory: (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`,
    images: (trained: number, heldOut: number) =>
      `${trained.toLocaleString('en')} + ${heldOut.toLocaleString('en')} held out`,
    duration,
    unknown: '–',
    quality: 'Does it find things better?',
    qualityOf: {
      labels: 'How well each labelled image is masked from the other labelled ones (mean IoU).',
      agreement:
        'How often objects of images that were held out find themselves again. Label two images for a figure that is about your classes.',
    },
    notMeasurable: 'Nothing can be measured: too few images, and fewer than two labelled ones.',
    before: 'Before',
    now: 'Now',
    best: 'Best so far',
    percent: (share: number | null) => (share === null ? '–' : `${(100 * share).toFixed(1)} %`),
    difference: (share: number) => `${share >= 0 ? '+' : '−'}${Math.abs(100 * share).toFixed(1)} points`,
    kept: {
      trained: 'The trained weights are better and in use now.',
      start: 'Training did not make it better: the weights that it started from stay in use.',
    },
    losses: 'Losses',
    lossNames: { loss: 'All', lossImage: 'Image', lossObject: 'Object', lossCrossImage: 'Across images' },
    axis: 'steps',
    noLosses: 'The first values come with the first step.',
    notes: 'Notes',
  },
  import: {
    title: 'Import annotations',
    explain: 'They become accepted annotations of the images of the same name. What is there already stays.',
    source: 'COCO file, or folder of index masks',
    sourceHint: 'A full path, or a name in the folder of images. A folder of masks has a classes.txt in it.',
    file: 'File…',
    folder: 'Folder…',
    unlabelledOnly: 'Only for images that have no annotations yet',
    apart: 'Masks: every connected part is an annotation of its own',
    check: 'Check',
    checking: 'Checking…',
    start: (count: number) => `Import ${many(count, 'annotation')}`,
    formats: { coco: 'COCO', masks: 'Index masks' },
    found: (annotations: number, images: number) => `${many(annotations, 'annotation')} on ${many(images, 'image')}`,
    alreadyThere: (count: number) =>
      `${many(count, 'is', 'are')} there already, with the same class and mask, and will not be added again.`,
    labelledImages: (count: number) =>
      `${many(count, 'of these images has', 'of these images have')} annotations already; these stay, the new ones come beside them.`,
    nothingNew: 'All of it is there already.',
    class: 'Class',
    annotations: 'Annotations',
    oneMask: 'One mask an image',
    oneMaskHint: 'For what is no object: sky, soil, a stain. Its parts are not told apart.',
    isNew: 'new',
    warnings: (count: number) => `Left out: ${many(count, 'remark')}`,
    done: (count: number) => `${many(count, 'annotation')} imported.`,
    show: 'Show the run',
  },
  export: {
    title: 'Export COCO',
    split: 'Images',
    allSplits: 'All images',
    splitOnly: (name: string, count: number) => `${name} only (${count.toLocaleString('en')})`,
    file: 'File to write',
    fileHint: 'A full path, or a name in the folder of images.',
    proposals: 'Proposals too, with their score',
    allImages: 'Images without annotations too',
    masks: 'Masks',
    modes: { auto: 'Polygons where exact, else run lengths', rle: 'Run lengths', polygons: 'Polygons only' },
    contents: 'What will be written',
    willWrite: (annotations: number, images: number) =>
      annotations === 0 && images === 0
        ? 'There is nothing to write yet'
        : `${many(annotations, 'annotation')} on ${many(images, 'image')} will be written`,
    class: 'Class',
    accepted: 'Accepted',
    proposed: 'Proposals',
    warn: {
      nothing: 'No annotation is accepted yet.',
      proposals: (count: number) =>
        `${many(count, 'proposal is', 'proposals are')} not accepted, and left out: review them first, or tick "Proposals too".`,
      onlyProposed: (names: readonly string[]) => `Only proposals and nothing accepted: ${some(names)}.`,
      emptyClasses: (names: readonly string[]) => `Without annotations, but in the file as categories: ${some(names)}.`,
      skipped: (images: number, annotations: number) =>
        `${many(images, 'skipped image')}${annotations > 0 ? ` with ${many(annotations, 'annotation')}` : ''} will be left out.`,
      unreadable: (images: number, annotations: number) =>
        `${many(images, 'image')} cannot be read, and ${images === 1 ? 'is' : 'are'} left out${annotations > 0 ? ` with ${many(annotations, 'annotation')}` : ''}.`,
      missing: (annotations: number) =>
        `${many(annotations, 'annotation is', 'annotations are')} left out: their image is no longer in the folder.`,
      ignored: (annotations: number) =>
        `${many(annotations, 'annotation')} of ignored classes ${annotations === 1 ? 'is' : 'are'} left out: COCO has no word for them.`,
      imagesWithoutAnnotations: (images: number) =>
        `${many(images, 'image')} without annotations ${images === 1 ? 'is' : 'are'} left out.`,
      replaces: 'There is a file of this name already: it will be replaced.',
    },
    write: 'Write file',
    writing: 'Writing…',
    writeAgain: 'Write again',
    written: (annotations: number, images: number) =>
      `${many(annotations, 'annotation')} on ${many(images, 'image')}, checked.`,
    done: 'What was written',
    checked: {
      file: (bytes: number, images: number, classes: number) =>
        `Read back: ${size(bytes)}, ${many(images, 'image')}, ${many(classes, 'category', 'categories')}`,
      ids: (count: number) => `${many(count, 'id')}, each there once, with its image and category`,
      masks: (polygons: number, runLengths: number) =>
        `Every mask decodes: ${polygons.toLocaleString('en')} as polygons, ${runLengths.toLocaleString('en')} as run lengths`,
      areas: (count: number) => `${many(count, 'area')} and ${many(count, 'box', 'boxes')} are those of the masks`,
    },
    showInFolder: 'Show in folder',
    browse: 'Browse…',
  },
  backups: {
    title: 'Backups',
    explain:
      'Copies of all that you made: classes, annotations, proposals, runs. One is made each day, and before each restore; eight of each kind are kept.',
    none: 'There is none yet: the first comes when the project is opened again.',
    make: 'Back up now',
    making: 'Backing up…',
    reasons: {
      daily: 'daily',
      'by-hand': 'by hand',
      'before-restore': 'before a restore',
      'before-update': 'before an update of Cribsheet',
    } satisfies Record<BackupReason, string>,
    contents: ({ classes, accepted, drafts }: NonNullable<Backup['contents']>, bytes: number) =>
      `${many(accepted, 'annotation')}, ${many(drafts, 'proposal')}, ${many(classes, 'class', 'classes')}, ${size(bytes)}`,
    unreadable: 'It cannot be read.',
    restoreStep: 'Restore…',
    restoreTitle: 'Restore this backup?',
    restoreWarning:
      'The project becomes what it was then. What it is now is backed up first, so that you can come back to it. Images stay as they are.',
    stops: (jobs: readonly string[]) => `Work that is under way will be stopped: ${jobs.join(', ')}.`,
    objectsHint: 'Undo goes back from that moment, as it did then. Tokens and objects that are computed stay.',
    restore: 'Restore',
    stopAndRestore: 'Stop and restore',
    restoring: 'Restoring…',
    done: 'The backup was restored.',
    doneHint: 'What was there before is in the list of backups.',
  },
  settings: {
    title: 'Project settings',
    weights: 'Weights',
    noWeights: 'none chosen',
    change: 'Change…',
    weightsHint:
      'The network that finds what is alike. With others, tokens and objects of all images are computed anew; what you labelled stays.',
    objects: 'Objects an image',
    objectsHint: (best: number) =>
      `Into how many parts an image is divided to look for what is alike: more for many small things, fewer for few large ones. ${best} measured best on photographs.`,
    objectsRange: 'A whole number from 2 to 255.',
    objectsCost: (images: number) =>
      images === 0
        ? 'Nothing need be computed anew: no image has its objects yet.'
        : `${many(images, 'image is', 'images are')} computed anew in the background, which takes as long as the first time.`,
    liveHint:
      'After a change, the images of the last propagation are answered anew in the background. What you accepted, rejected or changed stays. Off, nothing is computed until you propagate.',
    daily: 'Back up each day',
    dailyHint:
      'A copy of what you made, without the objects, on each day that the project is open; the last eight stay. Costs some disk space.',
    dataFolder: 'Where it is kept',
  },
  keys: {
    title: 'Keyboard shortcuts',
    search: 'Search',
    none: 'No command has this name or key.',
    groups: {
      tools: 'Tools',
      edit: 'Edit',
      review: 'Review',
      images: 'Images',
      classes: 'Classes',
      view: 'View',
      move: 'Move what is selected',
      rest: 'Other',
    },
    add: (command: string) => `Give ${command} a key`,
    take: (key: string, command: string) => `Take ${key} from ${command}`,
    press: 'Press a key, Esc to leave it',
    taken: (key: string, command: string) => `${key} is the key of "${command}".`,
    useHere: 'Use it here instead',
    reset: 'Reset all',
    changed: 'changed',
  },
  dialog: { close: 'Close', cancel: 'Cancel', remove: 'Delete', save: 'Save' },
  notice: {
    recovered: 'Put right by itself: ',
    engineBack: 'The engine stopped and was started again; the job goes on.',
    pageBack: 'The window crashed and was loaded again.',
    pageBackAdvice: 'Look whether your last action is there; everything before it is saved.',
    dismiss: 'Dismiss',
  },
  lost: {
    waiting: {
      title: 'The connection is lost; Cribsheet connects again…',
      advice: 'Everything up to your last action is saved. Nothing can be changed until it is back.',
    },
    inTab: {
      title: 'The connection to Cribsheet is lost',
      advice:
        'It is made again by itself while Cribsheet runs. If it was ended, start it again and open the address that it prints: everything up to your last action is saved.',
    },
    givenUp: {
      title: 'Cribsheet’s background process ends again and again',
      advice:
        'It was started again three times within a minute. Everything up to your last action is saved. Try again; if it happens once more, restart the computer, or report it with the log.',
    },
    tryAgain: 'Try again',
    showLog: 'Show log',
    back: 'The connection is back.',
    backAdvice: 'Look whether your last action is there: what was being saved when it broke off may be missing.',
  },
  undoOf: (label: string | null) => (label === null ? 'Nothing to undo' : `Undo: ${label}`),
  redoOf: (label: string | null) => (label === null ? 'Nothing to redo' : `Redo: ${label}`),
  /** Of undo and redo of what was done to many images at once. */
  across: {
    undone: (label: string) => `Undone on all its images: ${label}`,
    redone: (label: string) => `Done again on all its images: ${label}`,
    extent: ({ changed, kept }: { changed: number; kept: number }) =>
      `${many(changed, 'annotation')} changed.${kept > 0 ? ` ${many(kept, 'annotation')} that you changed or locked since ${kept === 1 ? 'stays as it is' : 'stay as they are'}.` : ''}`,
  },
  menus: { file: 'File', edit: 'Edit', view: 'View', label: 'Label', review: 'Review', help: 'Help' },
  unexpected: { message: 'Something went wrong.', advice: 'Try again; if it happens again, please report it.' },
  errorCode: (code: ErrorCode) => code,
} as const
