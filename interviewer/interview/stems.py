"""English words by their stems, and those that tell nothing of what a job is about.

A stem need be no word: it is only the same for "quantize" and "quantization". What is no English comes
through with at most its last letters gone, the same each time.
"""

from __future__ import annotations

from functools import cache

# Longest first within what they share; the second is what must be left before them, at the least.
_ENDINGS = tuple(
    (ending, left)
    for left, endings in (
        (
            4,
            "izations isations ization isation izing ising izers isers izer iser ized ised izes ises ize ise",
        ),
        (4, "abilities ability ations ators ation ator ating ated ates ate able isms ism ments ment"),
        (3, "ities ity ings ing ions ion ers er ed ies es ly y e s"),
    )
    for ending in endings.split()
)
# Words of grammar, and words that stand in any advertisement whatever the job.
_TELLS_NOTHING = frozenset(
    """
    a about above across actual actually after again against all almost along already also although
    always am among an and another any anyone anything are around as at away back be became because
    become been before being below best better between beyond both bring but by call came can come could
    day days did die do does doing done down during each early either else enough etc even ever every
    everyone everything example far few find first follow for found from full further gave get gets give
    given go goes going gone good got great had has have having he help helps her here high him his hour
    hours how i if in instead into is it its itself join just keep keeps kind know known large last late
    later lead least less let level like likely little long look lot low made make makes making many may
    me mean means meet might more most move much must my name near need needs never new next no none nor
    not nothing now of off often old on once one only onto open or order other others our out over own
    part parts people per perhaps piece place plus possible put rather read really result run said same
    saw say second see seen send sense set several shall she should show since single size small so some
    something sound start still such take talk task tell than that the their them themselves then there
    these they thing things think this those though three through throughout time times to today together
    too toward true try two under until up upon us use used user users uses using value values various
    very via want wants was way ways we well were what whatever when where whether which while who whole
    whom whose why will with within without word words worth would write writing wrong year years yes yet
    you your yours
    ability able account additional advanced applicant application applications apply approach area
    background based basic beginner benefit benefits bonus build building candidate candidates career
    challenge challenges change collaborate companies company competitive complex computer contribute
    create daily deep degree deliver demonstrated department description design desired develop developer
    developers development different diverse drive dynamic employee employees employer employment
    engineer engineering engineers ensure environment environments equal equity equivalent excellent
    excited exciting existing expect expected experience experienced expert expertise fast field flexible
    focus fundamentals global grow growth hand hands highly hire hiring holiday home hybrid ideal impact
    implement improve include includes including individual industry initiative innovative intermediate
    internal job jobs junior knowledge leader leaders learn learning life local location looking maintain
    major manage manager member members mission modern month motivated multiple nice offer office operate
    operation operations opportunity organization passion perfect phd practice preferred problem problems
    process product products professional proficiency program programming proven provide qualification
    qualifications question questions quickly real related relevant remote require required requirement
    requirements responsibilities responsible role roles salary senior service services share skill
    skills software solution solutions solve solving standard strong success successful support system
    systems team teams tech technical technologies technology tool tools top track understand
    understanding variety vs week work worked working works world
    """.split()
)


def is_telling(word: str) -> bool:
    """Whether `word`, folded, may say what a job or a question is about."""
    return len(word) > 1 and word not in _TELLS_NOTHING and not word.isdecimal()


@cache
def stem(word: str) -> str:
    """`word`, folded, without what grammar puts behind it."""
    for ending, left in _ENDINGS:
        if len(word) >= len(ending) + left and word.endswith(ending):
            is_part = word.endswith(("ss", "ay", "ey", "oy"))  # process, display, key, deploy
            word = word if is_part else word[: -len(ending)]
            break
    is_doubled = len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls"
    return word[:-1] if is_doubled else word
