-- AlterTable
ALTER TABLE "model_versions" ADD COLUMN     "decision" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "promoted_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "behaviour_models" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "data" JSONB NOT NULL,
    "metrics" JSONB NOT NULL,
    "artefact" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "behaviour_models_pkey" PRIMARY KEY ("id")
);
