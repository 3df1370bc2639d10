extension Lexicon {
    static let monthNames = [
        "january jan januar janvier enero gennaio januari styczen stycznia janeiro januari tammikuu tammikuuta",
        "february feb februar fevrier febrero febbraio februari luty lutego fevereiro helmikuu helmikuuta",
        "march mar marz mars marzo maart marzec marca marco maaliskuu maaliskuuta maerz",
        "april apr avril abril aprile kwiecien kwietnia huhtikuu huhtikuuta",
        "may mai mayo maggio mei maj maja maio toukokuu toukokuuta",
        "june jun juni juin junio giugno czerwiec czerwca junho kesakuu kesakuuta",
        "july jul juli juillet julio luglio lipiec lipca julho heinakuu heinakuuta",
        "august aug aout agosto augustus sierpien sierpnia augusti elokuu elokuuta",
        "september sep sept septembre septiembre settembre wrzesien wrzesnia setembro syyskuu syyskuuta",
        "october oct oktober octobre octubre ottobre pazdziernik pazdziernika outubro okt lokakuu lokakuuta",
        "november nov novembre noviembre listopad listopada novembro marraskuu marraskuuta",
        "december dec dezember decembre diciembre dicembre grudzien grudnia dezembro dez joulukuu joulukuuta desember",
    ]
    static let weekdays = """
        monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag \
        sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miercoles jueves viernes \
        domingo lunedi martedi mercoledi giovedi venerdi maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
        """
    static let yearCues = """
        in since during of from until till by year before after around circa summer winter spring autumn fall en im \
        seit depuis nel dal desde em roku anno jahr ano año late early mid between and a on this next am le el meet
        """
    static let titles = """
        mr mrs ms miss mx dr prof professor sir dame madam herr frau sra srta senor senora don dona mme mlle monsieur \
        madame sig signor signora signorina dott dottoressa dhr mevr mevrouw meneer hr fru froken herra rouva pan pani \
        rev reverend father sister judge senator president captain capt sgt lt col gen officer detective \
        shri smt kumari nurse uncle aunt auntie rabbi imam
        """
    static let particles = """
        van von der den de del della di da dos das do du la le los las bin ibn al el ter ten te zu zum af av y e ben \
        san santa st mc mac o d
        """
    static let cues = """
        named called says said signed author writes regards dear hi hello hey thanks cheers mit by met ask contact \
        i'm i’m patient employee customer tenant client applicant attn
        """
    static let organisations = """
        inc ltd llc llp plc corp corporation company co gmbh ag sa spa srl bv nv oy ab as aps group holdings bank \
        university college school institute foundation association orchestra hospital clinic museum church council \
        committee department ministry agency partners associates industries systems technologies solutions services \
        software labs studio studios magazine press club team party union network airport station hotel restaurant \
        international limited kg sons brothers bros weekly times journal post award awards prize stadium arena theatre \
        theater incorporated airlines motors insurance consulting media records entertainment games research capital \
        ventures securities energy pharmaceuticals force navy army
        """
    static let streetsAfter = """
        street st road rd avenue ave boulevard blvd lane ln drive dr court ct place pl square sq terrace way parkway \
        pkwy highway hwy circle cir trail crescent cres close grove gardens mews alley plaza path row walk rise hill \
        green park bridge quay wharf parade esplanade loop route gate ridge turnpike heights
        """
    static let streetsBefore = """
        rue avenue boulevard quai impasse allee chemin route calle avenida avda plaza paseo carretera camino via viale \
        corso piazza vicolo largo strada rua travessa alameda praca ul ulica al aleja os osiedle plac c/ av ronda
        """
    static let units = """
        apt apartment suite unit floor flat room box ste
        """
    /// English and a few others' words that begin sentences or stand capitalised in headings.
    static let commonWords = """
        the a an and or but if when while where who what why how which whose this that these those there here it its \
        i we you he she they me him her us them my your his our their mine yours is are was were be been being am do \
        does did have has had having will would can could may might shall should must not no yes ok okay please thanks \
        thank hello hi hey dear sorry welcome good morning afternoon evening night day week month year today tomorrow \
        yesterday now then after before during since until till by for from with without about above below over under \
        again further once on off in out up down to at of as into through between against both each few more most other \
        some such only own same so than too very just because also however therefore although though unless whether all \
        any every many much several another first second third last next new old young big small great high low long \
        short early late right left best better worst name names address phone email mail fax mobile website office \
        desk home work number date time subject re fw fwd note notes answer question order invoice account card credit \
        bank payment customer client patient user admin manager director engineer developer consultant assistant doctor \
        nurse teacher driver officer agent analyst designer president chief executive officer founder senior junior lead \
        head vice general secretary minister english german french spanish italian dutch polish swedish danish norwegian \
        finnish russian chinese japanese american british indian australian canadian brazilian european african asian \
        greek turkish czech hungarian irish scottish welsh portuguese mexican swiss austrian belgian korean arab jewish \
        christian muslim catholic north south east west northern southern eastern western central upper lower united \
        states kingdom republic union federal national international state city town village county district region \
        country street road avenue lane house building park river lake mountain sea ocean bay island beach bridge castle \
        january february march april june july august september october november december monday tuesday wednesday \
        thursday friday saturday sunday christmas easter god jesus internet web google facebook twitter apple microsoft \
        amazon linux windows android java python swift javascript docker kubernetes aws azure github gitlab slack api \
        http https sql json xml html css url uri id ids ip pdf csv todo error warning info debug let get set put post \
        delete update create read write open close start stop run see show find look check click go come take make give \
        keep use try call ask tell say said says send received receive need want like love know think feel believe hope \
        help wait visit meet buy sell pay read listen remember consider note based according given following including \
        please kindly regards sincerely best yours faithfully cheers cc bcc ps attn via per vs etc one two three four \
        five six seven eight nine ten hundred thousand million billion der die das und ist ein eine mit von zu den dem \
        im wir sie ich er es nicht auf fur als auch wenn le les une un et est dans pour avec sur nous vous ils elle je \
        el los las una en y es por para con que como il lo gli uno di che per con non sono de het een en op voor met \
        niet ik wij na sie mein meine name nombre nom nome naam adres adresse direccion indirizzo endereco datum fecha \
        data date born dob ssn iban visa mastercard passport license licence driver number social security personal info \
        information details contact title position department company organization website blog site page section chapter \
        article table figure part item list total price cost amount balance transaction transfer report meeting call \
        project team group member members people person man woman men women boy girl mother father brother sister son \
        daughter wife husband friend friends family children baby king queen church school university college hospital \
        film movie song album band music book story game show series episode season version release model server client \
        database network system data file files folder service services product products market business industry \
        government police army court law president congress senate parliament war world cup league olympics academy award \
        cube tube snake boogie entertainment zip code mobile fax born maiden blood type height weight allergies diagnosis \
        medication history examination treatment symptoms original edition sent what's it's that's there's let's don't \
        can't won't i'm i'll i've you're he's she's we're they're isn't doesn't didn't who's here's where's how's
        """
    static let places = """
        afghanistan albania algeria andorra angola argentina armenia australia austria azerbaijan bahamas bahrain \
        bangladesh barbados belarus belgium belize bolivia bosnia botswana brazil brunei bulgaria cambodia cameroon \
        canada chile china colombia congo croatia cuba cyprus czechia denmark ecuador egypt estonia ethiopia \
        fiji finland france gabon gambia germany ghana greece greenland guatemala guinea haiti honduras hungary iceland \
        india indonesia iran iraq ireland israel italy jamaica japan kazakhstan kenya kuwait laos latvia lebanon \
        liberia libya lithuania luxembourg macedonia malawi malaysia maldives mali malta mauritius mexico moldova monaco \
        mongolia montenegro morocco mozambique myanmar namibia nepal netherlands nicaragua niger nigeria norway oman \
        pakistan panama paraguay peru philippines poland portugal qatar romania russia rwanda samoa senegal serbia \
        singapore slovakia slovenia somalia spain sudan suriname sweden switzerland syria taiwan tanzania thailand togo \
        tunisia turkey uganda ukraine uruguay uzbekistan venezuela vietnam yemen zambia zimbabwe england scotland wales \
        america europe asia africa deutschland espana italia polska sverige norge danmark suomi osterreich schweiz suisse \
        london berlin madrid rome roma milan milano munich munchen hamburg cologne frankfurt vienna wien zurich geneva \
        amsterdam rotterdam brussels bruxelles barcelona valencia sevilla lisbon lisboa porto warsaw warszawa krakow \
        prague budapest bucharest sofia athens istanbul ankara moscow kiev kyiv minsk riga vilnius tallinn helsinki \
        stockholm oslo copenhagen kobenhavn goteborg malmo dublin belfast edinburgh glasgow manchester liverpool leeds \
        birmingham bristol york cambridge oxford boston chicago seattle denver dallas houston phoenix philadelphia \
        angeles francisco diego jose vegas miami atlanta detroit toronto montreal vancouver ottawa mumbai delhi bangalore \
        bengaluru chennai kolkata hyderabad pune tokyo osaka kyoto beijing shanghai seoul bangkok jakarta manila hanoi \
        sydney melbourne brisbane perth adelaide canberra auckland wellington cairo lagos nairobi johannesburg cape \
        texas california florida ohio michigan oregon nevada arizona utah colorado kansas iowa illinois indiana kentucky \
        tennessee alabama louisiana oklahoma nebraska dakota montana idaho wyoming massachusetts connecticut maine \
        vermont jersey hampshire maryland pennsylvania delaware alaska hawaii bavaria bayern sachsen hessen catalonia \
        paulo janeiro rio buenos aires santiago bogota lima caracas brasil
        """
}
