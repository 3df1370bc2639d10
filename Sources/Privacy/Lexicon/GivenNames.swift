extension Lexicon {
    /// Given names by language, from general knowledge; without accents.
    static let givenNames = [english, german, french, spanish, italian, slavic, nordic, others]

    /// Names that are also words, months or places.
    static let ambiguousNames = """
        will may june april august mark grace hope faith joy rose lily daisy jack bill bob rich art drew chase hunter \
        chance dean earl frank gene grant guy iris ivy jade jean jewel lance max miles nick norm pat paris patience penny \
        pierce ray reed rob robin rusty sky skip summer sue tiffany tony victor violet wade ward will autumn dawn eve \
        christian dallas austin brooklyn chelsea china cuba georgia jordan kenya virginia carolina florence savannah \
        sydney sofia alma angel bella carmen consuelo dolores mercedes paz pilar rio santiago don jose ana an bo do la \
        le ali my son star sterling stone tanner taylor tyler baker carter cash chip clay cliff colt cookie cruz dale \
        glen harmony heath honor jay king kit lane lee major marina melody mercy mason parker porter prince \
        princess queenie rocky roman royal sage sandy sonny story sunny trinity wren ford dot van ben dan
        """
    private static let english = """
        james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony donald \
        steven paul andrew joshua kenneth kevin brian george edward ronald timothy jason jeffrey ryan jacob gary nicholas \
        eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander patrick raymond dennis jerry \
        aaron adam nathan henry douglas zachary peter kyle walter ethan jeremy harold keith roger noah gerald \
        carl terry sean arthur lawrence jesse dylan bryan joe billy bruce albert willie gabriel logan alan juan \
        ralph roy eugene randy vincent russell elijah louis bobby philip johnny harry oliver liam mason lucas jackson \
        aiden caleb owen wyatt luke isaac gavin connor evan colin neil ian graham stuart barry nigel trevor clive derek \
        simon martin darren craig duncan hugh leonard stanley frederick fred theodore ted eddie edgar edwin ernest harvey \
        herbert howard hubert jerome joel karl leo leon leroy lewis lloyd marcus marvin maurice melvin \
        norman oscar otto perry phillip preston quentin reginald rodney rory ross ruben rudy rufus salvador shane shawn \
        sidney spencer stewart toby todd tommy tom tim jim jimmy mike matt dave steve chris greg jeff ken \
        sam alex andy danny donnie freddie kurt kirk brett brad chad clint clayton clifford clyde cody corey curtis \
        cameron calvin bernard barrett arnold alfred allen alvin angus archie ashton blake bradley brendan \
        mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra ashley \
        kimberly emily donna michelle carol amanda dorothy melissa deborah stephanie rebecca sharon laura cynthia \
        kathleen amy angela shirley anna brenda pamela emma nicole helen samantha katherine christine debra rachel \
        carolyn janet catherine maria heather diane ruth julie olivia joyce kelly christina lauren joan evelyn \
        judith megan andrea cheryl hannah jacqueline martha gloria teresa ann sara madison frances kathryn janice \
        abigail alice julia judy sophia denise amber doris marilyn danielle beverly isabella theresa diana \
        natalie brittany charlotte marie kayla alexis lori zoe chloe mia ella ava aria molly lucy ellie phoebe freya \
        imogen poppy isla jenna jenny jill jodie josephine joanna joanne kate katie kathy kerry kirsten kristen leah \
        leslie lindsay lindsey lorraine louise lydia lynn mabel maggie marjorie maureen meghan miranda misty monica muriel \
        naomi natasha nell nora norma paula peggy phyllis polly rhonda rita roberta rosemary roxanne sabrina sally \
        shannon sheila shelley sherry sonia stacey stacy stella tamara tanya tara tracy ursula valerie vanessa vera \
        veronica vicky victoria vivian wanda wendy whitney yolanda yvette yvonne zara abby agnes alexandra alicia alison \
        allison annabel anne annette annie audrey becky bernice bethany beth bonnie bridget caitlin camilla candice caroline \
        carrie cassandra cecilia celia charlene christie cindy claire clara claudia colleen connie courtney crystal cynthia \
        daphne debbie delia eileen elaine eleanor ellen eliza elsie erica erin esther ethel eva fiona gail gemma geraldine \
        gillian gina gladys gwen gwendolyn harriet hazel heidi hilary hilda holly ida irene isabel jane janine jasmine
        """
    private static let german = """
        hans klaus jurgen wolfgang helmut gunter gunther dieter manfred uwe horst heinz gerhard werner rainer bernd \
        matthias andreas stefan thorsten torsten sven jens kai lars ralf rolf holger jorg axel dirk frank markus \
        michael sebastian tobias florian felix jonas lukas maximilian moritz niklas philipp tim finn leon paul elias \
        fritz friedrich wilhelm ludwig johann johannes georg franz josef karl ernst hermann walter rudolf siegfried \
        ulrich volker armin detlef eckhard egon emil erwin gregor gustav hannes heiko heinrich hendrik henning ingo \
        joachim jochen konrad kurt lothar marco norbert olaf oswald reinhard roland ruediger udo ulf urs beat reto \
        ursula monika petra sabine renate helga karin brigitte ingrid erika christa gisela gudrun hannelore heike \
        andrea claudia susanne birgit gabriele silke anke antje katrin kathrin kerstin martina nadine nicole sandra \
        stefanie tanja ulrike ute anja bettina britta cornelia dagmar doris elke elisabeth eva franziska friederike \
        greta hanna hedwig hildegard ilse inge jana johanna jutta katharina katja klara lena leonie luisa mareike \
        margarete marlene mathilda melanie mia nele regina rosemarie sigrid sonja swantje svenja theresa traudl \
        trude ulla vanessa waltraud wiebke kristin kristina annika ines lieselotte anneliese liesel layla dominik jannik \
        benedikt anton alois xaver sepp bastian steffen stephan marcel pascal patrik rene dennis kevin niels timo thilo
        """
    private static let french = """
        jean pierre michel jacques philippe alain bernard andre christian claude daniel francois gerard guy henri louis \
        marc marcel maurice nicolas olivier pascal patrice patrick paul raymond rene robert roger serge stephane \
        sylvain thierry vincent yves antoine arnaud aurelien baptiste benoit bruno cedric christophe clement damien \
        david denis didier dominique emmanuel eric etienne fabien fabrice florent franck frederic gael gaston \
        gilbert gilles guillaume gustave herve hugo jerome joel julien laurent leo luc lucien ludovic mathieu \
        matthieu maxime mathis noel quentin raphael remi remy romain sebastien theo thibault thomas tristan valentin \
        victor xavier yann yannick marie jeanne francoise monique catherine nathalie isabelle sylvie anne jacqueline \
        martine nicole christine valerie veronique sandrine stephanie sophie celine chantal christelle corinne \
        brigitte dominique aurelie amelie agnes alice audrey beatrice camille caroline cecile charlotte chloe claire \
        clemence colette delphine denise dominique elise elodie emilie emma estelle eugenie evelyne fabienne fanny \
        florence gabrielle genevieve ghislaine helene henriette ines jeannine josephine josette julie juliette justine \
        karine laetitia laure lea liliane louise lucie lucienne madeleine magali manon margaux margot marguerite \
        marine marion marthe mathilde melanie mireille muriel noemie odette odile pauline raymonde regine renee rosalie \
        sabine severine simone solange solene suzanne therese virginie yvette yvonne zoe landry
        """
    private static let spanish = """
        antonio jose manuel francisco juan david javier carlos jesus miguel alejandro rafael pedro pablo angel sergio \
        fernando jorge luis alberto alvaro diego adrian raul enrique ramon vicente ivan ruben oscar andres joaquin \
        santiago eduardo victor roberto jaime mario ignacio alfonso salvador ricardo marcos emilio julian julio \
        guillermo gabriel tomas agustin gonzalo mateo felipe rodrigo cesar arturo ernesto esteban federico gerardo \
        gilberto gustavo hector hernan horacio hugo humberto ismael leandro leonardo lorenzo marcelo martin mauricio \
        maximo nicolas octavio omar orlando osvaldo patricio rene rigoberto rodolfo rogelio saul simon ulises xavier \
        carmen maria josefa isabel dolores pilar teresa ana francisca laura antonia mercedes cristina marta lucia \
        elena concepcion rosa rosario paula raquel sara beatriz juana manuela nuria silvia julia irene patricia \
        montserrat rocio alba monica andrea angela encarnacion sonia sandra marina susana alicia margarita yolanda \
        natalia eva esperanza inmaculada veronica luisa lorena noelia victoria esther gloria emilia lidia consuelo \
        blanca catalina fatima gabriela graciela guadalupe ines jimena leticia lourdes luz magdalena marisol maribel \
        mariana martina nieves olga paloma regina remedios renata rebeca sofia soledad valentina valeria vanesa ximena \
        yesenia zulema itziar ainhoa amaia iker aitor unai joao pedro paulo luiz thiago caio bruno rafaela juliana \
        fernanda camila larissa leticia beatriz bianca adriana aline amanda tatiana vitoria luana gustavo matheus vinicius \
        rodrigo marcelo fabio fabiana rogerio edson wellington wagner tiago goncalo duarte ines catarina joana rita tania \
        vasco nuno rui helder filipe filipa mafalda leidy silvana alexandra evaristo florencio aurelio
        """
    private static let italian = """
        giuseppe giovanni antonio mario luigi francesco angelo vincenzo pietro salvatore carlo franco domenico bruno \
        paolo michele giorgio aldo sergio luciano marco andrea alessandro roberto stefano massimo claudio fabio \
        davide matteo lorenzo simone luca federico riccardo daniele gabriele tommaso filippo edoardo enrico emanuele \
        gianluca gianni giacomo gino giulio guido ivano leonardo lino livio marcello mauro maurizio mattia nicola \
        nino oreste pasquale piero raffaele renato renzo rocco romano sandro silvio tiziano ugo umberto valerio vito \
        vittorio benito alfio dario dino elio ennio ettore fabrizio fausto flavio gaetano gennaro graziano alessia \
        maria anna giuseppina rosa angela giovanna teresa lucia carmela caterina francesca antonietta carla elena \
        concetta rita margherita franca paola giulia chiara sara martina valentina alessandra silvia elisa federica \
        giorgia ilaria laura roberta simona stefania barbara beatrice bianca camilla claudia cristina daniela debora \
        donatella eleonora emanuela emma erica fabiola gaia gianna ginevra giuliana graziella irene isabella lara \
        letizia lisa loredana lorena luana luciana ludovica luisa manuela mara marcella mariella marina michela milena \
        mirella monica nadia noemi nunzia ornella patrizia pina raffaella rebecca renata rosanna sabrina serena sonia \
        stella tiziana vanessa veronica viola viviana lucrezia fiorella fiorenza stefania
        """
    private static let slavic = """
        jan piotr krzysztof andrzej tomasz pawel michal marcin jakub adam lukasz grzegorz mateusz wojciech marek \
        mariusz dariusz zbigniew jerzy maciej rafal robert kamil jacek ryszard kazimierz jozef henryk tadeusz stanislaw \
        bartosz przemyslaw szymon artur slawomir miroslaw miroslav leszek bogdan wieslaw czeslaw roman dawid bonifacy \
        anna katarzyna malgorzata agnieszka barbara ewa krystyna elzbieta zofia teresa joanna magdalena monika \
        danuta jadwiga aleksandra halina beata dorota jolanta iwona grazyna justyna renata urszula wanda kinga paulina \
        karolina natalia ewelina edyta patrycja weronika zuzanna alicja bozena kamila kamilla bogumila jiri petr \
        josef pavel jaroslav tomas zdenek vaclav ondrej vojtech lubos milan radek stepan vit vladimir vlastimil zbynek \
        jana marie eva hana lenka katerina lucie vera alena petra veronika jitka ludmila tereza michaela zdenka \
        jarmila sarka irena olga dagmar milena blanka adela eliska simona silvie stepanka radka ivana drahomira bozena \
        ivan dmitri dmitry dmitriy sergei sergey sergej alexei alexey aleksei andrei andrey mikhail nikolai nikolay \
        vladimir viktor yuri yury igor oleg boris anatoly konstantin maksim maxim denis artem kirill ilya pavel roman \
        stanislav vadim valery valentin vasily vyacheslav yaroslav yevgeny evgeny gennady grigory leonid timur ruslan \
        natalia natalya tatiana tatyana svetlana irina yekaterina ekaterina yelena elena galina ludmila lyudmila marina \
        nadezhda oksana yulia julia anastasia daria darya polina ksenia alina larisa lyubov raisa tamara zoya \
        oleksandr volodymyr mykola andriy yuriy bohdan taras olena oksana nataliya halyna iryna petro vasyl \
        marko luka ivica josip ante tomislav zeljko zoran goran dragan milan nikola stefan aleksandar milos nemanja \
        marija ivana jelena milica ana snezana dragana gordana vesna biljana jasmina mirjana katarina tamara borna \
        matej matjaz andrej bostjan janez joze franc marjeta mojca spela tina urska vidica irena donka georgi dimitar \
        hristo plamen stoyan ivaylo desislava ralitsa tsvetana daniela radu mihai ion vasile gheorghe cristian adrian \
        catalin florin ionut bogdan razvan vlad andreea ioana elena mihaela gabriela cristina alexandra raluca
        """
    private static let nordic = """
        lars anders erik karl per nils johan jan mikael gustav olof sven bengt bo hans magnus fredrik henrik mats \
        stefan jonas mattias marcus oskar viktor axel emil filip hugo isak ludvig anton elias bjorn goran hakan \
        ingemar jorgen kjell lennart leif ola olle rune sten sture tage torbjorn tore ulf urban maria anna margareta \
        elisabeth eva kristina birgitta karin marie ingrid christina linnea kerstin sofia lena helena marianne inger \
        johanna annika susanne malin monica ulla katarina gunilla asa ann-marie astrid barbro berit britt ebba elin \
        elsa emelie frida gerd gun gunnel hanna hedda helga hilda ida ingeborg josefin kajsa karolina klara lisbeth \
        lovisa maj maja maud moa my pernilla ronja siv solveig stina sonja tilda tove viveka vilma ylva ole knut \
        arne kjetil olav odd oyvind roar steinar stein svein terje thor tor torstein trond trygve vidar yngve havard \
        harald halvor geir frode finn eirik espen einar egil dag bjarne asbjorn are kari liv bente berit bodil randi \
        turid unni wenche ragnhild sigrid silje tone torill trine vigdis mette jens peter niels jorn jesper kasper \
        rasmus mads mikkel morten kim soren thomas torben steen preben poul palle ole mogens mathias lasse kenneth \
        karsten klaus jeppe jakob ib henning hans erling ejnar christoffer carsten brian bent anker allan kirsten \
        hanne lone gitte dorthe birthe annette bodil camilla charlotte helle inge jette kathrine katrine karen lene lis \
        louise maren merete nanna pia rikke signe sidsel sanne stine tina trine ulla vibeke juhani johannes mikko \
        matti timo kari antti jari jukka pekka markku heikki hannu juha seppo tapio ilkka ville jussi janne sami petri \
        teemu tuomas aleksi eero eino einojuhani esa kalevi lauri olli oskari pentti raimo reijo risto tapani tauno \
        toivo urho vaino veikko aino anneli anne eeva eila elina hanna helmi irja johanna kaarina kaisa katri kirsi \
        kristiina laura leena liisa maarit marja marjatta minna mirja outi paivi pirkko raija riikka ritva saara salla \
        sanna sari satu seija sini sirpa soile suvi tarja terttu tiina tuula tuulikki ulla virpi selma jon sigurdur \
        gudmundur gunnar olafur magnus einar kristjan bjorn stefan johann helgi arni kristin gudrun sigridur helga \
        margret anna ingibjorg sigrun kristjana gudbjorg hafthor hafdis vilhjalmur gardar jonas asgeir minik aputsiaq \
        rasmus nuka paninnguaq malik aqqaluk naja pipaluk toomas tiit urmas margus priit merike kadri liina andris janis \
        juris inese ilze jonas vytautas mindaugas rasa
        """
    private static let others = """
        mohammed muhammad mohamed ahmed ahmad ali hassan hussein omar ibrahim khaled khalid mahmoud mustafa youssef \
        yusuf abdul abdullah abdel karim tariq samir rashid nasser jamal hamid faisal bilal amir zaid ziad fatima aisha \
        khadija maryam zainab layla leila noor nour salma yasmin yasmine samira rania huda hanan amina amal mona rana \
        mehmet mustafa ahmet huseyin hasan ismail osman murat emre burak can cem deniz ayse fatma emine hatice zeynep \
        elif meryem ozlem sevgi rajesh ramesh suresh mahesh amit anil sunil vijay sanjay ajay rahul rohit arjun arun \
        ashok deepak dinesh gaurav gopal hari karan krishna kumar manish manoj mohan mukesh naveen nikhil nitin pankaj \
        prakash pradeep prasad praveen raj raja rajiv rakesh ravi sachin sandeep santosh satish shyam siddharth sanjeev \
        vikram vinod vishal vivek yash aarav aditya akash akshay anand aniket harish jayesh abhishek priya pooja neha \
        anjali sunita anita kavita lakshmi meena meera nisha radha rekha ritu sangeeta shanti shilpa shreya sita sneha \
        swati usha vidya aditi ananya deepika divya ishita jyoti kiran lata madhuri geeta gita indira parvati padma \
        wei jing ming fang hui jun lei yan xin ying yong zhang jian hong xiao mei hiroshi takashi kenji akira satoshi \
        yuki haruto sota yuito riku takeshi makoto kazuo ichiro jiro naoki shigeru toshimi daisuke keiko yoko yumi \
        akiko tomoko naoko yuka sakura hina aoi asuka chise misaki haruka ayumi emiko fumiko hanako noriko kumiko minh \
        hung dung thanh tuan linh huong lan thao nguyet hoang quang duc jisoo minjun seojun jiwoo sungho hyun jihoon \
        soojin eunji gabor laszlo istvan jozsef janos zoltan sandor ferenc attila peter tamas zsolt tibor andras csaba \
        imre lajos balazs gyorgy gyula krisztian mate bence adam bela miklos ferko adony szabina maria erzsebet katalin \
        ilona eva anna zsuzsanna margit judit agnes andrea erika krisztina gabriella zsofia reka nikolett eszter dora \
        janka orsolya timea noemi dimitris giorgos kostas nikos yannis ioannis georgios konstantinos dimitrios panagiotis \
        vasilis christos athanasios evangelos michalis stavros maria eleni katerina vasiliki sofia angeliki georgia \
        konstantina chidi emeka kwame kofi ama amara ngozi chinedu oluwaseun ade tunde femi abebe tesfaye selam kenenisa \
        thabo sipho nomsa lerato wanjiru kamau otieno achieng amina juma baraka zuri shaka ravil aslan magomed \
        ramzan zelimkhan anzor islam moshe yosef david avraham yitzhak shlomo noam eitan itai tamar rivka chaya shira \
        noa siobhan niamh aoife ciara saoirse orla sinead grainne roisin padraig eoin cian oisin declan fergus fionn \
        seamus brendan aidan cormac rhys gareth dafydd owain bronwen angharad sian cerys lowri mairi morag eilidh hamish \
        callum ewan alasdair iain fraser jan piet kees hendrik dirk willem gerrit pieter maarten joost jeroen bram daan \
        sem lars thijs ruben stijn wouter jasper sander bart koen sieuwerd sjoerd anouk femke sanne lieke fleur marloes \
        maaike marijke annemarie saskia hanneke ingeborg anneke willemijn lotte roos evi tess ellen greet griet els \
        ilse joke truus wilma yara malvina janina mattias darrell misty katrine jonathan
        """
}
