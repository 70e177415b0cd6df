import type { Command } from 'commander'
import { chooseWeights } from '../workflow/index.ts'
import { newProjectCommand, performOnProject, type ProjectOptions } from './project.ts'

export function weightsCommand(): Command {
  return newProjectCommand('weights', 'use these weights in the project from now on')
    .argument('<file>', 'ViT weights: .safetensors, or .npz; with names as timm, DINO or CrIBo have them')
    .action((folder: string, file: string, options: ProjectOptions) =>
      performOnProject(folder, options, async ({ terminal, engine, operation, project }) => {
        const { model } = await chooseWeights(project, engine, { file }, operation)
        terminal.print(`${model.architecture}, fingerprint ${model.fingerprint.slice(0, 16)}`)
        return { result: { file, ...model } }
      }),
    )
}
