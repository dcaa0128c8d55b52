"""Words that carry a sentence and no topic, by language; they are neither indexed nor asked for."""

GERMAN = frozenset(
    """
    ab aber all alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes auch auf aus
    bei beim bereits bin bis bist bitte bzw da dabei dadurch dafür dagegen daher damit danach daran darauf daraus darf
    darin darum darunter darüber das dass davon davor dazu daß dein deine deinem deinen deiner deines dem den denen
    denn der deren des dessen deshalb dich die dies diese diesem diesen dieser dieses dir doch dort du durch
    dürfen eben ein eine einem einen einer eines einige einigem einigen einiger einiges einmal er es etwa etwas euch
    euer eure eurem euren eurer eures falls für gab gar geben gegen genau gibt habe haben hat hatte hatten hattest
    hattet hier hin hinter hätte hätten ich ihm ihn ihnen ihr ihre ihrem ihren ihrer ihres im immer in indem ins
    irgendein irgendeine ist ja je jede jedem jeden jeder jedes jedoch jemand jene jenem jenen jener jenes jetzt kann
    kannst kein keine keinem keinen keiner keines können könnte könnten man manche manchem manchen mancher manches
    mehr mein meine meinem meinen meiner meines mich mir mit muss musste mussten muß möchte möchten müssen müsste
    nach neben nicht nichts noch nun nur ob obwohl oder ohne schon sehr sei seid sein seine seinem seinen seiner
    seines seit selbst sich sie sind so sobald sofern sogar solche solchem solchen solcher solches soll sollen sollte
    sollten somit sondern sonst soweit sowie sowohl um und uns unser unsere unserem unseren unserer unseres unter
    viel viele vielen vom von vor war waren warst warum was weder weil welche welchem welchen welcher welches wem wen
    wenn wer werde werden wessen weshalb wie wieder wieso wieviel will wir wird wirst wo wobei wodurch wofür woher
    wohin wollen wollte wollten womit woran worauf woraus worin worum worüber wovon wozu wurde wurden während wäre
    wären würde würden zu zum zur zwar zwischen wann über übers
    """.split()
)

ENGLISH = frozenset(
    """
    a about above after again against all also am an and any are aren't as at be because been before being below
    between both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during each else
    ever few for from further had hadn't has hasn't have haven't having he her here hers herself him himself his how
    however i i'd i'll i'm i've if in into is isn't it it's its itself just let's me mine more most must mustn't my
    myself no nor not of off on once only or other ought our ours ourselves out over own per please same shall shan't
    she should shouldn't since so some such than that that's the their theirs them themselves then there there's
    therefore these they they'd they'll they're they've this those though through thus to too under until up upon us
    very via was wasn't we we'd we'll we're we've were weren't what what's when where whether which while who who's
    whom whose why will with within without won't would wouldn't yet you you'd you'll you're you've your yours
    yourself yourselves
    """.split()
)

GERMAN_ASKING = frozenset(
    """
    bedeutet bekomme bekommen bekommt benötige benötigen benötigt brauche brauchen braucht gelten gilt groß häufig
    heißen heißt hoch kriege kriegen kriegt lang lange mache machen macht oft schnell
    stelle stellen stellt teuer viel weit wissen zeige zeigen
    """.replace("ß", "ss").split()
)

ENGLISH_ASKING = frozenset(
    """
    far fast find get gets give happen happens know long many mean means much need needs often quickly show tell want
    """.split()
)
"""Words of "how long", "what do I need": they say that something is asked for, not what. Passages keep them."""
