/// The words for sample texts and names. A change here changes every sample community.
enum Words {
    static let lists: [String: [String]] = [
        "bird": [
            "swift", "house martin", "robin", "wren", "goldfinch", "heron", "kingfisher", "blackbird", "barn owl",
            "nuthatch", "starling", "lapwing", "curlew", "goldcrest", "magpie", "white stork", "blue tit", "jackdaw",
            "red kite", "grey wagtail", "sparrowhawk", "woodpecker", "Grünspecht", "mésange", "vencejo",
        ],
        "birds": [
            "swifts", "house martins", "starlings", "sparrows", "geese", "cranes", "waxwings", "goldfinches",
            "lapwings",
            "rooks", "swallows", "long-tailed tits",
        ],
        "place": [
            "the harbour", "the old mill", "the reed bed", "the allotment", "the railway bridge", "our street",
            "Zürich",
            "Łódź", "Kraków", "São Miguel", "Malmö", "Kyōto", "Ålesund", "the North Sea", "the library", "the car park",
            "Porto", "Tartu", "Reykjavík", "the quarry", "the river", "the south window", "Gdańsk", "Český Krumlov",
        ],
        "weather": [
            "fog", "drizzle", "a proper storm", "first frost", "bright sun", "sleet", "a rainbow", "thunder far away",
            "a warm wind", "low cloud", "hail", "twenty-nine degrees", "-4 °C", "the longest dusk",
        ],
        "drink": [
            "an espresso", "a flat white", "green tea", "a pot of Earl Grey", "a café au lait", "Turkish coffee",
            "oat milk and honey", "yerba mate", "a cortado", "чай с лимоном", "抹茶", "filter coffee",
        ],
        "food": [
            "cardamom buns", "soup", "crème brûlée", "rye bread", "plums", "pierogi", "a jalapeño omelette", "toast",
            "smørrebrød", "apple cake", "dumplings", "roast chestnuts",
        ],
        "code": [
            "the parser", "a flaky test", "the build", "one off-by-one error", "the cache", "a race condition",
            "the migration", "a missing semicolon", "the scheduler", "an index that nobody used",
            "a regular expression",
            "the last TODO", "the write path", "a very old shell script",
        ],
        "time": [
            "this morning", "at dawn", "just now", "last night", "before breakfast", "on the way home", "at noon",
            "all afternoon", "since Tuesday", "at half past four", "for the first time this year",
        ],
        "number": ["two", "three", "four", "five", "seven", "eleven", "a dozen", "thirty or so", "too many to count"],
        "feeling": [
            "Happy.", "No regrets.", "Worth it.", "I needed that.", "Again tomorrow?", "Nobody will believe me.",
            "Small joys.", "Ça suffit.", "Wunderbar.", "Long live naïve optimism.",
        ],
    ]

    static let sentences = [
        "Saw a {bird} near {place} {time}.",
        "{number} {birds} over {place} {time}, counted twice.",
        "The {birds} are back! Heard them {time}.",
        "A {bird} has moved into the nest box. {feeling}",
        "Does anybody know why the {birds} gather at {place}?",
        "My {bird} photos are blurred again, but the light was perfect.",
        "Woke up to {weather} and the song of a {bird}.",
        "{weather} over {place} {time}.",
        "Forecast says {weather}. The {birds} knew already.",
        "Walked to {place} and back in {weather}. {feeling}",
        "Started the day with {drink}. {feeling}",
        "{drink} tastes better at {place}.",
        "Recipe request: {food}, but for {number} people.",
        "Baked {food} {time}. {feeling}",
        "Finally fixed {code}. {feeling}",
        "Spent the day on {code} and it was a typo.",
        "Deleted {number} lines of code today; {code} is faster now.",
        "Today's plan: {drink}, {code}, {food}. In that order.",
        "It works on my machine, and my machine is at {place}.",
        "\"Just one more commit\", I said, and then came {weather}.",
        "Whoever wrote {code}: thank you for the comments.",
        "Train to {place} is late. There is {drink}, so all is well.",
        "Greetings from {place}! {weather} and {food}.",
        "Night bus to {place}, a book, {drink}.",
        "{place} is lovely {time}.",
        "Packing for {place}: binoculars, a raincoat, {food}.",
        "Reminder to look up: {birds} above {place} right now.",
        "The {bird} on the roof imitates my ringtone.",
        "A {bird} watched me debug {code}. It was not impressed.",
        "Can confirm: {weather} and {food} go well together.",
        "Learned a new word for {weather} {time}.",
        "If you're near {place}, go and see the {birds}.",
        "日本語の練習: 今日はいい天気ですね。{feeling}",
        "Сегодня хороший день. {feeling}",
        "C:\\BIRDS\\{bird}.TXT is still my favourite file name.",
    ]

    static let answers = [
        "Lovely!", "Same here, with {weather}.", "I had {drink} and thought of you.", "Where exactly? Near {place}?",
        "That was surely a {bird}.", "No {birds} here yet.", "Have you tried {food}?",
        "Ha! I broke {code} the same way.",
        "Thank you, that helps.", "\"Surely\" is a strong word for a {bird}.", "Count me in.",
        "Jealous. Here: {weather}.",
        "👏👏👏", "Merci beaucoup!", "See you at {place}.", "Could you post a picture?",
    ]

    /// The first ones are used most.
    static let tags = [
        "birds", "swifts", "coffee", "weather", "code", "travel", "nature", "garden", "slowtravel", "tea", "migration",
        "swiftlang", "baking", "citynature", "café", "fog", "naïvequestion", "鳥", "opensource", "dawnchorus",
    ]

    static let emoji = ["🐦", "☕️", "🌧", "🌈", "🪶", "🎉", "👩🏽‍💻", "❤️", "🥐", "🚂", "🌅", "🙃", "🦉", "✨", "🇵🇹"]

    static let firstNames = [
        "Ada", "Bruno", "Chloé", "Dmitri", "Esi", "Farah", "Grażyna", "Hiro", "Inês", "Jonas", "Kofi", "Lena", "Mateo",
        "Noor", "Ólafur", "Priya", "Quentin", "Rosa", "Søren", "Tomáš", "Uma", "Vera", "Wei", "Ximena", "Yusuf", "Zoë",
        "Анна", "美咲",
    ]

    static let adjectives = [
        "Quiet", "Zesty", "Early", "Wandering", "Rainy", "Curious", "Northern", "Sleepy", "Brisk", "Tiny", "Golden",
    ]

    static let surnames = [
        "Amsel", "Berg", "Castro", "Dune", "Ellis", "Fuchs", "Gull", "Heron", "Ito", "Jansen", "Kowalska", "Lark",
        "Martlet", "Novák", "Okafor", "Pereira", "Quail", "Rivière", "Swift", "Tanaka", "Ueda", "Vogel", "Wren",
        "Yıldız",
        "Zając",
    ]
}
