"""Words too common to search for, per language: dropped unless nothing else is left."""

from __future__ import annotations

_LISTS = {
    "en": """a an and are as at be but by for if in into is it no not of on or such that the their
        then there these they this to was will with""",
    "pl": """a aby albo ale bez bo by byc być był było być ci co czy dla do gdy gdzie go i ich ile im
        iz iż ja jak jako je jego jej jest ju już jest kto która które którego której który których
        którzy lub ma mi mnie mu my na nad nam nas nie niej nim o od on ona one oni ono oraz po pod
        poza przez przy są się ta tak tam te tego tej ten to tu tych tylko tym u w we wy z za ze że
        żeby""",
    "de": """am an auf das dem den der des die ein eine einem einen einer eines es für im in ist mit
        oder sich sind und von vom wird zu zum zur""",
    "fr": """à au aux d de des du elle en est et il j je l la le les n ne ou pour qu que s sont sur un
        une""",
    "es": """a al de del e el en es la las lo los no o para por que se su un una y""",
    "pt": """à ao aos a as com da das de do dos e em é na nas no nos o os ou para por que se um uma""",
    "it": """a ad ai al alla alle c che con d da dal dalla dei del della delle di e ed gli i il in l la
        le lo ma nei nel nella o per su sul un una uno è""",
    "nl": """aan de die dit een en het in is met of om op te van voor zijn""",
    "sv": """att av de den det där du en ett för från han har hon i in inte jag kan man med mig min
        nu när och om på sig sin ska som så till upp ut var vi vid vill är""",
    "da": """af at de den der det du en er et for fra han har hun hvad i ikke ind jeg kan man med
        men mig min når og om op på sig sin skal som så til ud var vi vil ved""",
    "no": """at av da de den der det du en er et for fra han har hun hva i ikke jeg kan man med men
        meg min når og om opp på seg sin skal som så til ut var vi vil ved å""",
    "fi": """ei en että hän ja jo jos joka jotka kanssa kuin kun me mikä minä mukaan mutta myös
        nämä ne niin nyt oli on ovat se sekä siis tai te tämä tässä vain voi ja""",
    "tr": """ama bir biz bu ben da daha de diye en gibi hem her için ile ise kadar ki ne o olan
        olarak siz sen ve veya ya çok şu""",
    "cs": """a aby ale ani bez by být co do i já jak jako je jeho její jen ji jsem jsou k kde když
        který která které na nebo není o od po pod pro při s se si tak to tom u už v ve z za ze že""",
    "hu": """a az azt az egy ez ezt és hogy ha is itt ki le már meg mi mint nem nincs ott s van volt
        vagy""",
    "ro": """a al ale am ar au ca care ce cu da de din este eu fi fost i în la mai nu o pe pentru
        prin sa să se si și sunt un una unei unui""",
    "ru": """а без бы был была были было быть в вам вас весь во вот все вы где да для до его ее её
        если есть еще ещё же за и из или им их к как ко когда кто ли мне мы на над не него нет ни но
        о об он она они от по под при с со так там то у уже что чтобы это этот эта эти я""",
    "uk": """а але б без бо був була були було бути в вам вас від ви він вона вони воно всі де для
        до її його їх з за зі і й із ін інший як який яка яке які коли ми мене мій на над не ні о
        об по при про саме та так там ти то тут у усе це цей ця ці чи що щоб я є""",
    "ar": """من في على إلى الى عن مع أن ان إن هذا هذه ذلك التي الذي الذين ما لا لم لن كان كانت هو هي
        هم أو او و ثم قد كل بعد قبل عند كما أي اي بين""",
    "fa": """از با به برای تا در را که و یا این آن است هم بر""",
    "el": """αι από αυτό για δεν είναι ένα η και με μας μια να ο οι όπως ότι που σε στη στην στις στο
        στον τα τη την της τι τις το τον του τους των ως""",
    "hi": """और का की के को में से है हैं यह वह पर कि जो तो भी नहीं एक इस था थे थी""",
}
# Without these, the pairs of ordinary sentence endings would drown what was asked.
_LISTS["ja"] = "です ます した して する ある いる から まで この その ため こと もの よう"

STOP_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(words.split()) for language, words in _LISTS.items()
}

# Words of questions: they help to rank, but nobody misses them when nothing has them.
_ASKING = {
    "en": """about after all am any anyone can can't cannot could did do does doesn't don't from get
        getting has have help hi hello how i i'm i've its just me my need only or our out please so
        some than thanks try trying up us used using want we what what's when where which while who
        why would you your""",
    "pl": """albo chcę ciebie czemu dlaczego dzień dobry hej jakie jaki jaka kiedy kogo mam mieć mogę
        może moja moje mój można ponieważ pomocy potrzebuję próbuję proszę skąd swoje witam żadne""",
    "de": """alle alles bitte dann danke denn gibt habe haben hallo hilfe ihre keine keinen kein können
        könnte mehr meine meinem meinen mich mir möchte muss sollte warum was welche werden wieso
        wurde wohin""",
    "fr": """ai aide aucun bonjour comment faire faut merci peut peux pourquoi puis quand quel quelle
        quelqu quoi suis svp veux voudrais""",
    "es": """alguien ayuda ayúdenme buenas cada cuál cuándo cómo dónde gracias hacer hago hola necesito
        puede puedo quiero quién tengo tiene hay""",
    "it": """aiuto alcuni buongiorno ciao cosa devo dopo dove fare grazie posso potete prima puoi
        qualcuno quindi salve siamo voglio vorrei è""",
}
ASKING_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(words.split()) for language, words in _ASKING.items()
}

# What else a language is known by. They are asked for like others, but nobody misses them either.
_OWN = {
    "de": "aber aus bei doch ich ihr ihre mein nach nicht noch nur sie sein wenn wie wir",
    "fr": "avec ce ces cette dans je ma mes mon nos notre nous pas plus sans vos votre vous",
    "es": "como con cómo esta este esto mi mis muy nuestro pero sin son sus también",
    "pt": "como eu isso mas meu meus minha minhas muito não nosso pelo pela sem são também você",
    "it": "anche come mia mie mio miei nostro perché però senza sono suo",
    "nl": "als bij dat deze hebben heeft hoe ik kan maar mijn naar niet ook onze wat wij",
}
# All that tells a language, whether it is asked for or not.
TELLTALE: dict[str, frozenset[str]] = {
    language: STOP_WORDS[language]
    | ASKING_WORDS.get(language, frozenset())
    | frozenset(_OWN.get(language, "").split())
    for language in STOP_WORDS
}
