-- AlterTable
ALTER TABLE "learners" ADD COLUMN     "referral_code" TEXT,
ADD COLUMN     "reminder_hour" INTEGER;

-- AlterTable
ALTER TABLE "addresses" ADD COLUMN     "messages" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "reminders" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "coupons" ADD COLUMN     "reserved_for" UUID,
ADD COLUMN     "reserved_until" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "orders" ADD COLUMN     "charge_id" TEXT;

-- AlterTable
ALTER TABLE "outbox_messages" ADD COLUMN     "community_id" UUID,
ADD COLUMN     "thread" TEXT,
ALTER COLUMN "learner_id" DROP NOT NULL;

-- AlterTable
ALTER TABLE "conversations" ADD COLUMN     "learner_id" UUID;

-- CreateTable
CREATE TABLE "link_codes" (
    "hash" TEXT NOT NULL,
    "learner_id" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "link_codes_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "former_ids" (
    "id" UUID NOT NULL,
    "learner_id" UUID NOT NULL,
    "referral_code" TEXT,

    CONSTRAINT "former_ids_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "referrals" (
    "referred_id" UUID NOT NULL,
    "referrer_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "credited_at" TIMESTAMPTZ(3),

    CONSTRAINT "referrals_pkey" PRIMARY KEY ("referred_id")
);

-- CreateTable
CREATE TABLE "quiz_questions" (
    "id" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "level" TEXT NOT NULL,
    "question" JSONB NOT NULL,
    "options" JSONB NOT NULL,
    "correct" INTEGER NOT NULL,
    "simulated" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "quiz_questions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invoices" (
    "id" UUID NOT NULL,
    "learner_id" UUID,
    "course_id" TEXT NOT NULL,
    "coupon_id" UUID,
    "list_minor" INTEGER NOT NULL,
    "paid_minor" INTEGER NOT NULL,
    "currency" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "circumstances" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "approved_at" TIMESTAMPTZ(3),

    CONSTRAINT "invoices_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "campaign_drafts" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "plan" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "campaign_drafts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "communities" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "channel" TEXT NOT NULL,
    "chat" TEXT NOT NULL,
    "title" TEXT NOT NULL DEFAULT '',
    "trusted" BOOLEAN NOT NULL DEFAULT false,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "settings" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "communities_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "course_threads" (
    "community_id" UUID NOT NULL,
    "course_id" TEXT NOT NULL,
    "thread" TEXT NOT NULL,

    CONSTRAINT "course_threads_pkey" PRIMARY KEY ("community_id","course_id")
);

-- CreateTable
CREATE TABLE "challenges" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "community_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "first_day" DATE NOT NULL,
    "last_day" DATE NOT NULL,
    "time_zone" TEXT NOT NULL,
    "days_needed" INTEGER NOT NULL,
    "percent" INTEGER NOT NULL,
    "coupon_days" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'open',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "challenges_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "challenge_members" (
    "challenge_id" UUID NOT NULL,
    "learner_id" UUID NOT NULL,
    "joined_at" TIMESTAMPTZ(3) NOT NULL,
    "shown_as" TEXT,
    "rewarded_at" TIMESTAMPTZ(3),

    CONSTRAINT "challenge_members_pkey" PRIMARY KEY ("challenge_id","learner_id")
);

