import type { Camera } from './camera.ts'
import type { Group, Scene } from './compose.ts'
import type { Light } from './light.ts'
import { beetle, type BeetleKind, beetleKinds } from './things/beetle.ts'
import { berry, coin, grass, needles, nut, scrap, twig } from './things/clutter.ts'
import { leaf, type LeafSpecies, leafSpecies } from './things/leaf.ts'
import { pebble } from './things/pebble.ts'
import { seed, type SeedKind, seedKinds } from './things/seed.ts'

// Two dozen pictures, each arranged by hand: other places, other light, other lenses, other company.

type Where = Pick<Group, 'count' | 'size' | 'layout'> & { around?: Group['around'] & {} }

const leaves = (where: Where, species: readonly LeafSpecies[] = leafSpecies, ages = [0, 1, 2, 3, 4, 5]): Group => ({
  className: 'leaf',
  make: (random) => leaf(random, random.pick(species), random.pick(ages)),
  ...where,
})
const beetles = (where: Where, kinds: readonly BeetleKind[] = beetleKinds): Group => ({
  className: 'beetle',
  make: (random) => beetle(random, random.pick(kinds)),
  ...where,
})
const pebbles = (where: Where): Group => ({ className: 'pebble', make: pebble, ...where })
const seeds = (where: Where, kinds: readonly SeedKind[] = seedKinds): Group => ({
  className: 'seed',
  make: (random) => seed(random, random.pick(kinds)),
  ...where,
})
const clutter = (make: Group['make'], where: Where): Group => ({ className: null, make, ...where })

const noon: Light = { azimuth: 240, elevation: 58, kelvin: 5600, ambient: 0.28, ambientKelvin: 8500, softness: 0.06 }
const evening: Light = { azimuth: 200, elevation: 20, kelvin: 3600, ambient: 0.3, ambientKelvin: 9500, softness: 0.07 }
const overcast: Light = { azimuth: 290, elevation: 65, kelvin: 6500, ambient: 0.72, ambientKelvin: 7000, softness: 0.7 }
const windowLight: Light = {
  azimuth: 175,
  elevation: 34,
  kelvin: 6200,
  ambient: 0.36,
  ambientKelvin: 5200,
  softness: 0.35,
}
const lamp: Light = {
  azimuth: 315,
  elevation: 48,
  kelvin: 2900,
  ambient: 0.16,
  ambientKelvin: 3600,
  softness: 0.2,
  lamp: [0.6, 0.35],
}
const forest: Light = {
  azimuth: 255,
  elevation: 52,
  kelvin: 5400,
  ambient: 0.44,
  ambientKelvin: 6800,
  softness: 0.08,
  dapple: 0.48,
}

const good: Camera = { exposure: 0, whiteBalance: 5600, blur: 0, noise: 0.1, vignette: 0.2 }

const landscape = { width: 640, height: 480 }
const portrait = { width: 480, height: 640 }

