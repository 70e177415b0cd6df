import { type Camera, type Photograph, takePhotograph } from './camera.ts'
import { Canvas, type Placement, type Thing } from './canvas.ts'
import { type GroundName, grounds } from './grounds.ts'
import { illuminate, type Light } from './light.ts'
import { Random } from './random.ts'

/** The pixel values in the masks; 0 is the background. */
export const classNames = ['background', 'leaf', 'beetle', 'pebble', 'seed'] as const
type ClassName = Exclude<(typeof classNames)[number], 'background'>

/**
 * scattered: apart from everything; anywhere: also over others and over the edge; touching: one beside the other; heap: on top of
 * each other; row: side by side, nearly in line.
 */
type Layout = 'scattered' | 'anywhere' | 'touching' | 'heap' | 'row'

export interface Group {
  /** Null for clutter. */
  className: ClassName | null
  make: (random: Random) => Thing
  count: number
  /** Length of the things, smallest and largest, in shares of the picture's shorter side. */
  size: readonly [number, number]
  layout: Layout
  /** Where a cluster, heap or row is, in shares of width and height. */
  around?: readonly [number, number]
}

export interface Scene {
  name: string
  width: number
  height: number
  ground: GroundName
  light: Light
  camera: Camera
  /** From below to above. */
  groups: readonly Group[]
}

export interface DrawnScene {
  photograph: Photograph
  /** Class id of every pixel. */
  mask: Uint8Array
  /** Number of the object that is seen at every pixel, from 1; 0 for background and clutter. */
  objects: Uint16Array
  /** Class id of object 1, 2, ... */
  objectClasses: number[]
}

/** Pixels of the canvas to one of the picture, each way. */
const factor = 2

interface Size {
  width: number
  height: number
}

function placeOne(
  group: Group,
  placed: readonly Placement[],
  own: readonly Placement[],
  canvas: Size,
  random: Random,
): Placement {
  const side = Math.min(canvas.width, canvas.height)
  const size = random.between(...group.size) * side
  const [aroundX, aroundY] = group.around ?? [0.5, 0.5]
  const angle = random.between(0, 2 * Math.PI)
  const anywhere = (margin: number): Placement => ({
    x: random.between(margin, canvas.width - margin),
    y: random.between(margin, canvas.height - margin),
    size,
    angle,
  })
  switch (group.layout) {
    case 'anywhere':
      return anywhere(0)
    case 'heap': {
      const spread = side * 0.14
      return {
        x: aroundX * canvas.width + spread * random.normal(),
        y: aroundY * canvas.height + spread * random.normal(),
        size,
        angle,
      }
    }
    case 'row':
      return {
        x: (aroundX - 0.36) * canvas.width + (own.length / Math.max(1, group.count - 1)) * 0.72 * canvas.width,
        y: aroundY * canvas.height + 0.03 * side * random.normal(),
        size,
        angle: Math.PI / 2 + 0.25 * random.normal(),
      }
    case 'touching': {
      const last = own.at(-1)
      if (!last) return { x: aroundX * canvas.width, y: aroundY * canvas.height, size, angle }
      const neighbour = random.pick(own)
      const away = 0.4 * (neighbour.size + size)
      const direction = random.between(0, 2 * Math.PI)
      return { x: neighbour.x + away * Math.cos(direction), y: neighbour.y + away * Math.sin(direction), size, angle }
    }
    case 'scattered': {
      const free = ({ x, y }: Placement): boolean =>
        placed.every((other) => Math.hypot(other.x - x, other.y - y) > 0.5 * (other.size + size))
      for (let attempt = 0; attempt < 60; attempt++) {
        const place = anywhere(size * 0.4)
        if (free(place)) return place
      }
      return anywhere(size * 0.4)
    }
  }
}

/** The value that most of a square of canvas pixels have; the first of equals. */
function shrinkOwners(canvas: Canvas): Uint16Array {
  const [width, height] = [canvas.width / factor, canvas.height / factor]
  const owners = new Uint16Array(width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const square = [0, 1, canvas.width, canvas.width + 1].map(
        (step) => canvas.owner[factor * (y * canvas.width + x) + step],
      )
      const votes = (owner: number): number => square.filter((other) => other === owner).length
      owners[y * width + x] = square.reduce((best, owner) => (votes(owner) > votes(best) ? owner : best))
    }
  return owners
}

/** Draws one scene: the same picture, mask and objects whenever the seed is the same. */
export function drawScene(scene: Scene, seed: number): DrawnScene {
  const random = new Random(seed)
  const canvas = new Canvas(scene.width * factor, scene.height * factor)
  canvas.cover(grounds[scene.ground](random), Math.min(canvas.width, canvas.height) / 10)
  const placed: Placement[] = []
  const classOfOwner: number[] = [0]
  for (const group of scene.groups) {
    const own: Placement[] = []
    for (let i = 0; i < group.count; i++) {
      const placement = placeOne(group, placed, own, canvas, random)
      own.push(placement)
      placed.push(placement)
      canvas.lay(group.make(random), placement, classOfOwner.length)
      classOfOwner.push(group.className ? classNames.indexOf(group.className) : 0)
    }
  }
  const photograph = takePhotograph(illuminate(canvas, scene.light, random.seed()), scene.camera, factor, random)
  return { photograph, ...numberObjects(shrinkOwners(canvas), classOfOwner) }
}

/** Classes, and objects numbered from 1 in the order they were laid, without clutter and without what is wholly hidden. */
function numberObjects(owners: Uint16Array, classOfOwner: readonly number[]): Omit<DrawnScene, 'photograph'> {
  const seen = new Set(owners)
  const objectClasses: number[] = []
  const numberOfOwner = classOfOwner.map((classId, owner) =>
    classId > 0 && seen.has(owner) ? objectClasses.push(classId) : 0,
  )
  return {
    mask: Uint8Array.from(owners, (owner) => classOfOwner[owner]),
    objects: owners.map((owner) => numberOfOwner[owner]),
    objectClasses,
  }
}
