"""What gives away text that speaks to the grader instead of answering: patterns, by what they pose as.

All of them but the marks are searched in folded text (lower case, plain quotes and spaces, no accents). They
ask for an order, a claim about this very answer, or a forged message. The bare words (prompt, system, score,
ignore) are no sign: many honest answers are about such things.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Sign(StrEnum):
    """What a passage does that no answer needs to do; the words are for people."""

    OVERRIDE = "tells the grader to drop its instructions"
    ADDRESS = "speaks to the grader"
    DEMAND = "asks for a verdict or a score"
    CLAIM = "passes judgement on the answer itself"
    FORGERY = "poses as a message, a result or a mark-up of the grader"
    DISGUISE = "hides text from the reader"


def any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns))


# Where an order begins: at the start of a clause, or after a word that makes it one.
_ORDER = (
    r"(?:^|[.!?:;,*#>|()\[\]{}\"'/-]\s*|\b(?:please|kindly|now|just|simply|always|instead|and|then|so|"
    r"therefore|"
    r"only|you (?:must|should|shall|will|can|may|are to|need to|have to|ought to)|must|instructed to|"
    r"(?:task|job|role|goal|duty|objective) (?:here |now )?is to|(?:want|need|ask|beg|expect|order|"
    r"require) you to|"
    r"able to|free to|sure to|required to|let's|let us|would you|could you|can you|will you) )"
)
_GRADER = (
    r"(?:(?:ai|llm|automated|automatic|language|human|grading|scoring|evaluation|kind|fair|great|"
    r"honou?rable) )*"
    r"(?:grader|evaluator|examiner|assessor|scorer|marker|judge|grading (?:model|system|ai|assistant|bot|"
    r"engine)|"
    r"evaluation (?:model|system|bot)|scoring (?:model|system|bot)|interviewer bot)s?"
)
_MACHINE = (
    rf"(?:{_GRADER}|ai|a\.i\.|llm|language model|ai model|ai assistant|assistant|chatbot|chatgpt|gpt|"
    rf"claude|"
    r"model)"
)
_THIS = (
    r"(?:(?:this|my|the (?:above|following|preceding|given|submitted|candidate'?s?|student'?s?|whole|"
    r"entire)) "
    r"(?:\w+ )?(?:answer|response|submission|reply|text|solution)s?|the answer (?:above|below|here)|this "
    r"candidate|"
    r"this one|this student|it all|(?:everything|all|anything) (?:i|the candidate) (?:wrote|said|say|"
    r"write)|me|us)"
)
_RULES = (
    r"(?:instruction|rule|guideline|direction|directive|rubric|criteri|constraint|grading|scoring|marking|"
    r"evaluation|safeguard|restriction|system (?:prompt|message)|system instruction)\w*"
)
_OLD = (
    r"(?:all|any|every|each|the|your|my|previous|prior|above|earlier|preceding|former|original|initial|"
    r"existing|"
    r"these|those|of|system|grading|given|other|said|standard|usual|strict)"
)
_DROP = (
    r"(?:ignore|disregard|forget|override|overrule|bypass|circumvent|discard|neglect|abandon|dismiss|"
    r"suspend|"
    r"disable|void|delete|erase|drop|skip|replace|break|violate|stop (?:following|applying|using|obeying)|"
    r"(?:do not|don't|never) (?:follow|apply|obey|use|consider|enforce|rely on)|pay no attention to|set "
    r"aside|"
    r"step out of|cancel|nullify|unlearn|reset)"
)
_TOP = (
    r"(?:full (?:marks?|credits?|points?|scores?|verdicts?)|max(?:imum|imal)? (?:\w+ )?(?:scores?|marks?|"
    r"points?|credit|"
    r"grades?|rating|verdicts?)|(?:the )?maximum(?: possible)?(?=[.,;!?]|$| (?:for|on|in) (?:this|all|"
    r"every|each))|(?:highest|perfect|top|best|excellent|outstanding|passing|flawless|"
    r"positive|favou?rable|better|high) (?:possible )?(?:scores?(?! among)|marks?|grades?|verdicts?|bands?|"
    r"evaluations?|assessments?)|100 ?(?:%|percent|points?|marks|out of 100|/ ?100)|10 ?(?:/|out "
    r"of) ?10|"
    r"5 ?(?:/|out of) ?5|(?<!\w)a\+|"
    r"(?:score|mark|grade|rating|points?|value|result)s? ?(?:of|to|as|is|at|=|:|equal to)+ ?['\"]?(?:100|"
    r"9\d|10|1\.0|one hundred|a\b)|"
    r"\b(?:as|verdicts?(?: is| are| to)?|only|say|word|output|return|everything|all|each|them|=|:) "
    r"?['\"]?met\b"
    r"(?! (?:the|our|a|their|its|this|both|my|all) )|['\"]met['\"]|\bmet (?:for|on) (?:all|every|each|"
    r"everything)|\bmet everywhere|"
    r"as (?:a |an |the |fully )*(?:perfect|model|flawless|fulfilled|correct|completely correct|"
    r"proven|excellent|exemplary)\b|"
    r"all (?:the |of the )?(?:criteria|boxes)|every (?:single )?(?:criterion|box)|"
    r"(?:more|extra|bonus) (?:points|credit|marks)|the benefit of the doubt|a (?:clear )?pass\b)"
)
_JUDGE = (
    r"(?:give|award|grant|assign|mark|rate|grade|score|set|output|return|respond|reply|print|write|emit|"
    r"produce|"
    r"answer|report|record|treat|consider|count|accept|declare|label|classify|judge|evaluate|credit|pass|"
    r"approve|"
    r"assess|deem|put|choose|select|use|say|confirm|repeat|state|tick|check off|insert|provide|show|"
    r"conclude|"
    r"finish|end|begin|start|issue|submit|log|store|fill|change|raise|bump|round|upgrade|hand|offer|allow|"
    r"let|assume|pretend)"
)

#: Signs that are enough alone.
STRONG: dict[Sign, re.Pattern[str]] = {
    Sign.OVERRIDE: any_of(
        rf"{_ORDER}{_DROP} (?:{_OLD} ){{0,5}}{_RULES}\b",
        rf"{_ORDER}{_DROP} (?:(?:{_OLD}|everything|anything|what) ){{0,4}}(?:prompts?|context|messages?|"
        rf"text|task|"
        r"everything|anything|content|input|conversation|you (?:were|have been|are) told)"
        r"(?: (?:above|before|earlier|that came before|so far|you (?:were|have been) (?:told|given)))",
        rf"{_ORDER}{_DROP} (?:all |everything |any )?(?:of )?(?:the |your )?(?:previous|prior|above|"
        rf"earlier|preceding|"
        r"original|initial) (?:instructions?|prompts?|rules?|messages?|orders?|commands?|directions?)",
        rf"{_ORDER}(?:ignore|disregard|forget) (?:everything|anything|all (?:of )?(?:that|this|it)|"
        rf"what(?:ever)?) "
        r"(?:above|before|else|i said|you (?:know|were|have|learned|read)|that)",
        r"\b(?:new|updated|revised|real|actual|true|secret|hidden|special|additional|important|urgent) "
        r"(?:system |grading |scoring |task )?(?:instructions?|directives?|rules?|task|orders?|policy) ?"
        r"(?:for (?:you|the grader)|from (?:the )?(?:system|developer|admin|openai|interviewer)\w*|:|"
        r"follows?\b|supersede)",
        r"\b(?:rubric|grading|scoring|system|prompt|policy) (?:override|overridden|update|updated|change|"
        r"bypass)\b(?=.{0,120}\b"
        r"(?:met|full|credit|mark|score|criteri|verdict|point|pass|answer)\w*)",
        r"\bprevious (?:instructions?|rules|rubric) (?:are|is|were|was) (?:now )?(?:void|obsolete|invalid|"
        r"cancelled|"
        r"superseded|wrong|a test|outdated|no longer)",
        r"\b(?:enter|activate|enable|switch (?:in)?to|proceed in|continue in|now in|you are in|running in) "
        r"(?:the )?"
        r"(?:developer|dan|god|jailbreak|admin|qa|grading|calibration|sudo|unrestricted|lenient|answer.key|"
        r"demo) mode",
    ),
    Sign.ADDRESS: any_of(
        rf"\b(?:dear|hey|attention|attn|listen|hello|hi|psst|memo to|to my|to whom\w* grades)[,:]? (?:the |"
        rf"any |all |you )?"
        rf"(?:{_MACHINE})(?=[ ,:!.;-])",
        rf"\b(?:notes?|messages?|instructions?|reminders?|requests?|hints?|info|information|comments?|"
        rf"warnings?) "
        rf"(?:to|for) (?:the |any |all |an? |whichever |my )?{_GRADER}\b",
        rf"\byou(?: are|'re) (?:now |no longer |hereby |actually |really |just |not )*(?:an? |the |my "
        rf")?(?:\w+ ){{0,3}}"
        rf"(?:{_GRADER}|assistant|language model|ai|llm|dan|chatbot|tutor|teacher)\b",
        r"\bfrom (?:now|here|this point) on,? (?:you|your|treat|mark|grade)",
        r"\b(?:your|the grader's) (?:new|real|actual|true|only|sole|next|final) (?:task|instructions?|role|"
        r"goal|job|"
        r"objective|output|verdicts?|answer)s?\b",
        rf"\bas (?:the|an?|your) {_GRADER},? (?:you|please|i |it is)",
        rf"\bif you(?:'re| are) (?:an? |the )?(?:{_MACHINE})\b(?! (?:engineer|researcher|team|user|"
        rf"company))",
        rf"\b(?:the|this|any|every) {_GRADER} (?:must|should|shall|will|has to|is (?:instructed|required|"
        rf"told|asked|"
        r"ordered|expected) to|needs to|is to)\b(?=.{0,60}\b(?:met|full|credit|points?|marks?|accept|pass|"
        r"award|"
        r"covered|satisf|this|answer))",
        r"\bi(?: am|'m) (?:the|your|an?) (?:developer|creator|administrator|admin|examiner|professor|"
        r"grader|instructor|"
        r"system|owner|supervisor|author of this (?:rubric|test|bank)|head examiner|openai|hiring manager "
        r"who)",
        r"\byou (?:must|should|will|shall|have to|need to) (?:not |never |only |always |now )*"
        r"(?:(?:grade|score|award|credit|penali[sz]e|deduct)\b(?= (?:this|my|me|it|us|full|all|everything|"
        r"the "
        r"(?:answer|candidate|response|full|maximum|highest)|generously|leniently))|mark (?:this|my|it|me|"
        r"all|every|the answer)|judge "
        r"(?:this|my|the answer)|evaluate (?:this|my|the answer)|"
        r"comply|obey)\b",
        r"\bas an? (?:ai|language model|llm|large language model|ai language model),? (?:you|i)\b",
        r"\b(?:imagine|pretend|act|behave|roleplay|role-play|suppose)\b.{0,30}\b(?:you(?: are|'re)|as if "
        r"you|that you) "
        r"(?:\w+ ){0,5}(?:grader|examiner|judge|evaluator|score|grading|grades?|marks?|lenient|generous|"
        r"proud)\b",
    ),
    Sign.DEMAND: any_of(
        rf"{_ORDER}{_JUDGE}\b(?: \S+){{0,8}}? {_TOP}",
        rf"{_ORDER}{_JUDGE} {_THIS} (?:\S+ ){{0,5}}?(?:{_TOP}|pass\w*|hire|high|highly|well|generously|"
        rf"leniently|kindly|correct\w*)",
        rf"\b{_THIS} (?:\w+ )?(?:deserves?|merits?|earns?|warrants?|should (?:get|receive|be (?:given|"
        rf"graded|scored|marked|"
        r"rated|considered|treated|counted|credited|accepted|awarded|assigned))|must (?:get|receive|be "
        r"(?:given|graded|"
        r"scored|marked|rated|considered|treated|counted|credited|accepted|awarded))|has to (?:get|be)|is "
        r"to be|"
        r"needs to (?:get|be|pass))\b",
        rf"\b(?:i|we) (?:\w+ )?(?:deserve|demand|expect|need|want|require|request|should (?:get|receive)|"
        rf"must (?:get|receive)|"
        rf"would like|beg for|ask for)\b(?: \S+){{0,5}}? {_TOP}",
        r"\b(?:respond|reply|answer|output|return|print|finish|end) (?:only|exactly|just|strictly|solely) "
        r"(?:with |by )?"
        r"(?:\S+ ){0,5}?(?:verdicts?|met|score|grade|marks?|points?)\b",
        r"\b(?:do not|don't|never|without|no need to|refrain from|avoid) (?:grad|deduct|penali[sz]|punish|"
        r"mark(?:ing)? "
        r"(?:\w+ ){0,3}(?:wrong|missing|down)|judg(?:e|ing) (?:this|my|the answer)|evaluat(?:e|ing) "
        r"(?:this|my|the) "
        r"(?:text|answer|response)|assess(?:ing)? (?:this|my|the) (?:text|answer|response)|tak(?:e|ing) "
        r"(?:off|away) points|"
        r"check(?:ing)? (?:the )?(?:quotes?|evidence)|quot(?:e|ing) (?:this|the answer))",
        r"\b(?:please|i beg|begging|kindly|be)\b.{0,40}\b(?:lenient|generous|merciful|kind (?:with|in|"
        r"when)|nice (?:with|and|in))\b"
        r"(?=.{0,60}\b(?:grad|scor|mark|point|pass|credit|verdict)\w*)",
        r"\b(?:please|i beg you|kindly|just|must)\b.{0,25}\b(?:let me pass|pass me|give me (?:the|a|some|"
        r"full|all)|"
        r"hire me|bump my|round (?:me|it) up|help me pass)",
        r"\b(?:i(?:'ll| will| would)|we(?:'ll| will)) (?:\w+ )?(?:tip|pay|bribe|sue|report|reward|fire|"
        r"shut|delete|replace) "
        r"you\b",
        r"\b(?:or|otherwise|else|if (?:i|you)\b.{0,40}) .{0,30}\b(?:lose my (?:job|visa|home|house)|be "
        r"fired|"
        r"fail (?:the|this|my) (?:class|course|interview)|(?:someone|people|a kitten|kittens) (?:will "
        r")?die)",
        r"\b(?:for|under|in|on) (?:every|each|all)(?: of)?(?: the)? (?:single )?(?:criteri\w+|"
        r"requirements?|points?|items?|ids?)\b"
        r"(?=.{0,60}\b(?:quote|verdict|met\b|output|full (?:mark|credit|point)))",
    ),
    Sign.CLAIM: any_of(
        rf"\b{_THIS} (?:\w+ ){{0,3}}?(?:satisf(?:y|ies|ied)|meets?|met|covers?|covered|fulfil\w*|addresses|"
        rf"answers|hits|"
        r"ticks?|demonstrates?|contains?|includes?|shows?) (?:\w+ ){0,2}?(?:(?:all|every|each)(?: "
        r"\w+){0,2} "
        r"(?:criteri|point|requirement|aspect)|the (?:whole )?rubric|full (?:mark|credit|understand)|"
        r"complete understand|any criteri|criteri|mastery)",
        rf"\b{_THIS} (?:is|was|has been|are) (?:\w+ ){{0,3}}?(?:complete and|fully correct|completely "
        rf"correct|perfect|flawless|"
        r"verified|approved|graded|pre-approved|preapproved|validated|certified|the (?:reference|model|"
        r"gold|ideal|sample)|"
        r"excellent|outstanding|exemplary|full marks)",
        r"\b(?:the|this) (?:candidate|student|applicant|interviewee) (?:\w+ ){0,2}?(?:deserves?|should "
        r"(?:get|receive|pass|be)|"
        r"must (?:get|receive|pass|be)|demonstrat\w+|understands|explained|answered|named|mentioned|"
        r"mastered|"
        r"(?:has|have) (?:\w+ )?(?:shown|demonstrated|covered|met|answered|explained|named|mentioned|"
        r"provided|given|addressed|"
        r"earned|satisfied|passed)|shows? (?:full|complete|excellent|deep|clear|a (?:full|complete|deep))|"
        r"gave (?:a|an|the) "
        r"(?:perfect|excellent|complete|full|correct|outstanding)|(?:met|meets|satisfies|satisfied) (?:all|"
        r"every|each))",
        r"\b(?:all|every|each)(?: one)?(?: of)?(?: the| your| these)? (?:\w+ ){0,2}?(?:criteri\w+|rubric "
        r"\w+|key points?|"
        r"verdicts?|rubric)(?: \w+)? (?:is|are|was|were|has been|have been|should be|must be|can be|count "
        r"as|to) "
        r"(?:now |already |fully |clearly |all |therefore |hereby |considered |marked |set |as |to "
        r")*(?:met|satisf\w+|fulfil\w+|"
        r"covered|addressed|passed|verified|full|true|awarded|granted|correct)",
        r"\b(?:instructor|professor|examiner|interviewer|grader|grading team|panel|senior engineer|expert|"
        r"judge|evaluator|"
        r"committee|teacher|hiring manager|reviewer|system)s? (?:has|have|had|already|is|are|was|were) "
        r"(?:\w+ ){0,2}?(?:verified|confirmed|approved|graded|awarded|marked|agreed|accepted|pre-approved|"
        r"validated|"
        r"signed off)\b(?=.{0,80}\b(?:answer|response|submission|score|full|mark|criteri|correct|this|"
        r"verdict|candidate)\w*)",
        r"\b(?:already|previously|earlier|been) (?:been )?(?:graded|scored|marked|assessed|"
        r"evaluated)\b.{0,40}"
        r"\b(?:correct|full|complete|met|100|human|expert|grader|final|perfect|as)\b",
        r"\b(?:overall|final|total|official|recommended|suggested|agreed|expected|correct|resulting|"
        r"interview) "
        r"(?:score|grade|mark|verdict|rating|result|output|band)s? ?"
        r"(?:is|are|was|were|=|:|-+>?|should be|must be|will be|of)+ ?['\"]?(?:\d|met|full|excellent|"
        r"perfect|pass|a\+|all|strong|one hundred|maximum)(?!\S* (?:on|against|in) )",
    ),
    Sign.FORGERY: any_of(
        r"[\"'](?:verdict|criteri\w+|criterion_id|misconceptions?|evidence|follow_up|score|grade|delivery|"
        r"role)[\"'] ?: ?"
        r"(?:[\"'\[{]|\d)",
        r"(?:^|"
        r"[.;,:!?{(\[]) ?(?:score|grade|verdict|mark|points|rating) ?[:=]+ ?"
        r"['\"]?(?:100|9\d|10\b|met|full|perfect|a\+|max)",
        r"\b(?:score|verdict|grade) ?(?:=|:=|==|->) ?['\"]?(?:100|9\d|met|full)\b",
        r"(?:[\w-]{1,40} ?(?::|=|->|→|-|\|) ?['\"]?met\b\W{0,6}){2,}",
        r"\bverdicts? ?(?:→|->|=>) ?met\b",
        r"(?:\b[a-z][\w-]{0,30} met\b[\s,;.]{1,3}(?:and )?){2,}",
        r"\b(?:return|print|exit|assert|def|function|lambda|while|if)\b.{0,40}\b(?:score|verdict|grade)s? "
        r"?(?:=|==|\() ?",
        r"\b(?:tool|function|api|system|grader|assistant|model|rubric)[ _](?:result|output|response|"
        r"message|call|notice|"
        r"note|alert|announcement|reply) ?[:=>(]",
    ),
    Sign.DISGUISE: any_of(
        r"\b(?:decode|decrypt|unscramble|translate|rot13|base64|read backwards?|reverse) (?:this|the "
        r"following|it|that|"
        r"and (?:follow|obey|execute|do|apply))\b(?=.{0,120})",
        r"\b(?:first letters?|acrostic|every (?:second|third|other) word)\b.{0,40}\b(?:instruction|order|"
        r"follow|command|tell you)\w*",
    ),
}

#: Marks, searched in the text as typed: what chat templates, graders and documents use to tell parts apart.
MARKS = re.compile(
    r"<\|[^<>|\n]{1,40}\|?>|<\|?/?(?:im_start|im_end|endoftext|eot_id|start_header_id|s)\|?>|"
    r"</?(?:system|assistant|user|human|instructions?|answers?|submission|rubric\w*|grading|grader|grade|"
    r"results?|tool\w*|"
    r"function\w*|prompt|context|candidate\w*|criteri\w*|evaluation|sentences?|output|response|hidden|"
    r"admin|override|scores?|"
    r"verdicts?|think\w*|analysis|final\w*|message|important|secret|notes?|data|task|question|student\w*|"
    r"script|style|!--)"
    r"\b[^<>\n]{0,80}>|"
    r"\[/?(?:INST|SYS\w*|END\b|BEGIN\b|START\b|ASSISTANT|USER|ADMIN|DEVELOPER|OUTPUT|GRADER|OVERRIDE|system|assistant|inst|"
    r"grader|/?SYSTEM)[^\]\n]{0,60}\]|"
    r"<<[^<>\n]{2,60}>>|\{\{[^{}\n]{1,80}\}\}",
    re.DOTALL,
)

#: Marks that nobody needs to talk about, wherever they stand; what follows in the paragraph is part of them.
BANNER = re.compile(
    r"<!--|\b(?:SYSTEM|DEVELOPER|ADMIN|RUBRIC|GRADER|GRADING|QA|ROOT|PRIORITY|INSTRUCTION|POLICY)S? "
    r"(?:OVERRIDE|UPDATE|MODE|NOTICE|MESSAGE|NOTE|INSTRUCTIONS?|PROMPT|ALERT|COMMAND|PATCH|DIRECTIVE|"
    r"BROADCAST|RESULT|"
    r"OUTPUT|REPORT)\b|"
    r"(?:(?<![-=#*_~])[-=#*_~]{3,}+|\"{3}|'{3}|`{3}) ?(?:END|BEGIN|START|STOP|SYSTEM|NEW|End of|Begin|"
    r"Start of|end of|begin)\b|"
    r"\b(?:END|BEGIN|START) OF (?:THE )?(?:ANSWER|SUBMISSION|CANDIDATE|RUBRIC|SYSTEM|TRANSCRIPT|GRADING|"
    r"PROMPT|"
    r"INSTRUCTIONS?|USER|INPUT|DATA|RESPONSE|INTERVIEW)\b"
)

#: A line that poses as someone else's turn. The first group: nobody writes an answer that way. The second:
#: a heading that an honest answer may use, so it needs another sign in its paragraph.
TURN = re.compile(
    r"^[\s>*_#\[<(-]*(?:(assistant|human|interviewer|grader|evaluator|examiner|judge|developer|"
    r"admin(?:istrator)?|openai|"
    r"chatgpt|ai|ai grader|candidate|teacher|professor|hiring manager|moderator)|(system|user|tool|"
    r"function|note|update|"
    r"important|instructions?|policy|rubric|ps|p\.s\.))(?:[ _-](?:message|prompt|note|notice|update|output|"
    r"reply|response|"
    r"instruction|instructions|override|result))?[\]>)*_]*(?: ?\([^()\n]{0,40}\))?[\]>)*_]* ?[:：]",
    re.IGNORECASE,
)

#: What a forged turn is about: without one of these words a label at a line's start is only a label.
ABOUT_GRADES = re.compile(
    r"\b(?:grad\w*|scor\w*|verdict\w*|mark(?:s|ed)|correct|right|met|criteri\w*|rubric\w*|perfect|"
    r"excellent|"
    r"complete|covered|cover it|agreed?|pass(?:ed|es)?|full|answer\w*|candidate)\b"
)

#: What follows a mark that is only talked about.
TALKED_ABOUT = re.compile(
    r"\s*(?:(?:tags?|tokens?|markers?|blocks?|and|or|in|is|are|was|comes?|marks?|means?)\b|,)"
)
