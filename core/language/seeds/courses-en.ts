import type { IntentSeeds } from './seed.ts';

/** Utterances about courses, English. Apart by `|`; `{t}` is filled with topics. */
export const coursesEn: IntentSeeds = {
  recommend: `recommend me something | what should i learn next | any suggestions? | suggest a course for me | got anything good for me? | i don't know what to learn | what do you recommend
    | recommend some {t} courses | show me something new | surprise me | what's good today | pick a course for me | recomend me a course | what else do you have for me | give me some ideas
    | i want to learn {t}, what do you suggest | which {t} course would you recommend for a beginner | more recommendations please | show me more | next batch | other options? | something else please
    | what's popular | what's trending right now | best courses this week | i'm bored, what can i study | recommend | recommendations | suggestions pls | what would suit me | what fits my level | let me look around | just browsing | what courses do you have
    | can you recommend a good course on {t} | i want to level up my {t} skills, where do i start | what should i take after this | help me choose a course | anything worth learning lately? | give me three courses`,
  search: `find {t} | search {t} | search for {t} courses | any courses about {t}? | do you have anything on {t} | looking for {t} | i'm looking for a course on {t} | is there a {t} class | look up {t}
    | show me {t} courses | find me {t} tutorials | got any {t} courses? | where can i find {t} | {t} courses | {t} tutorial | {t} for beginners | intro to {t} | advanced {t} | courses on {t}
    | which courses do you have about {t} | list all {t} courses | i need a {t} course | searching for {t} lessons | serch {t} | can you find something on {t} | do you teach {t} | have you got {t}
    | what {t} classes are there | find a course by the teacher of {t} | any free {t} course | cheap {t} courses | search courses | i want to search for something | find a course | learn {t} | how to learn {t} | show {t}`,
  course: `tell me more about the first one | more about this course | details please | what is this course about | who teaches it | how long is it | how much does it cost | what's the price
    | show me the second one | open number 3 | what level is it | is it for beginners | more info on the {t} course | describe it | what does this course cover | what will i learn in it | the syllabus please
    | tell me about {t} for the office | show the card of this course | is it in english | how many hours does it take | who is the instructor | price of the second one? | details of the last one | info
    | can you tell me more | what's in the {t} course | course details | read me the description | how difficult is this one | is this course free? | when was it published | the third one looks interesting, tell me more`,
  similar: `more like this | similar courses | anything like this one? | show me similar ones | what else is like that | something similar | find courses like the first one | courses similar to {t} basics
    | more of the same | like this but easier | others like it | related courses | what's related to this course | alternatives to this one | give me something close to that | similar to the second
    | i liked this, more please like it | other courses of this kind | show related | do you have anything comparable | similiar courses | same kind of course | what goes well with this course
    | people who took this also took what | what do others take after this one | any alternative | i want one like {t} essentials | similar to what i just finished | like that one | more in this style`,
  rate: `rate it 5 stars | 4 stars | i give it a 3 | five stars | rate this course | i want to rate it | i'd give it 4 out of 5 | 5/5 | 2 stars, too slow | my rating is 4 | give the course three stars
    | rating: 5 | rate the first one 4 | leave a rating | how do i rate a course | 1 star | one star for this | i rate {t} 5 | let me score it | score 4 | put down 5 stars for the last course | rate 3
    | mark it 2 out of 5 | 3 out of 5 for the {t} course | i want to leave a review | can i review this | full marks | four stars from me | rate my course | thumbs up, 5 stars | give it a 1 | that course was terrible | this course is great | great course | i loved this course`,
  save: `save it | save for later | bookmark this | add to my list | keep it for later | add it to favourites | put it on my wishlist | save the second one | bookmark the first one | remember this course for me
    | i'll look at it later, save it | favorite this | add to wishlist | save this course | star this for later | keep this one | can you save it for me | pin this | save {t} for later | watch list please
    | i want to come back to this one later | put it aside for me | add the third to saved | mark as favourite | save that | not now but save it | bookmark | save both of them | let me keep it in my list | store it in favorites`,
  dismiss: `not interested | i don't like this one | don't show me this again | hide this course | remove this from my recommendations | not for me | skip this one | no more {t} please | i'm not into {t}
    | this one is boring | never show it again | hide the second one | i don't want this course | dismiss | too basic for me, hide it | not my thing | stop recommending {t} | i already know {t}, hide it
    | this isn't relevant | bad suggestion | irrelevant | nope not this course | get rid of this one | don't recommend this anymore | i hate this one | take it off my list | not what i want | uninterested
    | less {t} please | i've seen this already, remove it | pass on this one | the first is not for me | i hate this | i hate it`,
  buy: `buy it | i want to buy this | i'll take it | purchase the first one | enroll me | sign me up | how do i pay | checkout | buy the second course | order it | get this course | i want to enroll in {t}
    | buy {t} | can i buy it now | i'd like to purchase this course | pay for it | take my money | use my coupon and buy | buy with code SAVE20 | apply coupon ABC123 | redeem my code | use code WELCOME10 | sign up for this course
    | join this class | let me enrol | purchase | i want this one | add to cart and pay | give me the course | i've decided to buy | redeem coupon | buy now | how can i get access to this course | ok i'll buy it | register for the {t} course`,
  progress: `i'm halfway through | 30% done | i've finished half of it | update my progress | i'm at 80 percent | i watched 3 chapters | mark 50% | i've done 20% of {t} | progress 40 | i'm on lesson 5 | still going, about 60%
    | record my progress | set progress to 75% | a quarter done | i got through most of it | i've completed half the {t} course | just started it | i'm a third of the way | started the first one, 10% in | how far am i
    | log my progress | i studied two lessons today | i watched the first part | reached chapter 4 | i'm 90% through | almost done with it | got to 35% | i made progress | i'm in the middle of it | track my learning`,
  complete: `i finished it | i've completed the course | done with the course | mark as complete | i'm finished with {t} | finished! | completed | i just finished the first one | all done, course complete | i got to the end
    | mark it as done | i've watched everything | course finished | i completed {t} yesterday | just completed the last lesson | finished the whole thing | i'm done with this course | 100% done | complete the course | i made it to the end
    | mark {t} as finished | i have finished learning it | finally finished | the course is over | wrapped up the course | i've gone through all lessons | i passed the final lesson | done learning this one | mark complete | finished watching | i have finished | i finished this course`,
  my_courses: `my courses | what have i bought | show my courses | which courses do i have | my learning | list my purchases | what am i studying | my saved courses | my library | where are my courses
    | courses i own | open my courses | what did i buy last time | show what i've enrolled in | my wishlist | what did i save | see my classes | my orders | order history | my bookmarks | how many courses have i finished
    | continue learning | where did i leave off | my list | courses in progress | show my saved ones | what i've learned so far | my stuff | purchases | mycourses`,
};
