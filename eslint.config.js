import eslint from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['node_modules/', 'prisma/generated/', '.coursebell/', 'coverage/', '**/*.as.ts'] },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Dense numeric code indexes arrays whose bounds it has just set.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
    },
  },
  {
    // The house keeps these pure: time, chance and I/O come in as arguments.
    files: ['core/**/*.ts'],
    ignores: ['core/**/store.ts', 'core/**/files.ts', 'core/**/worker.ts', 'core/**/backend.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Core is pure: take the time as an argument.' },
        { object: 'Math', property: 'random', message: 'Core is pure: take a seeded generator as an argument.' },
        { object: 'process', property: 'env', message: 'Core is pure: take settings as arguments.' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
          message: 'Core is pure: pass the time in.',
        },
      ],
    },
  },
  { files: ['**/*.js', '**/*.cjs'], extends: [tseslint.configs.disableTypeChecked] },
  { files: ['**/*.cjs'], languageOptions: { globals: { module: 'readonly', require: 'readonly' } } },
  { files: ['app/coursebell.js'], languageOptions: { globals: { process: 'readonly' } } },
  prettier,
);
