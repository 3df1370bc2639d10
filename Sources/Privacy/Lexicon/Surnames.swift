extension Lexicon {
    /// Frequent surnames, from general knowledge; without accents. Many more are known by their endings.
    static let surnames = """
        smith johnson williams jones davis miller wilson moore anderson thomas jackson thompson garcia martinez \
        robinson rodriguez lewis lee walker hall allen hernandez wright lopez scott adams gonzalez \
        nelson mitchell perez roberts turner phillips campbell evans edwards collins stewart sanchez \
        morris rogers reed morgan murphy bailey rivera richardson howard torres peterson gray ramirez james watson brooks \
        kelly sanders price bennett wood barnes ross henderson coleman jenkins perry powell long patterson hughes flores \
        washington butler simmons gonzales bryant alexander russell griffin diaz hayes myers hamilton graham \
        sullivan wallace woods cole west owens reynolds fisher ellis harrison gibson mcdonald cruz marshall ortiz gomez \
        murray freeman wells webb simpson stevens tucker porter hicks crawford henry boyd mason morales kennedy \
        warren dixon ramos reyes burns gordon shaw holmes rice robertson hunt black daniels palmer mills nichols \
        grant knight ferguson hawkins dunn perkins hudson spencer gardner stephens payne pierce berry \
        matthews arnold wagner willis watkins olson carroll duncan snyder hart cunningham lane andrews \
        ruiz harper riley armstrong carpenter weaver greene lawrence elliott chavez sims austin peters kelley franklin \
        lawson fields gutierrez ryan schmidt carr vasquez castillo wheeler chapman oliver montgomery richards williamson \
        johnston banks meyer bishop mccoy howell alvarez morrison hansen fernandez garza harvey burton nguyen \
        jacobs reid fuller lynch garrett romero welch larson frazier burke hanson mendoza moreno bowman medina fowler \
        dickson hague pratt manning barrett meza leiva baker clarke patel khan singh kaur sharma gupta kumar verma \
        reddy rao iyer nair menon das bose ghosh mukherjee chatterjee banerjee joshi desai mehta shah jain agarwal \
        malhotra kapoor chopra bhat pillai mishra pandey tiwari yadav chauhan naidu ahmed hussain begum \
        muller schneider fischer weber becker schulz hoffmann schafer koch bauer richter klein wolf schroder \
        neumann schwarz zimmermann braun kruger hofmann hartmann lange schmitt werner schmitz krause meier lehmann \
        schmid schulze maier kohler herrmann konig walter mayer huber kaiser fuchs peters lang scholz moller weiss jung \
        hahn schubert vogel friedrich keller gunther frank berger winkler roth beck lorenz baumann franke albrecht \
        schuster simon ludwig bohm winter kraus martin schumacher kramer vogt stein jager otto sommer gross seidel \
        heinrich brandt haas schreiber graf schulte dietrich ziegler kuhn kuhne pohl engel horn busch bergmann thomas \
        voigt sauer arnold wolff pfeiffer beike himmel baader drescher ackerman bernard dubois durand robert richard petit \
        leroy moreau simon laurent lefebvre michel bertrand roux vincent fournier morel girard andre lefevre mercier dupont \
        lambert bonnet francois martinez legrand garnier faure rousseau blanc guerin boyer garner chevalier bizier \
        gauthier perrin robin clement morin nicolas henry roussel mathieu gautier masson marchand duval denis dumont marie \
        lemaire noel meyer dufour meunier brun blanchard giraud joly riviere lucas brunet gaillard barbier arnaud \
        rossi russo ferrari esposito bianchi romano colombo ricci marino greco bruno gallo conti de luca costa giordano \
        mancini rizzo lombardi moretti barbieri fontana santoro mariani rinaldi caruso ferrara galli martini leone \
        longo gentile martinelli vitale lombardo serra coppola desantis marchetti parisi villa conte ferraro fabbri \
        bianco marini grasso valentini messina sala gatti pellegrini palumbo sanna farina rizzi monti cattaneo morelli \
        amato silvestri mazza testa grassi pellegrino carbone giuliani benedetti barone orlando nucci trevisani \
        fiorentino santos silva souza oliveira pereira lima carvalho ferreira ribeiro almeida costa gomes martins araujo \
        barbosa rocha dias nunes cardoso teixeira moreira cavalcanti azevedo correia campos barros freitas mendes machado \
        lopes vieira monteiro moura cunha pinto fonseca nascimento jimenez munoz alonso navarro dominguez gil vazquez \
        serrano blanco molina suarez delgado castro ortega rubio marin sanz nunez iglesias garrido cortes santos \
        lozano guerrero cano prieto mendez calvo gallego vidal leon herrera marquez pena cabrera campos vega fuentes \
        carrasco diez caballero nieto reyes aguilar pascual herrero santana lorenzo hidalgo montero ibanez gimenez ferrer \
        duran vicente benitez mora arias vargas carmona crespo roman pastor soto saez velasco soler moya esteban parra \
        bravo gallardo rojas carvajal narvaez alcaraz jong jansen vries bakker visser smit meijer boer mulder groot bos \
        vos hendriks dekker dijkstra janssen bruijn beek heuver wit dijk vermeulen peeters maes jacobs mertens willems \
        claes goossens wouters nowak wojcik kowalczyk wozniak mazur krawczyk kaczmarek zajac krol wieczorek wrobel \
        stepien dudek pawlak walczak sikora michalak szewczyk baran tomaszewski duda szulc kubiak wilk lis \
        novak svoboda dvorak cerny prochazka kucera vesely horak nemec pokorny pospisil hajek kral jelinek ruzicka \
        benes fiala sedlacek dolezal zeman kolar krejci cermak urban vanek blazek kriz kopecky nagy kovacs toth \
        szabo horvath varga kiss molnar nemeth farkas balogh papp takacs juhasz lakatos meszaros olah simon racz fekete \
        szilagyi torok feher balazs gal kis szucs kocsis pinter fodor orsos szalai sipos magyar lukacs gulyas biro kiraly \
        laszlo balog bogdan jakab katona sandor varadi boros fazekas kelemen antall szasz szollosy gelencser \
        yilmaz kaya demir sahin celik yildiz yildirim ozturk aydin ozdemir arslan dogan kilic aslan cetin kara koc kurt \
        wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo lin gao luo zheng liang tang \
        sato suzuki takahashi tanaka watanabe ito yamamoto nakamura kobayashi kato yoshida yamada sasaki yamaguchi \
        matsumoto inoue kimura hayashi shimizu yamazaki mori abe ikeda hashimoto ishikawa ogawa goto okada hasegawa \
        fujita kondo fukuda kawano hirai arata hori kim park choi jung kang cho yoon jang lim han tran le pham hoang phan \
        vu dang bui do ho ngo duong okafor okonkwo adeyemi balogun eze nwosu mensah owusu boateng asante osei \
        mwangi njoroge kamau ochieng otieno dlamini nkosi zulu botha smit vanderberg khoury haddad mansour saleh nasser \
        hamdan cohen levi mizrahi peretz biton friedman katz goldberg rosenberg o'brien o'connor o'neill oneal o'sullivan \
        byrne walsh doyle mccarthy gallagher doherty quinn mclaughlin carroll connolly daly wilson lynch dunne brennan \
        burke collins macdonald maclean mackenzie mackay fraser sinclair lahtinen virtanen korhonen makinen nieminen \
        makela hamalainen laine heikkinen koskinen jarvinen lehtonen lehtinen saarinen salminen heinonen niemi heikkila \
        kinnunen salonen turunen salo laitinen tuominen rantanen karjalainen jokinen mattila savolainen lindberg \
        lindqvist lindgren lindstrom berg bergstrom lundberg lund lundgren lundqvist berglund sandberg forsberg sjoberg \
        wallin engstrom danielsson hakansson holm holmberg nystrom ek eklund ekstrom forsstrom hedlund bjorklund bjork \
        nyberg akesson dahl haugen hagen halvorsen berge moen strand lie solberg bakken holloway pottinger lennox
        """
    static let ambiguousSurnames = """
        brown white green young king hill carter parker cook bell cooper ward cox rose day hunter stone bush rich \
        little sharp bird bond bridges brooks church cross field flowers forest fox french gates glass gold grove \
        hardy head hope house keys lake love low may moon moss nash north page park pope post power price rush short \
        snow steel strong summers sweet swift waters winters wise wolfe best case cash child fish english farmer ball
        """

    /// Endings that hardly any word has that is no surname; lower-case, folded.
    static let surnameEndings: [[UInt8]] = [
        "ovic", "evic", "sson", "dottir", "enko", "czyk", "wski", "wska", "cki", "cka", "nski", "nska", "opoulos",
        "akis", "idis", "adze", "shvili", "yan", "ova", "eva", "sen", "ainen", "inen", "qvist", "strom", "oglu",
        "escu", "ienko", "chuk", "ovsky", "evich", "ovich", "ijev", "iyev", "ayev", "iev", "yev", "kova", "ckova",
        "ov", "ev", "ez", "elli", "ucci", "stra", "sma", "inga", "berg", "gaard", "quist", "vich", "zadeh", "nejad",
    ].map { Array($0.utf8) }
}