export const scenes: readonly Scene[] = [
  {
    name: 'forest-path',
    ...landscape,
    ground: 'soil',
    light: forest,
    camera: { ...good, noise: 0.25 },
    groups: [
      clutter(needles, { count: 14, size: [0.15, 0.3], layout: 'anywhere' }),
      pebbles({ count: 5, size: [0.1, 0.2], layout: 'scattered' }),
      leaves({ count: 7, size: [0.28, 0.45], layout: 'anywhere' }, ['oak', 'beech'], [3, 4, 5]),
      clutter(twig, { count: 3, size: [0.5, 0.8], layout: 'anywhere' }),
      beetles({ count: 1, size: [0.2, 0.22], layout: 'scattered' }, ['ground']),
    ],
  },
  {
    name: 'garden-table',
    ...landscape,
    ground: 'wood',
    light: noon,
    camera: { ...good, exposure: 0.2 },
    groups: [
      leaves({ count: 3, size: [0.4, 0.55], layout: 'scattered' }, ['birch', 'beech'], [0, 1]),
      seeds({ count: 9, size: [0.07, 0.1], layout: 'scattered' }, ['sunflower']),
      beetles({ count: 2, size: [0.14, 0.2], layout: 'scattered' }, ['ladybird']),
      clutter(berry, { count: 3, size: [0.08, 0.11], layout: 'scattered' }),
    ],
  },
  {
    name: 'collection-sheet',
    ...landscape,
    ground: 'paper',
    light: windowLight,
    camera: { ...good, whiteBalance: 5400 },
    groups: [
      beetles({ count: 5, size: [0.24, 0.27], layout: 'row', around: [0.5, 0.3] }, ['ground', 'chafer', 'leather']),
      beetles({ count: 6, size: [0.17, 0.22], layout: 'row', around: [0.5, 0.7] }, ['potato', 'ladybird', 'chafer']),
      clutter(scrap, { count: 1, size: [0.22, 0.24], layout: 'scattered' }),
    ],
  },
  {
    name: 'shingle',
    ...landscape,
    ground: 'sand',
    light: evening,
    camera: { ...good, exposure: -0.1 },
    groups: [
      pebbles({ count: 16, size: [0.09, 0.24], layout: 'anywhere' }),
      pebbles({ count: 7, size: [0.12, 0.18], layout: 'touching', around: [0.3, 0.6] }),
      clutter(grass, { count: 3, size: [0.4, 0.7], layout: 'anywhere' }),
      leaves({ count: 1, size: [0.3, 0.34], layout: 'scattered' }, ['willow'], [5]),
    ],
  },
  {
    name: 'moss-cushion',
    ...portrait,
    ground: 'moss',
    light: overcast,
    camera: { ...good, blur: 2.2, focus: 0.55 },
    groups: [
      clutter(grass, { count: 6, size: [0.5, 0.9], layout: 'anywhere' }),
      leaves({ count: 3, size: [0.3, 0.5], layout: 'anywhere' }, ['birch', 'oak'], [2, 3]),
      beetles({ count: 3, size: [0.2, 0.34], layout: 'scattered' }, ['chafer', 'leather']),
    ],
  },
  {
    name: 'seed-count',
    ...landscape,
    ground: 'slate',
    light: windowLight,
    camera: good,
    groups: [
      seeds({ count: 14, size: [0.09, 0.12], layout: 'touching', around: [0.35, 0.45] }, ['pumpkin']),
      seeds({ count: 11, size: [0.09, 0.12], layout: 'scattered' }, ['bean', 'pumpkin']),
      clutter(coin, { count: 1, size: [0.2, 0.2], layout: 'scattered' }),
    ],
  },
  {
    name: 'workbench',
    ...landscape,
    ground: 'concrete',
    light: { ...lamp, lamp: [0.35, 0.4] },
    camera: { ...good, whiteBalance: 3300, noise: 0.45 },
    groups: [
      clutter(nut, { count: 5, size: [0.11, 0.16], layout: 'scattered' }),
      clutter(coin, { count: 2, size: [0.13, 0.16], layout: 'scattered' }),
      pebbles({ count: 6, size: [0.12, 0.22], layout: 'scattered' }),
      beetles({ count: 1, size: [0.22, 0.24], layout: 'scattered' }, ['leather']),
    ],
  },
  {
    name: 'leaf-litter',
    ...landscape,
    ground: 'soil',
    light: overcast,
    camera: { ...good, vignette: 0.35 },
    groups: [
      leaves({ count: 22, size: [0.3, 0.48], layout: 'anywhere' }, ['beech', 'oak', 'birch'], [3, 4, 5]),
      clutter(twig, { count: 2, size: [0.6, 0.9], layout: 'anywhere' }),
      clutter(needles, { count: 8, size: [0.15, 0.25], layout: 'anywhere' }),
      beetles({ count: 2, size: [0.14, 0.18], layout: 'scattered' }, ['ground', 'ladybird']),
    ],
  },
  {
    name: 'kitchen-cloth',
    ...landscape,
    ground: 'linen',
    light: { ...windowLight, azimuth: 20 },
    camera: { ...good, exposure: 0.3 },
    groups: [
      seeds({ count: 22, size: [0.07, 0.11], layout: 'heap', around: [0.42, 0.5] }, ['bean']),
      seeds({ count: 6, size: [0.07, 0.11], layout: 'scattered' }, ['bean']),
      clutter(berry, { count: 2, size: [0.1, 0.12], layout: 'scattered' }),
    ],
  },
  {
    name: 'close-up',
    ...landscape,
    ground: 'wood',
    light: { ...noon, azimuth: 120 },
    camera: { ...good, blur: 2.6, focus: 0.5 },
    groups: [
      clutter(needles, { count: 2, size: [0.6, 0.9], layout: 'anywhere' }),
      beetles({ count: 1, size: [0.8, 0.85], layout: 'heap', around: [0.52, 0.5] }, ['chafer']),
    ],
  },
  {
    name: 'river-stones',
    ...portrait,
    ground: 'sand',
    light: { ...noon, elevation: 40, azimuth: 320 },
    camera: good,
    groups: [
      pebbles({ count: 34, size: [0.1, 0.3], layout: 'anywhere' }),
      leaves({ count: 2, size: [0.3, 0.4], layout: 'scattered' }, ['willow', 'birch'], [2, 4]),
      clutter(twig, { count: 1, size: [0.7, 0.8], layout: 'anywhere' }),
    ],
  },
  {
    name: 'night-find',
    ...landscape,
    ground: 'tile',
    light: { ...lamp, elevation: 30, lamp: [0.55, 0.5] },
    camera: { ...good, whiteBalance: 3800, noise: 1, exposure: -0.5, vignette: 0.5 },
    groups: [
      beetles({ count: 3, size: [0.18, 0.26], layout: 'scattered' }, ['ground', 'leather']),
      leaves({ count: 1, size: [0.3, 0.35], layout: 'scattered' }, ['birch'], [0]),
      clutter(scrap, { count: 1, size: [0.25, 0.3], layout: 'scattered' }),
    ],
  },
  {
    name: 'windowsill',
    ...landscape,
    ground: 'tile',
    light: { ...windowLight, elevation: 18, softness: 0.15, azimuth: 265 },
    camera: { ...good, exposure: 0.4, whiteBalance: 5000 },
    groups: [
      leaves({ count: 4, size: [0.25, 0.45], layout: 'scattered' }, ['willow', 'beech'], [0, 1, 2]),
      seeds({ count: 7, size: [0.07, 0.09], layout: 'scattered' }, ['sunflower', 'pumpkin']),
      pebbles({ count: 2, size: [0.15, 0.22], layout: 'scattered' }),
    ],
  },
  {
    name: 'pavement',
    ...landscape,
    ground: 'concrete',
    light: evening,
    camera: { ...good, motion: 3, noise: 0.2 },
    groups: [
      leaves({ count: 6, size: [0.16, 0.3], layout: 'scattered' }, ['birch', 'oak'], [2, 3, 4]),
      pebbles({ count: 8, size: [0.05, 0.1], layout: 'scattered' }),
      clutter(coin, { count: 1, size: [0.1, 0.1], layout: 'scattered' }),
      clutter(twig, { count: 2, size: [0.3, 0.5], layout: 'scattered' }),
    ],
  },
  {
    name: 'mixed-tray',
    ...landscape,
    ground: 'paper',
    light: { ...overcast, ambient: 0.55 },
    camera: { ...good, whiteBalance: 6500 },
    groups: [
      pebbles({ count: 6, size: [0.1, 0.16], layout: 'touching', around: [0.25, 0.35] }),
      seeds({ count: 10, size: [0.07, 0.1], layout: 'touching', around: [0.72, 0.3] }, ['bean', 'sunflower']),
      leaves({ count: 4, size: [0.2, 0.3], layout: 'heap', around: [0.3, 0.75] }, ['beech', 'birch'], [0, 2, 3]),
      beetles({ count: 4, size: [0.13, 0.18], layout: 'touching', around: [0.75, 0.75] }),
      clutter(nut, { count: 2, size: [0.1, 0.12], layout: 'scattered' }),
    ],
  },
  {
    name: 'under-the-oak',
    ...portrait,
    ground: 'moss',
    light: { ...forest, dapple: 0.55 },
    camera: { ...good, exposure: 0.2, noise: 0.2 },
    groups: [
      leaves({ count: 9, size: [0.28, 0.46], layout: 'anywhere' }, ['oak'], [1, 2, 3, 5]),
      pebbles({ count: 3, size: [0.15, 0.28], layout: 'scattered' }),
      clutter(twig, { count: 2, size: [0.5, 0.8], layout: 'anywhere' }),
      clutter(berry, { count: 4, size: [0.06, 0.08], layout: 'scattered' }),
    ],
  },
  {
    name: 'potato-field',
    ...landscape,
    ground: 'soil',
    light: { ...noon, elevation: 70 },
    camera: { ...good, exposure: 0.3, vignette: 0.1 },
    groups: [
      pebbles({ count: 7, size: [0.06, 0.16], layout: 'scattered' }),
      leaves({ count: 4, size: [0.35, 0.6], layout: 'anywhere' }, ['beech', 'birch'], [0, 1]),
      beetles({ count: 6, size: [0.12, 0.17], layout: 'anywhere' }, ['potato']),
      clutter(grass, { count: 4, size: [0.4, 0.7], layout: 'anywhere' }),
    ],
  },
  {
    name: 'from-above',
    ...landscape,
    ground: 'sand',
    light: { ...overcast, ambient: 0.6 },
    camera: { ...good, blur: 0.6 },
    groups: [
      pebbles({ count: 24, size: [0.04, 0.09], layout: 'scattered' }),
      leaves({ count: 9, size: [0.1, 0.17], layout: 'scattered' }),
      seeds({ count: 12, size: [0.035, 0.05], layout: 'scattered' }, ['pumpkin', 'sunflower']),
      clutter(twig, { count: 5, size: [0.15, 0.35], layout: 'scattered' }),
    ],
  },
  {
    name: 'picnic-blanket',
    ...landscape,
    ground: 'linen',
    light: { ...forest, dapple: 0.6 },
    camera: good,
    groups: [
      leaves({ count: 3, size: [0.3, 0.42], layout: 'scattered' }, ['oak', 'birch'], [0, 3]),
      beetles({ count: 4, size: [0.11, 0.17], layout: 'scattered' }, ['ladybird', 'chafer']),
      clutter(berry, { count: 6, size: [0.07, 0.11], layout: 'touching', around: [0.7, 0.65] }),
      clutter(grass, { count: 3, size: [0.3, 0.6], layout: 'anywhere' }),
    ],
  },
  {
    name: 'bird-feeder',
    ...landscape,
    ground: 'wood',
    light: { ...overcast, azimuth: 100 },
    camera: { ...good, exposure: -0.2, noise: 0.3 },
    groups: [
      seeds({ count: 46, size: [0.07, 0.1], layout: 'anywhere' }, ['sunflower', 'sunflower', 'pumpkin']),
      clutter(berry, { count: 2, size: [0.08, 0.1], layout: 'anywhere' }),
      leaves({ count: 1, size: [0.3, 0.35], layout: 'scattered' }, ['birch'], [4]),
    ],
  },
  {
    name: 'stone-wall',
    ...landscape,
    ground: 'slate',
    light: { ...evening, azimuth: 350 },
    camera: { ...good, whiteBalance: 5000 },
    groups: [
      leaves({ count: 5, size: [0.22, 0.4], layout: 'anywhere' }, ['willow', 'birch'], [1, 3, 4]),
      beetles({ count: 3, size: [0.15, 0.2], layout: 'scattered' }, ['potato', 'ladybird', 'chafer']),
      pebbles({ count: 2, size: [0.1, 0.2], layout: 'scattered' }),
      clutter(needles, { count: 6, size: [0.15, 0.3], layout: 'anywhere' }),
    ],
  },
  {
    name: 'laboratory',
    ...portrait,
    ground: 'paper',
    light: { ...lamp, kelvin: 4300, ambient: 0.4, lamp: [0.3, 0.25] },
    camera: { ...good, whiteBalance: 4600, exposure: 0.25 },
    groups: [
      clutter(scrap, { count: 2, size: [0.25, 0.32], layout: 'scattered' }),
      leaves({ count: 3, size: [0.4, 0.5], layout: 'scattered' }, ['oak', 'beech', 'willow'], [1]),
      beetles({ count: 2, size: [0.2, 0.26], layout: 'anywhere' }, ['leather', 'ladybird']),
      clutter(coin, { count: 1, size: [0.14, 0.14], layout: 'scattered' }),
    ],
  },
  {
    name: 'rain',
    ...landscape,
    ground: 'concrete',
    light: { ...overcast, kelvin: 7500, ambientKelvin: 8500 },
    camera: { ...good, exposure: -0.4, noise: 0.6, blur: 0.8 },
    groups: [
      pebbles({ count: 4, size: [0.2, 0.34], layout: 'anywhere' }),
      leaves({ count: 5, size: [0.24, 0.4], layout: 'heap', around: [0.6, 0.55] }, ['beech', 'oak'], [2, 3, 5]),
      beetles({ count: 1, size: [0.18, 0.2], layout: 'scattered' }, ['ground']),
    ],
  },
  {
    name: 'beetle-meeting',
    width: 512,
    height: 512,
    ground: 'moss',
    light: { ...noon, azimuth: 60, elevation: 45 },
    camera: { ...good, vignette: 0.3 },
    groups: [
      clutter(needles, { count: 7, size: [0.2, 0.35], layout: 'anywhere' }),
      beetles({ count: 8, size: [0.17, 0.26], layout: 'touching', around: [0.45, 0.5] }),
      clutter(twig, { count: 2, size: [0.5, 0.7], layout: 'anywhere' }),
      seeds({ count: 3, size: [0.09, 0.12], layout: 'scattered' }, ['bean', 'pumpkin']),
    ],
  },
]
