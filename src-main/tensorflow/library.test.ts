import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'

it('says that TensorFlow is missing, and what to do, where it is not installed', () => {
  const checkout = mkdtempSync(join(tmpdir(), 'library-test-'))
  try {
    for (const part of ['contract', 'tensorflow/library.ts']) {
      cpSync(resolve('src-main', part), join(checkout, 'src-main', part), { recursive: true })
    }
    cpSync(resolve('package.json'), join(checkout, 'package.json'))
    cpSync(resolve('node_modules/zod'), join(checkout, 'node_modules/zod'), { recursive: true })
    const library = pathToFileURL(join(checkout, 'src-main/tensorflow/library.ts')).href
    const script = `import(${JSON.stringify(library)}).catch(({ code, message, advice }) => console.log(JSON.stringify({ code, message, advice })))`
    const said: unknown = JSON.parse(
      execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', stdio: 'pipe' }),
    )
    expect(said).toEqual({
      code: 'tensorflow-missing',
      message: expect.stringContaining("Cannot find module '@tensorflow/tfjs-node-gpu'") as string,
      advice: expect.stringContaining('npm start') as string,
    })
  } finally {
    rmSync(checkout, { recursive: true })
  }
})
