import { trainClassifier } from './classifier.ts';
import { sentimentExamples } from './seeds/sentiment.ts';
import { toneOf } from './sentiment-lexicon.ts';

export type SentimentName = 'positive' | 'neutral' | 'negative';

export interface Feeling {
  sentiment: SentimentName;
  /** How far the best reading is ahead of the second, ≥ 0; below 0.3 it is a guess. */
  margin: number;
}

export interface Sentiment {
  /** Of a short reply in Chinese or English. Never throws. */
  sentiment(text: string): Feeling;
}

const LONGEST = 500;
const RULED = 2;
const HAPPY = /^(?:👍|❤️?|😍|🥰|😊|😀|😄|😁|🎉|👏|💯|🙏|🤩|😃|🌹|[★⭐]{4,5})+$/u;
const UNHAPPY = /^(?:👎|😡|😠|🤬|😞|😢|😭|💩|🙄|😒|😤|🤮|[★⭐]{1,2})+$/u;

/** Rules for emoji and stars, then a classifier over our own labelled replies that also sees a lexicon. */
export function createSentiment(): Sentiment {
  const classifier = trainClassifier(sentimentExamples(), { signs: signsOf });
  return {
    sentiment(text) {
      const said = text.trim().slice(0, LONGEST);
      const bare = said.replace(/\s|\ufe0f|\p{Emoji_Modifier}/gu, '');
      if (HAPPY.test(bare)) return { sentiment: 'positive', margin: RULED };
      if (UNHAPPY.test(bare)) return { sentiment: 'negative', margin: RULED };
      if (!/\p{L}/u.test(said)) return { sentiment: 'neutral', margin: 0 };
      const { label, margin, next } = classifier.classify(said);
      return { sentiment: label as SentimentName, margin: margin - (next?.margin ?? margin) };
    },
  };
}

function signsOf(text: string): string[] {
  const { praise, blame } = toneOf(text);
  const balance = praise > blame ? 'praise' : praise < blame ? 'blame' : praise > 0 ? 'both' : 'plain';
  return [`tone ${balance}`, ...(text.includes('?') || text.includes('？') ? ['question'] : [])];
}
