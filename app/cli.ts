import { Command } from 'commander';
import packageFile from '../package.json' with { type: 'json' };
import { commands } from './commands/index.ts';

const program = new Command('coursebell')
  .description('A chatbot learning assistant for paid-knowledge communities')
  .version(packageFile.version)
  .showHelpAfterError('(coursebell --help lists the commands)');
for (const register of commands) register(program);
for (const command of program.commands) {
  command.showHelpAfterError(`(coursebell ${command.name()} --help explains its options)`);
}

try {
  await program.parseAsync();
} catch (error) {
  const { explain } = await import('./explain.ts');
  console.error(explain(error));
  process.exitCode = 1;
}
