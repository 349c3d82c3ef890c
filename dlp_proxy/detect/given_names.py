"""Given names of people in countries that write with Latin letters, as data: whether two words are a name or a thing.

Source: the PyPI package Faker 40.63 (MIT), whose English ones are those of the Social Security Administration of the
United States by frequency, its German, French, Spanish and Italian ones those of the registries there; the commonest
of each, and some that are common in companies of any country. Left out are those that are as usual as words, towns or
surnames.
"""

from __future__ import annotations

from typing import Final

_NAMES: Final = """
aaliyah aaron aarón abbas abdul abdullah abel abigail abigaíl abilio abraham abram abril achille achim ada adalbert
adalberto adam adamo adela adelaida adelardo adelasia adelbert adele adelgunde adelheid adelia adelina adelinde
adeline adelmo adem adina adolf adolfine adolfo adora adoración adrian adriana adriane adriano adrien adrienne adrián
adán adèle adélaïde aenne agapito agata agatha agathe agnes agnieszka agnolo agnès agostino agustina agustín ahmad
ahmed ahmet aimee aimé aimée ainara ainoa aisha aitana aitor alain alan alba alban albano alberico albert albertine
alberto albin albina albino albrecht alcides alderano aldo ale alec alejandra alejandro alejo aleksandar aleksander
aleksandr aleksandra aleksej alena alessandra alessandro alessia alessio alex alexa alexander alexandra alexandre
alexandria alexandrie alexandros alexei alexej alexis alf alfio alfons alfonso alfred alfredo ali alice alicia alicja
alida alina aline alisha alison alix alla allen allison alma almudena almut almuth alois aloisia alondra alonso aloys
alphons alphonse alvin alwin alwina alwine alyssa amada amadeo amado amador amalia amalie amancio amanda amando
amarilis amaro amaya ambrosio amedeo amelia amelie amico amir amit amleto amor amparo amy amélie américa américo
amílcar ana anabel anacleto anastasia anastasie anastasio anastasios anatol anatoli anatolij anaïs andre andrea
andreas andree andrei andrej andres andrew andrey andrzej andré andrée andrés andy aneta anett anette angela angelica
angelika angelina angelino angelique angelita angelo angie angélica ani anica anika anil anita anja anka anke ann anna
annaliese annalisa annamaria anne annedore annegret annegrete annekatrin anneke annelene anneli annelie annelies
anneliese annelise annelore annemarie annemie annerose annett annetta annette anni annibale annie annika annita
annunziata anny anouk ansaldo anselm anselma anselmo ansgar ante anthony antje anto antoine antoinette anton antonella
antonello antonia antonie antonietta antonina antonino antonio antonios antonius anunciación aníbal aoife apolinar
apollonia apolonia apostolos araceli arcelia aria ariadna ariana ariane aribert ariel arif aristides armando armida
armin arnaldo arnaude arnd arndt arne arnfried arnim arno arnold arnulf arnulfo aroa arsenio artemio arthur artur
arturo arzu aránzazu ascensión asdrubal ashlee ashley asta astrid asunción atenulf athanasios atilio attila audrey
august augusta auguste augustin augusto aura aurelia aureliano aurelio aurora aurore aurélie axel aynur ayse aysel
ayten azahar azahara azeglio azeneth aziz azucena babett babette baccio bailey baldassare baldomero balduino baldur
baltasar balthasar baptist barbara barry bartholomäus bartolomeo bartolomé basilio bastian baudelio bautista bayram
beata beate beatrice beatrix beatriz becky begoña bekir bela belen belinda belén ben benedetto benedikt benigna
benigno benita benito benjamin benjamín benno benoît benvenuto beppe berend berenice berit bernabé bernadette bernard
bernarda bernardino bernardita bernardo bernd berndt bernfried bernhard bernhardine bernt bernward bert berta bertha
berthold berto bertold bertram bertrand beth bethany betina betti bettina betty beverly biagio bianca bianka bibiana
bienvenida billy birger björn blake blanca blas bob bobby bodo bogdan bonifacio bonnie boris borja brad bradley brady
brandi brandon brandy branko breanna brenda brendan brent brett brian briana brianna bridget brigitte brittany
brittney brooke bruce brunilda bruno bryan bryce brígida buenaventura burckhard burghard burkard burkhard burkhardt
bárbara caitlin caitlyn calcedonio caleb calista calisto calixta calixto calogero calvin cameron camila camilla
camille camillo camilo candace candela candelaria candelario candelas candice capucine caridad carina carl carla
carlito carlo carlos carlota carly carmela carmelita carmelo carmina carol caroline carolyn carrie casandra casemiro
casey cassandra cassidy cassie catalina caterina catherine cathy cayetana cayetano cebrián cecilia cecilio ceferino
celestina celestino celia celso cesar cesare chantal charlene charles charo che chelo chelsey chema cheryl chiara
chita chloe chris christelle christiane christie christina christine christophe christopher christy chucho chus chuy
cindy cintia cipriano ciriaco cirillo cirino ciro ciríaco claire clara clarence clarisa claude claudia claudine
claudio clayton clelia clemente clementina cleto clifford clinton cloe clotilde clémence clímaco cody cole colette
colin colleen collin colton coluccio concepción concetta concha connie connor conrado constance constanza consuela
consuelo coral corey corinne coriolano cornelio corona corrado cory cosme costantino costanzo courtney craig
crescencia cristian cristina cristóbal cruz curro curtis custodia custodio cynthia cándida cándido cécile célina
céline césar dafne dalila dalton damiano damián damon dan dana dani daniel daniela daniele danielle danilo danny dante
daria darin dario darius darlene darrell darren darryl daryl darío dave david deanna debbie deborah debra deepak
delfina delfino delia demetrio denis denise dennis derek derrick desiderio desiree devin devon diamond diana diane
diego dillon dimas dina dino dionigi dionisia dionisio dmitri domenico domingo dominic dominique donald donatella
donatello donato donna doris dorothy dorothée douglas duane duilio durante dustin dwayne dylan ebony eddie edelmiro
edgar edgardo edmundo edoardo eduardo edward edwin eileen elaine eleanora elena eliana elijah elisa elizabeth elladio
ellen elmo elvira emilio emily emma emmanuel emmanuelle ennio enrico enzio enzo eraldo eric erica erik erika erin
ermanno ermenegildo ermes ernesto ethan etta ettore eugene eugenia eugène eva evan evangelista evelyn ezio fabia fabio
fabrizia fabrizio fatima fausto fedele federica federico federigo felicia ferdinando fernanda fernando fiamma filippa
filippo fiorenzo fiorino flavia flavio fortunata frances francesca francesco francis francisco franck franco franklin
françois françoise fred frederick fredo frédéric frédérique fulvio gabriel gabriela gabriele gabriella gabrielle
gaetano gail galasso garrett gary gaspare gastone gavin gelsomina gemma geneviève geoffrey george georges gerald
germana geronimo giacinto giacobbe giacomo giada giampaolo giampiero gian giancarlo gianfrancesco gianfranco gianluca
gianluigi gianmarco gianna gianni gianpaolo gianpietro gilbert gilberto gilles gina gino gioacchino gioachino gioele
gioffre gionata giorgia giorgio giosuè giovanna giulia giuliana giulietta giuseppina glenda glenn gordon graziella
greca greg gregg gregory griselda grégoire guillaume gwendolyn gérard hailey haley hannah harold harry hassan hayden
hayley hector heidi helen henri henriette henry herbert hiroshi honoré hortense howard hugo hugues hélène ian ida
ilaria imelda ingrid inès iolanda irma isa isaac isabel isabella isabelle isaiah ivan jack jackie jaclyn jacob
jacqueline jacques jaime jake james jamie jan jane janet janice jared jasmin jasmine jason javier jean jeanette jeanne
jeannine jeff jeffery jeffrey jenna jennifer jenny jeremiah jeremy jermaine jerome jerry jesse jessica jesus jill
jillian jim jimmy joan joann joanna joanne jocelyn jodi jody joe joel john johnathan johnny jolanda jonathan jonathon
jorge jose joseph josette joshua joséphine joyce juan judith judy jules julia julian julie julien juliette justin
jérôme kaitlin kaitlyn kara karen kari karina karl karla kate katelyn katherine kathleen kathryn kathy katie katrina
kayla kaylee keith kelli kellie kelly kelsey kendra kenji kenneth kent kerri kerry kevin kiara kim kimberly kirk
kirsten krista kristen kristi kristie kristin kristina kristine kristopher kristy krystal kurt kyle kylie lacey
laetitia lara larry lars latasha latoya laura laure lauren laurence laurent lauretta laurie lawrence leah lee leo leon
leonard leroy leslie letizia levi liam liana licia lidia liliana lilla lina linda lindsay lindsey lisa livia logan
lolita lonnie loredana loretta lori lorraine louis louise luc lucas luce lucia luciana lucie lucrezia lucy ludovica
luigina luis luisa luke lydia lynn léon mackenzie madeleine madeline maggie makayla malik mallory mandy manon manuel
marc marcel marcella marcelle marcia marco marcus margaret margaud margaux margherita margot marguerite maria mariah
mariana marianne marie marilyn marine mario marisa marissa marta martha marthe martin martina martine marvin mary
maryse mathew mathilde matilda matt matthew matthieu maura maureen maurice maxwell maya mckenzie meagan megan meghan
melania melanie melina melinda melissa melvin meredith mia michael michaela micheal michel michela michele michelle
michèle miguel mikayla mike milena mindy ming miranda mitchell mohamed mohammed molly monica monique morgan muhammad
nancy natalia natalie natasha nath nathalie nathan nathaniel neil nguyen nicholas nichole nick nicolas nicole nina
noah norma norman noémi noël océane odette olga olivia olivie olivier omar oscar paige pam pamela patricia patrick
patty paul paula paulette pauline pedro peggy perry peter philip philippe philippine phillip phyllis piotr preston
priscilla priya pénélope rachael rachel rahul rajesh ralph randall randy raven raymond rebecca rebekah regina reginald
renee rené renée rhonda ricardo richard rick rickey ricky riley rita robert roberta roberto robyn rodney roger roland
ronald ronnie ross roy ruben russell ruth ryan rémy sabine sabrina sally sam samantha samuel sandra sanjay sara sarah
scott sean selena sergei sergio seth shane shannon shari sharon shaun shawn shawna sheena sheila shelby shelia shelley
shelly sheri sherri sherry sheryl shirley simone siobhan sofia sonia sonya sophia sophie stacey stacie stacy stanley
stefanie stephanie stephen steve steven stuart stéphane stéphanie sunita susan susanne suzanne sven svetlana sylvia
sylvie sébastien tabitha tamara tami tammie tammy tanya tara tasha teresa terrance terrence terri terry theodore
theresa thibault thibaut thierry thomas théodore théophile thérèse tiffany tim timothy timothée tina todd tom tommy
toni tony tonya tracey traci tracie tracy travis trevor tricia tristan troy tyler tyrone valentine valerie valérie
vanessa vernon veronica vicki vickie victoire victor vincent virginie véronique walter wanda warren wayne wei wendy
wesley whitney william willie wyatt xavier yesenia yolanda yuki yves yvette yvonne zacharie zachary zoe zoé änne édith
édouard élisabeth élise élodie éléonore émile émilie éric étienne
"""

GIVEN_NAMES: Final[frozenset[str]] = frozenset(_NAMES.split())
"""In lower case, with their accents."""
