import type { Command } from 'commander'
import { chooseWeights, fetchPublished, isPublished, publishedNames } from '../workflow/index.ts'
import { newProjectCommand, performOnProject, type ProjectOptions } from './project.ts'

export function weightsCommand(): Command {
  return newProjectCommand('weights', 'use these weights in the project from now on')
    .argument(
      '<weights>',
      `a file (.safetensors, .npz, or .pth of PyTorch) of a ViT with names as timm, DINO or CrIBo have them, or weights of CrIBo's authors to download: ${publishedNames.join(', ')}`,
    )
    .action((folder: string, weights: string, options: ProjectOptions) =>
      performOnProject(folder, options, async ({ terminal, engine, operation, project }) => {
        const file = isPublished(weights) ? await fetchPublished(engine, weights, operation) : weights
        const { model } = await chooseWeights(project, engine, { file }, operation)
        terminal.print(`${model.architecture}, fingerprint ${model.fingerprint.slice(0, 16)}`)
        return { result: { file, ...model } }
      }),
    )
}
