import { execFileSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder } from '../../src-main/installation/index.ts'

const requirements = join(import.meta.dirname, 'pytorch-requirements.txt')

/** A Python with PyTorch, in a cache of its own: some 5 GB, brought once. */
export function providePytorch(): string {
  const folder = join(cacheFolder(), 'bench-pytorch')
  const python = join(folder, 'bin', 'python')
  const complete = join(folder, 'complete')
  if (existsSync(complete)) return python
  process.stderr.write('Bringing PyTorch for the comparison: some 5 GB, once.\n')
  rmSync(folder, { recursive: true, force: true })
  execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' })
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--require-hashes', '--no-deps', '-r', requirements], {
    stdio: 'inherit',
  })
  execFileSync('touch', [complete])
  return python
}
