#!/usr/bin/env node
// The `coursebell` command: registers the TypeScript loader, then runs the command line.
import { register } from 'tsx/esm/api';

register();
await import('./cli.ts');
