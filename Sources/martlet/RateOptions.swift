import CommandLineOptions
import HTTPAdapter
import HTTPServer

/// How often somebody may ask.
extension Parameter where Value == Int {
    static var rate: Parameter {
        .option(
            "requests-per-second", .integer(in: 0...1_000_000), default: "100",
            help: "requests that one account may make a second in the long run; 0 for no limit")
    }
    static var burst: Parameter {
        .option(
            "burst", .integer(in: 1...1_000_000), default: "1000",
            help: "requests that one account may make at once, if there is a limit")
    }
    static var wrongKeys: Parameter {
        .option(
            "wrong-keys-per-second", .integer(in: 0...1_000_000), default: "10",
            help: "wrong keys that one address may show a second, and ten times as many at once; 0 for no limit")
    }
}

extension Parameter where Value == [PeerNetwork] {
    static var trustedProxy: Parameter {
        .option(
            "trusted-proxy", .networks,
            help: "addresses of proxies whose X-Forwarded-For tells who asks, separated by commas")
    }
}

extension ValueFormat where Value == [PeerNetwork] {
    /// Networks separated by commas. An option is given once, so that it is the same in a variable.
    fileprivate static var networks: ValueFormat {
        ValueFormat(
            placeholder: "CIDR,...", expectation: "addresses such as 127.0.0.1 or 10.0.0.0/8, separated by commas"
        ) { text in
            var networks: [PeerNetwork] = []
            for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                guard let network = PeerNetwork(part) else { return nil }
                networks.append(network)
            }
            return networks
        }
    }
}

extension AdapterConfiguration {
    /// Takes what the options say about it.
    mutating func setRates(_ options: OptionValues) throws(CommandLineError) {
        requestsPerSecond = try options.value(.rate)
        burst = try options.value(.burst)
        wrongKeysPerSecond = try options.value(.wrongKeys)
        trustedProxies = options.optionalValue(.trustedProxy) ?? []
    }
}
