import eslint from '@eslint/js'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

/**
 * The arrows between the folders of src-main, lowest first: a folder may import from the doors (index.ts) of the folders it
 * lists and from nowhere else. The ways in (src-main/*.ts) may import from every door.
 *
 * @type {Record<string, string[]>}
 */
const arrows = {
  contract: [],
  installation: ['contract'],
  threads: ['contract'],
  masks: ['contract'],
  images: ['contract', 'masks'],
  formats: ['contract', 'masks', 'images'],
  project: ['contract', 'masks', 'images'],
  tensorflow: ['contract', 'installation'],
  cribo: ['contract', 'threads', 'images', 'tensorflow'],
  retrieval: ['contract', 'threads', 'masks', 'images', 'tensorflow', 'cribo'],
  jobs: ['contract', 'masks', 'images', 'tensorflow', 'cribo', 'retrieval', 'installation'],
  workflow: [
    'contract',
    'masks',
    'images',
    'formats',
    'project',
    'tensorflow',
    'cribo',
    'retrieval',
    'jobs',
    'installation',
  ],
  services: ['contract', 'masks', 'images', 'project', 'workflow'],
  server: ['contract', 'installation', 'services'],
  desktop: ['contract', 'installation'],
  commands: ['contract', 'installation', 'project', 'workflow', 'services', 'server'],
}

const folders = Object.keys(arrows)

/** @type {import('eslint').Linter.Config[]} */
const arrowRules = folders.map((folder) => ({
  files: [`src-main/${folder}/**/*.ts`],
  ignores: ['**/*.test.ts'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: folders
              .filter((other) => other !== folder && !arrows[folder].includes(other))
              .map((other) => `../**/${other}/**`),
            message: `${folder}/ may import only from: ${arrows[folder].join(', ') || 'itself'}.`,
          },
          {
            regex: `^\\.\\./(\\.\\./)*(${folders.filter((other) => other !== folder).join('|')})/(?!(index|without-tensorflow)\\.ts$)`,
            message: "A folder's door is its index.ts; without-tensorflow.ts is one for those who load no TensorFlow.",
          },
          ...(folder === 'desktop'
            ? []
            : [{ group: ['electron'], message: 'Only index.ts, preload.ts and desktop/ import electron.' }]),
          ...(folder === 'tensorflow'
            ? []
            : [{ group: ['@tensorflow/*'], message: 'tensorflow/ is the only place that knows TensorFlow.' }]),
          ...(folder === 'contract' || folder === 'masks'
            ? [{ group: ['node:*'], message: `${folder}/ is shared with the page: no Node.` }]
            : []),
        ],
      },
    ],
  },
}))

export default defineConfig(
  { ignores: ['out/', 'node_modules/', 'tests/output/'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-console': ['error', { allow: ['error', 'warn'] }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: { globalThis: 'readonly', require: 'readonly', URL: 'readonly', Buffer: 'readonly' },
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
  {
    files: ['src-main/commands/**', 'scripts/**', 'tests/**'],
    rules: { 'no-console': 'off' },
  },
  ...arrowRules,
)
