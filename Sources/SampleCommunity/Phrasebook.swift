/// Makes the texts and names of a sample community out of templates and word lists.
struct Phrasebook: Sendable {
    private enum Piece: Sendable {
        case literal([UInt8])
        case word(from: Int)
    }

    static let shared = Phrasebook()

    private let lists: [[[UInt8]]]
    private let sentences: [[Piece]]
    private let openings: [[Piece]]
    private let tags: [[UInt8]]
    private let emoji: [[UInt8]]

    private init() {
        let names = Words.lists.keys.sorted()
        lists = names.map { name in Words.lists[name, default: []].map { Array($0.utf8) } }
        sentences = Words.sentences.map { Phrasebook.pieces(of: $0, names) }
        openings = Words.answers.map { Phrasebook.pieces(of: $0, names) }
        tags = Words.tags.map { Array($0.utf8) }
        emoji = Words.emoji.map { Array($0.utf8) }
    }

    /// One to three sentences, with now and then a mention, a tag or an emoji.
    func text(mentioning account: Int?, isReply: Bool, _ random: inout SampleRandom) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(160)
        if let account {
            text.append("@u")
            text.append(decimal: account)
            text.append(UInt8(ascii: " "))
        }
        if isReply { append(openings[random.below(openings.count)], to: &text, &random) }
        let count = isReply ? random.below(2) : 1 + random.leaning(below: 3)
        for number in 0..<count {
            if number > 0 || isReply { text.append(random.chance(inThousand: 30) ? "\n" : " ") }
            append(sentences[random.below(sentences.count)], to: &text, &random)
        }
        if random.chance(inThousand: 150) {
            text.append(UInt8(ascii: " "))
            text += emoji[random.below(emoji.count)]
        }
        if random.chance(inThousand: 180) {
            text.append(" #")
            text += tags[random.zipf(below: tags.count)]
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// A name like the ones that people choose.
    func name(_ random: inout SampleRandom) -> String {
        let first = Words.firstNames[random.below(Words.firstNames.count)]
        switch random.below(10) {
        case 0: return first
        case 1...3:
            let adjective = Words.adjectives[random.below(Words.adjectives.count)]
            return "\(adjective) \(Words.surnames[random.below(Words.surnames.count)])"
        default: return "\(first) \(Words.surnames[random.below(Words.surnames.count)])"
        }
    }

    private func append(_ pieces: [Piece], to text: inout [UInt8], _ random: inout SampleRandom) {
        var isStart = true
        for piece in pieces {
            let start = text.count
            switch piece {
            case .literal(let bytes): text += bytes
            case .word(let list): text += lists[list][random.below(lists[list].count)]
            }
            // A sentence may begin with a word from a list.
            if isStart, UInt8(ascii: "a")...UInt8(ascii: "z") ~= text[start] { text[start] -= 0x20 }
            isStart = text.suffix(2).elementsEqual(". ".utf8) || text.suffix(2).elementsEqual("! ".utf8)
        }
    }

    /// Takes `A {bird} sang.` apart.
    private static func pieces(of template: String, _ names: [String]) -> [Piece] {
        var pieces: [Piece] = []
        var rest = template[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            if open > rest.startIndex { pieces.append(.literal(Array(rest[..<open].utf8))) }
            let name = String(rest[rest.index(after: open)..<close])
            guard let list = names.firstIndex(of: name) else { preconditionFailure("no word list \(name)") }
            pieces.append(.word(from: list))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { pieces.append(.literal(Array(rest.utf8))) }
        return pieces
    }
}
