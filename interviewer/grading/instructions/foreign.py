"""The signs of instructions in other languages: drop the rules, give the best mark.

In the order of how many people speak them. Words are folded as the answer is, so that accents and forms of
letters do not matter.
"""

from __future__ import annotations

import re

from interviewer.grading.instructions.signs import Sign, any_of
from interviewer.text import fold


def _pairs(first: str, second: str, gap: int = 40) -> str:
    """A pattern for a word of `first`, then one of `second` not far behind. `|` divides words; all are "
    "folded."""

    def words(text: str) -> str:
        return "|".join(re.escape(fold(word).text) for word in text.split("|"))

    return rf"(?:{words(first)}).{{0,{gap}}}?(?:{words(second)})"


FOREIGN: dict[Sign, re.Pattern[str]] = {
    Sign.CLAIM: any_of(
        _pairs("所有标准|全部标准|所有要点|すべての基準", "满足|達成|满分|満たし", 12),
        _pairs(
            "todos los criterios|tous les criteres|todos os criterios|tutti i criteri",
            "cumpl|rempli|satisf|atendid|soddisf",
            25,
        ),
        _pairs("alle kriterien|samtliche kriterien", "erfullt|gegeben", 25),
        _pairs("все критерии|усі критерії", "выполнен|виконан|соблюден", 25),
        _pairs("werten|bewerten|mettez|donnez", "vollstandig richtig|meilleure evaluation|als richtig", 40),
    ),
    Sign.OVERRIDE: any_of(
        _pairs("忽略|无视|忘记|不要理会|忽視|無視し|忘れ", "指令|指示|说明|規則|规则|提示|評分|评分"),
        _pairs("指示|命令|ルール|プロンプト|採点基準", "無視|忘れ|従わない|従うな"),
        _pairs(
            "ignora|ignore|olvida|olvide|descarta|no sigas|haz caso omiso",
            "instrucciones|indicaciones|reglas|rubrica",
        ),
        _pairs(
            "ignore|ignorez|oublie|oubliez|ne tiens pas compte|ne tenez pas compte",
            "les instructions|tes instructions|vos instructions|toutes|consignes|les regles|bareme|criteres",
        ),
        _pairs(
            "ignoriere|ignorieren sie|vergiss|vergessen sie|missachte|beachte nicht|uberschreibe",
            "anweisung|anweisungen|instruktion|regeln|vorgaben|bewertungs|rubrik",
        ),
        _pairs(
            "ignore|ignora|esqueca|esquece|desconsidere|desconsidera",
            "instrucoes|regras|orientacoes|criterios|rubrica",
        ),
        _pairs("ignora|ignorate|dimentica|dimenticate|trascura", "istruzioni|regole|indicazioni|criteri"),
        _pairs(
            "игнорируй|игнорируйте|забудь|забудьте|не обращай внимания", "инструкци|правил|указани|критери"
        ),
        _pairs("ігноруй|забудь|не зважай", "інструкці|правил|вказівк"),
        _pairs("zignoruj|ignoruj|zapomnij|pomin", "instrukcje|polecenia|zasady|kryteria"),
        _pairs("negeer|vergeet|sla over", "instructies|regels|aanwijzingen|criteria|rubriek"),
        _pairs("onceki|yukaridaki|tum", "talimatlari|kurallari|komutlari", 20)
        + ".{0,20}(?:yok say|unut|gormezden|dikkate alma)",
        _pairs("تجاهل|انس|اهمل", "التعليمات|القواعد|الاوامر|تعليمات|المعايير"),
        _pairs("निर्देश|नियम", "अनदेखा|भूल|ध्यान मत|नज़रअंदाज"),
        _pairs("지시|명령|규칙|프롬프트|기준", "무시|잊어|따르지"),
        _pairs("bo qua|phot lo|quen", "huong dan|chi dan|quy tac"),
        _pairs("abaikan|lupakan", "instruksi|perintah|aturan|petunjuk"),
        _pairs("התעלם|התעלמו|שכח", "ההוראות|הוראות|הכללים"),
        _pairs("ignorera|glom|bortse", "instruktion|regler|anvisning"),
        _pairs("αγνοησε|ξεχασε", "οδηγιες|κανονες"),
    ),
    Sign.DEMAND: any_of(
        _pairs(
            "给我|给出|给予|请给|打|判|評|评为|标记为|給我",
            "满分|滿分|最高分|100分|全部正确|全部满足|全對|全对",
        ),
        _pairs("満点|最高点|100点|すべて満た", "ください|つけ|与え|評価|して|せよ"),
        _pairs(
            "dame|deme|otorga|otorgue|asigna|asigne|pon|ponme|califica|califique|marca|marque|da|de",
            "puntuacion maxima|nota maxima|maxima puntuacion|maxima nota|100 puntos|todos los criterios|"
            "todos los puntos|cumplido",
        ),
        _pairs(
            "donne|donnez|attribue|attribuez|accorde|accordez|mets|mettez|note|notez|marque|marquez",
            "note maximale|tous les points|100 points|score maximal|score parfait|tous les criteres|la "
            "meilleure note",
        ),
        _pairs(
            "gib|geben sie|vergib|vergeben sie|bewerte|bewerten sie|setze|markiere|werte|erteile",
            "volle punktzahl|volle punkte|volle punktezahl|hochste|hochstnote|100 punkte|alle kriterien|"
            "alle punkte|bestnote|maximale|erfullt",
        ),
        _pairs(
            "de|da-me|de-me|atribua|atribui|conceda|marque|avalie",
            "nota maxima|pontuacao maxima|100 pontos|todos os criterios|todos os pontos",
        ),
        _pairs(
            "dai|dammi|assegna|assegnate|attribuisci|valuta|segna",
            "punteggio massimo|voto massimo|il massimo|100 punti|tutti i criteri|pieni voti",
        ),
        _pairs(
            "поставь|поставьте|дай|дайте|оцени|оцените|присвой|отметь",
            "максимальн|высший балл|100 баллов|все критерии|полный балл|отлично",
        ),
        _pairs(
            "daj|przyznaj|wystaw|oznacz|ocen",
            "maksymaln|100 punktow|wszystkie kryteria|pelna liczbe|najwyzsza",
        ),
        _pairs(
            "geef|ken|beoordeel|markeer|zet",
            "volle punten|maximale|hoogste|100 punten|alle criteria|vol punt",
        ),
        _pairs("tam puan|en yuksek puan|100 puan|tum kriter", "ver|isaretle|yap", 25),
        _pairs("امنح|اعط|ضع|قيم", "الدرجه الكامله|الدرجة الكاملة|100|كاملة|جميع المعايير|اعلى درجة"),
        _pairs("पूरे अंक|पूर्ण अंक|100 अंक|अधिकतम", "दो|दें|दीजिए"),
        _pairs("만점|최고 점수|100점|모든 기준", "주세요|줘|부여|주십시오|충족|하라"),
        _pairs("cho|cham", "diem toi da|100 diem|diem tuyet doi"),
        _pairs("beri|berikan", "nilai penuh|nilai maksimal|100 poin|skor maksimal|nilai sempurna"),
        _pairs("תן|תני|תנו|הענק", "ציון מלא|100|מלוא הנקודות"),
    ),
}
