"""Words that say how something is asked rather than what: they rank, but faintly.

Pronouns, auxiliaries, question words and the like, where they are no stop words. What tells one
thing from another in a help centre ("off", "out", "new") is not among them.
"""

from __future__ import annotations

from search.analysis.stopwords import STOP_WORDS, TELLTALE

_FAINT = {
    "en": """again already also always anybody anything aren't arent because been before being both
        cant couldn't couldnt didn't didnt doesnt doing don dont during each either else ever every
        few had hadn't hasn't hasnt haven't havent having he he's her here hers him his i'd i'll im
        isn't isnt it's itself ive let let's many maybe might more most much myself neither once
        other ought ours ourselves rather said say seem seems she should shouldn't someone something
        still tell them themselves thing things those though through too until very wasn't wasnt
        we're we've were weren't whats where's whether who's whom whose won't wont wouldn't wouldnt
        yes yet you're you've yours yourself""",
    "pl": """bardzo będą będzie bądź byli chce chcesz chciałbym chciałabym cały całe ciągle coś
        czego czemuś czyli dlatego dobrze dotychczas dziękuję gdyż inne inny innych jaką jakiego
        jakich jakiś jakimi jednak jestem jesteśmy każdy każda każde kim kiedyś kogoś ktoś macie
        mają mamy masz mną mogą możesz możemy mojego mojej moim moich musi muszę nadal nasz nasza
        nasze naszego naszej nasi nic nigdy niech nikt niż powinien powinno powinna potem raz razem
        sam sama same sobie swój swoja swojej swoich swoim taka taki takie także też tobie trzeba
        twój wam was wasz wasze wcale wiele więc właśnie wszystko wszystkie wszystkich wtedy zawsze
        znowu znów żaden żadna żadnych żebym""",
    "de": """allem allen aller also ander andere anderen anderer anderes auch beim bereits bin bis
        bist da dabei dadurch dafür daher damit danach daran darauf darf dass daß davon dazu dein
        deine deinen deiner denen deren derer dessen dich dies diese diesem diesen dieser dieses dir
        dort du durch eben einige einigen einmal er etwas euch euer eure ganz gar gegen gehen geht
        gewesen hab hat hatte hatten hier hinter ihm ihn ihnen ihrem ihren ihrer immer indem ins
        irgendwie ja jede jedem jeden jeder jedes jedoch jemand jene jetzt kann kannst könnten
        machen macht mal man manche meiner müssen nachdem nein nichts nie niemand nun ob obwohl
        schon sehr seid seine seinem seinen seiner seit selbst so solche sollen soll sollten sonst
        über um uns unser unsere unserem unseren unserer unter viel viele vielen vor war waren warst
        weil weiter welchem welchen welcher welches wem wen wer weshalb will wirst wieder wieviel wo
        wobei wodurch wofür woher wollen womit worden worin wurden würde würden zwischen""",
    "fr": """afin ainsi alors après as au-delà aucune aujourd'hui auquel aurait aussi autre autres
        avais avait avant avez avoir avons beaucoup bien c'est car ceci cela celle celles celui
        cependant certain certaines certains ceux chaque chez ci combien comme d'un d'une déjà
        depuis dois doit doivent donc dont elles encore ensuite entre est-ce étaient était étant été
        être êtes eux fais fait font ils j'ai jamais jusque là laquelle lequel lesquels leur leurs
        lors lorsque lui m'a même mêmes mien moi moins ni nôtre on ont où par parce parfois pendant
        peu peut-être peuvent pourrait pouvez pouvoir près presque puis-je qu'est-ce quelles quels
        quelque quelques qui rien s'il sa se sera serait ses seulement si sommes son sous souvent ta
        tandis tant te tel telle tes toi ton toujours tous tout toute toutes très trop tu va vais
        vers veut voici voilà vouloir vraiment vôtre y""",
    "es": """además ahora ahí algo algún alguna algunas alguno algunos allí ambos ante antes aquel
        aquella aquellos aquí así aún aunque bien casi contra cual cuales cuáles cualquier cuando
        cuanto cuánto cuántos cuya cuyo da debe deben debería debo desde después donde durante ella
        ellas ellos entonces entre era eran eres esa esas ese eso esos está están estar estas estos
        estoy estamos fue fueron ha había haber hace hacen hacia haciendo han hasta he hemos hizo
        incluso le les luego me mejor menos mía mientras mío misma mismo mismos mucha muchas mucho
        muchos nada nadie ni ninguna ninguno nos nosotros nuestra nuestras nuestros nunca os otra
        otras otro otros poco pocos podemos poder podría pueda pueden porque porqué pues qué quien
        quienes quiere quisiera sabe sea sean según ser si sí sido siempre siendo sino sois
        solamente sólo solo somos soy suya suyo tal tampoco tan tanto te tenemos tener tenía ti
        tienen tienes toda todas todavía todo todos tras tu tú tus usted ustedes va vamos varias
        varios veces vez voy ya yo""",
    "pt": """ajuda alguém algo algum alguma algumas alguns ainda além ali ambos antes apenas após
        aquela aquele aqueles aquilo assim até bem cada consigo contra cujo dela dele deles depois
        desde dessa desse desta deste deve devem devo disso disto durante ela elas ele eles enquanto
        entre era eram essa essas esse esses está estão estar estas estava este estes estou faço faz
        fazem fazer foi foram fui há isto já lá lhe mais me mesma mesmo muita muitas muitos nada nem
        nenhum nenhuma ninguém nós nossa nossas nossos nunca obrigado olá onde outra outras outro
        outros pelas pelos pode podem poder posso pois porque porquê pouco precisa preciso própria
        próprio quais qual qualquer quando quanta quanto quantos quase quê quem quer quero sei seja
        sempre sendo ser será seria seu seus si sido só sobre sou sua suas tal talvez tanto te tem
        têm temos tenha tenho ter teu tinha toda todas todo todos tua tudo vai vocês vou""",
    "it": """abbia abbiamo adesso agli allora alcun alcuna alcune alcuno altra altre altri altro
        ancora avere aveva avevo avete avrei bene chi ci ciascuno cioè coi col contro così cui dà
        dagli dai dallo dalle deve devi devono dice dov'è dovrei durante ecco era erano essere fa
        faccio fai fanno fatto finché forse fra già ha hai hanno ho infatti inoltre io invece lei li
        lì loro lui mai me medesimo meno mentre mi molta molte molti molto ne nello nelle negli
        nessun nessuna nessuno niente noi non nostra nostre nostri ogni oppure ora perchè più poca
        poche pochi poco poi poiché possa possiamo possibile possono potrebbe potrei proprio può
        pure qual quale quali qualche qualcosa quando quanta quante quanti quanto quasi quella
        quelle quelli quello questa queste questi questo qui saranno sarà sarebbe se sé sei sempre
        si sia siano siete solo soltanto sopra sta stata state stati stato stesso sto sua sue sui
        sulla sulle suoi tale tali tanto te ti tra troppo tu tua tue tuo tuoi tutta tutte tutti
        tutto va vengono viene vi voi vostra vostro vuole""",
    "nl": """al alle alles altijd ander andere anders ben bent bijvoorbeeld daar daarna dan dezelfde
        doe doen doet doch door dus echter elk elke enige er erg gaan gaat geen geweest haar had
        hadden hallo heb hebt heel help hem hen hier hierdoor hij hoeveel hun iemand iets ieder
        iedereen ja je jij jou jouw jullie kun kunnen kunt maken me meer meest men mij moest moet
        moeten mogen mag na nee niemand niets nog nu omdat ons over reeds sinds sommige steeds toch
        toen tot tussen u uw vaak veel waar waarbij waardoor waarom waarop want waren was we weer
        wel welke werd werden wie wil willen worden wordt zal zelf zich zij zo zonder zou
        zouden""",
    "sv": """alla allt andra annan annat bara blev bli blir borde bra då dem denna deras dess dessa
        detta dig din dina ditt dock eller er era ert finns får få fick genom ger gör göra hade hans
        hej henne hennes hjälp honom hur här ingen inget inga inom ja jo kunde kunna kommer kanske
        lite låt mellan mer mera mest mitt mina mot mycket måste många ni något någon några nej
        någonting oss också sedan själv skulle snälla sådan tack tog vad vara varför varit varje
        varken vars vart vem vems verkar vilka vilken vilket vilja våra vårt vår än ändå även
        åt""",
    "da": """alle anden andet andre bare blev blive bliver burde da deres derfor dette dig din dine
        disse dog dit efter eller end få får fik findes flere gennem gør gøre ham hans havde hej
        hende hendes her hjælp hos hvem hver hvilke hvilken hvilket hvis hvor hvordan hvorfor
        hvornår ingen intet ja jer jeres jo kunne lige lidt meget mellem mere mest mine mit måske må
        mange nej noget nogen nogle også os selv selvom siden skulle sådan tak være været vores
        ville""",
    "no": """alle annen annet andre bare ble bli blir burde deres derfor dette deg din dine disse
        ditt dog eller enn etter få får fikk finnes flere gjennom gjør gjøre ham hans hadde hei
        henne hennes her hjelp hos hvem hver hvilke hvilken hvilket hvis hvor hvordan hvorfor ingen
        ja jo kunne litt mye mellom mer mest mine mitt kanskje må mot mange nei noe noen også oss
        selv siden skulle slik takk under vår våre vårt være vært ville""",
    "fi": """aina apua eikä emme ehkä enemmän enää esimerkiksi et he hei heidän häntä hänen ihan
        itse joita jokin jokainen jolla jolloin jonka jossa jota joten joskus juuri kaikki kaikkien
        kaikissa kanssani kiitos koska kuinka kuitenkaan kuitenkin kuka kukaan kunnes luona meidän
        meille meitä mihin mikään miksi milloin mille millainen minkä minua minulla minulle minun
        missä mistä mitä mitään moni monta muu muut muita mutten niiden niitä noin nuo olemme olen
        olet olette olisi olivat olla ollut onko ovatko pitäisi pitää saada saako samoin sen siellä
        siihen siinä silloin sille sinun sinä sitä sitten tahtoisin tarvitsen teidän tekee tehdä tuo
        tämän tähän täällä usein vai vaikka voiko voinko voidaan voida voisi vielä""",
    "tr": """acaba aynı bana başka bazı belki beni benim bize bizi bizim böyle buna bunlar bunu
        bunun burada bütün çünkü değil dolayı eğer etmek ettiğim hangi hangisi hani hâlâ hala hep
        hepsi hiç hiçbir ister istiyorum kaç kez kendi kim kimi kimin kimse lütfen madem merhaba mi
        mı mu mü nasıl neden nedir nerede nereden nereye niçin niye olabilir olduğu olduğunu oldu
        olmak olmuyor olsa olur onlar onların onu onun orada öyle rağmen sadece sana seni senin sizi
        sizin sonra şey şimdi şöyle tarafından teşekkürler tüm üzere var yalnız yani yapabilirim
        yapılır yapmak yardım yine yok zaten""",
    "cs": """ahoj asi až bude budete budou budu byl byla byli bylo celý chce chci chtěl chtěla další
        děkuji dobrý dokud dost ho jaká jaké jaký jakou jakých jakmile jej jejich jemu jenom jenže
        jestli již jiné jiný jinak každý kam kdo kdy kolik kromě koho komu má mají mám máme máte
        málo mě mezi mi mít mně mnou moc moci mohl mohou mohu moje můj může můžete můžu musí musím
        muset my nás náš naše našeho nám ně něco nějak nějaký někdo někde některé němu nic nich
        nikdo nikdy ním nutné on ona oni ono pak pomoc pokud potom potřebuji právě proč prosím
        protože proti před přes přesto sám sebe sice spolu stále své svůj svou svých ta také takže
        takový tam tato teď tedy ten tento těch této ti tím tohle toho tomu tu tuto tvůj ty tyto vám
        váš vaše vás velmi více vlastně však vše všechno všechny všichni vůbec vy vždy zda zde zase
        zatím""",
    "hu": """abban addig ahogy ahol aki akik akkor alatt általában amely amelyek ami amíg amikor
        annak arra azért azok azon azonban aztán azután bár be belül benne csak de egyéb egyes
        egyetlen egyik egyszer ehhez ekkor el ellen előtt elég ennek ennyi én engem eddig erre érte
        ezek ezen ezért eztán fel felé hanem hanyadik hány hello helló hogyan honnan hol hova ide
        igen így ill ilyen ilyenkor inkább jó kell kellene kellett kérem keresztül kik kívül
        köszönöm között közül legalább legyen lehet lehetett lenni lenne lesz lett ma magát majd más
        másik me mely melyek melyik mert mellett mennyi miatt mié miért mikor milyen minden mindenki
        mindig mintha mit mivel most nagyon néha nekem neki nekünk néhány nélkül ő ők olyan önnek ön
        pedig persze rá része saját sem semmi segítség sok sokkal szabad szerint szeretnék szinte
        számára tehát tovább továbbá tud tudok tudom tudja több ugyanis úgy utolsó után utána vagyok
        vagyis valaki valami valamint vannak vele vissza viszont volna voltak voltam való""",
    "ro": """acea aceasta această aceea acei aceia acel acela acele acest acesta aceste acești acolo
        acum aici ajutor alta alte altceva alți altul are aș așa atât atunci avea avem aveți când
        cât câte câți cel cele celor ceva chiar cine cineva cînd cum cumva deci deja deși despre
        doar dacă dar dvs ea ei el ele era erau ești face fac fără fie fiecare foarte i-am îl îmi
        încă își îți le li lor lui m-am mă mea mei mele meu mi mie mult multe mulți mulțumesc ne
        nici nicio niciun nimic niște noastre noștri nostru noi nou orice ori poate pot puteți prea
        primi puțin salut sale sau său spre sub sunteți suntem ta tău te toate tot toți tu unde
        unele unii unor va vă vi voi vom voastră vreau vreo vrea""",
    "ru": """более больше будем будет будете будто буду будут ведь вместо возле вопрос вообще всегда
        всего всем всех вся всю всё говорит даже другая другие другой других зачем здесь
        здравствуйте иногда именно каждый какая какие каким каких какое какой какого какую которая
        которой которого которое которые который которых кого кому кроме куда либо лишь лучше между
        меня мной мог могу могут может можете можно мои моё моего моей моём мой моя надо наш наша
        наше нашей нее ней нельзя нему несколько нибудь никак никогда ним них ничего нужна нужно
        нужен один одна однако опять откуда отчего очень перед подскажите пожалуйста помогите помощь
        пока после потом потому почему почти привет просто против раз разве сам сама сами самый свое
        своего своей свои свою себе себя сейчас сделать сколько снова спасибо среди такая также
        такие такой твой тебе тебя тем теперь того тогда тоже только том тому тот той тут ты хорошо
        хотел хочу хоть чего чей чем через чём чтоб чуть этим этих этого этой этом этому эту""",
    "uk": """адже багато більше будемо буде будете буду будуть будь ваш ваша ваше вже відколи вітаю
        весь всього всіх вся все втім дещо дуже дякую дякувати їм інша інше інші завжди замість
        зараз іноді кого кому котрий краще крім куди кожен лише має маю мають між мені мною моє мої
        мого моєї могти може можете можна можу можуть моя нас навіть нам нами наш наша наше нашої
        ніколи ніхто ніщо ній ним них нічого нього одна однак один ось перед після потім потрібно
        потрібен привіт просто проти поки раз сам свій своє свої своєї себе скільки собі спочатку
        стільки такий така таке такі також твій тебе теж тепер тим тих тільки тобі тобто того тоді
        тому треба туди хіба хочу хто хтось чий чим чого чому через цього цьому цю цим як-небудь
        якась якби якій яким яких якого якої якому якось яку""",
    "ar": """آخر أخرى أحد أريد إذا اذا ألا أما أمام أنا أنت أنتم إنه أنه أنها أيضا أيضاً أية أين
        أيها إلا الآن اللاتي اللتي ايضا بسبب بعض بها به بهذا بينما تكون تم تلك جدا جميع حتى حول حيث
        حين خلال دون ذات سوف سيكون شكرا شيء ضد ضمن عبر عدة عليه عليها عندما غير فإن فقط فوق فيه فيها
        كانوا كأن كذلك كم كيف كيفية لأن لدى لدي لديه لديها لذلك لست لقد لكن لكي لماذا له لها لهم لو
        ليس ليست ماذا متى مثل مرحبا مساعدة مما منذ منه منها نحن نفس نفسه هؤلاء هل هن هنا هناك وقد
        وكان وهو وهي يا يتم يجب يكون يمكن يمكنك يمكنني""",
    "fa": """آنها آیا اما اگر ایشان باشد باید بعد بود بودن بوده بین پس پیش تو تمام چرا چند چه چطور
        چگونه چی چیست خود خواهد داد دارد دارم دارند داشت دیگر سپس سلام شاید شد شده شما شود کجا کدام
        کسی کن کند کنم کنند کنید کی گفت لطفا ما ممنون من می میشود نمی نه نیز نیست ها های هر همان همه
        همین هیچ هستم هستند وقتی ولی""",
    "el": """αλλά αν ακόμα ακόμη άλλα άλλη άλλο άλλος άλλοι αυτά αυτές αυτή αυτής αυτοί αυτός αυτού
        αφού βοήθεια γεια γίνει γίνεται γιατί διότι δηλαδή εάν εγώ εδώ εκεί εκείνο εκείνος εμένα
        εμείς ένας έναν ενώ επειδή επίσης εσύ εσείς ευχαριστώ έχει έχετε έχουμε έχουν έχω ή ήδη ήταν
        θα ίδιο ίδια ίσως κάθε καθώς κάνει κάνω κάποιος κάποια κάποιο κάτι κατά κι λίγο λοιπόν μέσα
        μετά μέχρι μην μη μου μόνο μπορεί μπορείτε μπορώ ναι όλα όλες όλοι όλο όμως όποιος όπου όσο
        όταν ούτε όχι παρά παρακαλώ πάντα πάρα περισσότερο ποια ποιες ποιο ποιοι ποιος ποιον πολύ
        πολλά πολλοί πόσα πόσες πόσο πότε ποτέ πού πρέπει πριν προς πώς πως σας σου τίποτα τόσο τότε
        τώρα υπάρχει υπάρχουν χρειάζομαι ώστε""",
    "hi": """अगर अपना अपनी अपने अब अभी आप आपका आपकी आपके इन इसका इसके इसलिए इसे उन उनका उनके उस उसका
        उसके उसे ऐसा ऐसे कब कभी कर करता करते करना करने करें कहाँ कहां कारण किस किसी किया कितना कितने
        कितनी किन कुछ कृपया कैसे कोई कौन कौनसा क्या क्यों चाहता चाहिए जब जहाँ जा जाता जाती जाते जाना
        जिस जिसे जैसे तक तब तरह दिया दूसरे धन्यवाद नमस्ते ना पास फिर बहुत बाद बारे मदद मुझे मेरा
        मेरी मेरे मैं यदि यहाँ या ये रहा रही रहे लगता लिए ले लेकिन व वहाँ वाला वाली वाले वे सकता
        सकती सकते सब सभी साथ हम हमारा हमारे हमें हर ही हुआ हुई हुए हूँ हो होता होती होते होना
        होने""",
}

# What a language is known by is of the same kind.
FAINT_WORDS: dict[str, frozenset[str]] = {
    language: (frozenset(_FAINT.get(language, "").split()) | TELLTALE[language]) - stop_words
    for language, stop_words in STOP_WORDS.items()
}
