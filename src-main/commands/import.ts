import { Option, type Command } from 'commander'
import { importAnnotations, type FormatName } from '../workflow/index.ts'
import { parseList } from './option-parsers.ts'
import { newProjectCommand, performOnProject, type ProjectOptions } from './project.ts'

interface ImportCommandOptions extends ProjectOptions {
  format: FormatName
  classes?: string
  only?: string[]
  regions?: string[]
  apart?: true
}

export function importCommand(): Command {
  return newProjectCommand('import', 'take annotations from a file or a folder into the project, as a run')
    .argument('<source>', 'a COCO file, or a folder of index PNGs (pixel value = class id)')
    .addOption(new Option('--format <format>', 'what the source is').choices(['coco', 'masks']).makeOptionMandatory())
    .option('--classes <file>', '"id name" lines, for masks; else classes.txt in the source')
    .option('--only <images>', 'only what belongs to these images: a.jpg,b.jpg', parseList)
    .option(
      '--regions <names>',
      'these classes have one mask an image, their objects are not told apart: sky,road',
      parseList,
    )
    .option('--apart', 'masks: every connected part of a class is an annotation, instead of all of it in an image')
    .action(
      (folder: string, source: string, { format, classes, only, regions, apart, ...options }: ImportCommandOptions) =>
        performOnProject(folder, options, async ({ terminal, operation, project }) => {
          const summary = await importAnnotations(project, {
            ...{ source, format, ...operation },
            ...(classes !== undefined && { classesFile: classes }),
            ...(only && { only }),
            ...(regions && { regions }),
            ...(apart && { apart }),
          })
          terminal.print(
            `run ${summary.runId}: ${summary.annotations} annotations on ${summary.images} images, ${summary.alreadyThere} were there already`,
          )
          if (summary.newClasses.length > 0) terminal.print(`new classes: ${summary.newClasses.join(', ')}`)
          for (const warning of summary.warnings) terminal.print(`  left out: ${warning}`)
          return { result: summary }
        }),
    )
}
