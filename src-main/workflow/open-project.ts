import type { Class } from '../contract/index.ts'
import { Project, type ScanSummary } from '../project/index.ts'
import { chosenWeights } from './choose-weights.ts'
import type { Operation } from './operation.ts'

/** What is in a project, at a glance. */
export interface ProjectOverview {
  folder: string
  dataFolder: string
  /** In the folder. */
  images: number
  usableImages: number
  labelledImages: number
  classes: (Class & { accepted: number; drafts: number })[]
  runs: number
  /** The architecture of the chosen weights. */
  weights: { file: string | null; architecture: string } | null
}

export interface OpenProjectOptions extends Operation {
  /** Make the project where there is none. */
  create?: boolean
  /** Where its data is kept instead of in the folder. */
  dataFolder?: string
}

/** Opens the project of a folder and brings it up to date with the folder. The caller closes it. */
export async function openProject(
  folder: string,
  { create, dataFolder, ...operation }: OpenProjectOptions = {},
): Promise<{ project: Project; scan: ScanSummary }> {
  const project = await Project.open(folder, {
    ...(create !== undefined && { create }),
    ...(dataFolder !== undefined && { dataFolder }),
  })
  try {
    return { project, scan: await project.scan(operation) }
  } catch (error) {
    project.close()
    throw error
  }
}

export function describeProject(project: Project): ProjectOverview {
  const { store } = project
  const counts = store.annotations.counts()
  const countOf = (classId: number, state: string) =>
    counts
      .filter((count) => count.classId === classId && count.state === state)
      .reduce((sum, { count }) => sum + count, 0)
  const weights = chosenWeights(project)
  return {
    folder: project.folder,
    dataFolder: project.dataFolder,
    images: store.images.count(),
    usableImages: store.images.count({ usable: true }),
    labelledImages: store.images.countLabelled(),
    classes: store.classes
      .all()
      .map((each) => ({ ...each, accepted: countOf(each.id, 'accepted'), drafts: countOf(each.id, 'draft') })),
    runs: store.runs.all().length,
    weights: weights && {
      file: 'file' in weights.weights ? weights.weights.file : null,
      architecture: weights.model.architecture,
    },
  }
}