-- CreateTable
CREATE TABLE "questions" (
    "id" BIGSERIAL NOT NULL,
    "learner_id" UUID NOT NULL,
    "words" TEXT,
    "intent" TEXT,
    "sentiment" TEXT,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "answered_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "questions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "updates" (
    "channel" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "payload" JSONB,
    "answer" JSONB,
    "sent" INTEGER NOT NULL DEFAULT 0,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "updates_pkey" PRIMARY KEY ("channel","id")
);

-- CreateTable
CREATE TABLE "press_tokens" (
    "token" TEXT NOT NULL,
    "press" TEXT NOT NULL,
    "used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "press_tokens_pkey" PRIMARY KEY ("token")
);

-- CreateTable
CREATE TABLE "sent_messages" (
    "channel" TEXT NOT NULL,
    "chat" TEXT NOT NULL,
    "platform_id" TEXT NOT NULL,
    "learner_id" UUID,
    "course" TEXT,
    "ref" TEXT,
    "pages" JSONB,
    "sent_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sent_messages_pkey" PRIMARY KEY ("channel","chat","platform_id")
);

-- CreateTable
CREATE TABLE "platform_files" (
    "channel" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "file_id" TEXT NOT NULL,
    "used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "platform_files_pkey" PRIMARY KEY ("channel","hash")
);

-- CreateTable
CREATE TABLE "polls" (
    "channel" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "learner_id" UUID NOT NULL,
    "chat" TEXT NOT NULL,
    "presses" TEXT[],
    "sent_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "polls_pkey" PRIMARY KEY ("channel","id")
);

-- CreateIndex
CREATE INDEX "link_codes_learner_id_idx" ON "link_codes"("learner_id");

-- CreateIndex
CREATE INDEX "former_ids_learner_id_idx" ON "former_ids"("learner_id");

-- CreateIndex
CREATE UNIQUE INDEX "former_ids_referral_code_key" ON "former_ids"("referral_code");

-- CreateIndex
CREATE INDEX "referrals_referrer_id_idx" ON "referrals"("referrer_id");

-- CreateIndex
CREATE INDEX "quiz_questions_topic_idx" ON "quiz_questions"("topic");

-- CreateIndex
CREATE INDEX "invoices_learner_id_idx" ON "invoices"("learner_id");

-- CreateIndex
CREATE UNIQUE INDEX "campaign_drafts_name_key" ON "campaign_drafts"("name");

-- CreateIndex
CREATE UNIQUE INDEX "communities_channel_chat_key" ON "communities"("channel", "chat");

-- CreateIndex
CREATE INDEX "challenges_community_id_idx" ON "challenges"("community_id");

-- CreateIndex
CREATE INDEX "challenge_members_learner_id_idx" ON "challenge_members"("learner_id");

-- CreateIndex
CREATE INDEX "questions_learner_id_idx" ON "questions"("learner_id");

-- CreateIndex
CREATE INDEX "updates_channel_done_at_idx" ON "updates"("channel", "done_at");

-- CreateIndex
CREATE INDEX "sent_messages_learner_id_idx" ON "sent_messages"("learner_id");

-- CreateIndex
CREATE INDEX "sent_messages_sent_at_idx" ON "sent_messages"("sent_at");

-- CreateIndex
CREATE INDEX "polls_learner_id_idx" ON "polls"("learner_id");

-- CreateIndex
CREATE UNIQUE INDEX "learners_referral_code_key" ON "learners"("referral_code");

-- CreateIndex
CREATE UNIQUE INDEX "orders_charge_id_key" ON "orders"("charge_id");

-- CreateIndex
CREATE INDEX "conversations_learner_id_idx" ON "conversations"("learner_id");

-- AddForeignKey
ALTER TABLE "link_codes" ADD CONSTRAINT "link_codes_learner_id_fkey" FOREIGN KEY ("learner_id") REFERENCES "learners"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "former_ids" ADD CONSTRAINT "former_ids_learner_id_fkey" FOREIGN KEY ("learner_id") REFERENCES "learners"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "referrals" ADD CONSTRAINT "referrals_referred_id_fkey" FOREIGN KEY ("referred_id") REFERENCES "learners"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "referrals" ADD CONSTRAINT "referrals_referrer_id_fkey" FOREIGN KEY ("referrer_id") REFERENCES "learners"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_learner_id_fkey" FOREIGN KEY ("learner_id") REFERENCES "learners"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "course_threads" ADD CONSTRAINT "course_threads_community_id_fkey" FOREIGN KEY ("community_id") REFERENCES "communities"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "challenges" ADD CONSTRAINT "challenges_community_id_fkey" FOREIGN KEY ("community_id") REFERENCES "communities"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "challenge_members" ADD CONSTRAINT "challenge_members_challenge_id_fkey" FOREIGN KEY ("challenge_id") REFERENCES "challenges"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "challenge_members" ADD CONSTRAINT "challenge_members_learner_id_fkey" FOREIGN KEY ("learner_id") REFERENCES "learners"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "questions" ADD CONSTRAINT "questions_learner_id_fkey" FOREIGN KEY ("learner_id") REFERENCES "learners"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "outbox_messages" ADD CONSTRAINT "outbox_messages_community_id_fkey" FOREIGN KEY ("community_id") REFERENCES "communities"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_learner_id_fkey" FOREIGN KEY ("learner_id") REFERENCES "learners"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sent_messages" ADD CONSTRAINT "sent_messages_learner_id_fkey" FOREIGN KEY ("learner_id") REFERENCES "learners"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "polls" ADD CONSTRAINT "polls_learner_id_fkey" FOREIGN KEY ("learner_id") REFERENCES "learners"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A message goes to one person or to one community.
ALTER TABLE "outbox_messages" ADD CONSTRAINT "outbox_messages_one_receiver"
  CHECK (("learner_id" IS NULL) <> ("community_id" IS NULL));

-- Until now there was one channel: who agreed to messages agreed to them there.
UPDATE "addresses" SET "messages" = true FROM "learners"
WHERE "learners"."id" = "addresses"."learner_id" AND "learners"."messages";

UPDATE "conversations" SET "learner_id" = "addresses"."learner_id" FROM "addresses"
WHERE "addresses"."channel" = "conversations"."channel" AND "addresses"."chat" = "conversations"."chat";
