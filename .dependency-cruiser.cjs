// The house's arrows: app → bots → queue → core → prisma, and inside core one order of rooms.
const coreRooms = [
  'privacy',
  'evaluate',
  'campaign',
  'insight',
  'recommend',
  'interest',
  'behaviour',
  'catalogue',
  'learner',
  'language',
  'numerics',
];
const layers = ['app', 'bots', 'queue', 'core', 'prisma'];

const backwards = layers.slice(1).map((layer, index) => ({
  name: `${layer}-looks-left`,
  comment: `${layer}/ may import only what stands to its right: ${layers.join(' → ')}`,
  severity: 'error',
  from: { path: `^${layer}/` },
  to: { path: `^(${layers.slice(0, index + 1).join('|')})/` },
}));
const backwardsInCore = coreRooms.slice(1).map((room, index) => ({
  name: `core-${room}-looks-left`,
  comment: `Rooms of core import to the right only: ${coreRooms.join(' → ')}`,
  severity: 'error',
  from: { path: `^core/${room}/` },
  to: { path: `^core/(${coreRooms.slice(0, index + 1).join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...backwards,
    ...backwardsInCore,
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphan',
      severity: 'error',
      from: {
        orphan: true,
        path: '^(app|bots|queue|core|prisma)/',
        pathNot: '(worker\\.ts|\\.as\\.ts|page/main\\.ts|new-migration\\.ts|coursebell\\.js)$',
      },
      to: {},
    },
    {
      name: 'only-stores-touch-the-database',
      comment: 'The database work of a room stands in its store.ts',
      severity: 'error',
      from: { path: '^(core|bots)/', pathNot: '/store\\.ts$' },
      to: { path: '^(prisma/generated|node_modules/(pg|@prisma))', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-queue-knows-bullmq',
      severity: 'error',
      from: { path: '^(app|bots|core|prisma)/' },
      to: { path: 'node_modules/(bullmq|ioredis)/' },
    },
    {
      name: 'conversation-knows-no-platform',
      severity: 'error',
      from: { path: '^bots/conversation/' },
      to: { path: '^(bots/(web|telegram|discord|console)/|node_modules/(fastify|telegraf|discord))' },
    },
    {
      name: 'product-never-imports-tests',
      severity: 'error',
      from: { path: '^(app|bots|queue|core|prisma)/' },
      to: { path: '^(test|bench)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'prisma/generated/internal' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.json'] },
  },
};
