/// Words for numbers, spans of time and countable things.
enum Units {
    static let numbers: [String: Double] = [
        "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
        "eleven": 11, "twelve": 12,
    ]

    /// As a word of its own.
    static func seconds(_ word: String) -> Double? { long[word] ?? short(word) }

    /// Behind `a` or `an`; a second is more often what comes after the first.
    static func single(_ word: String) -> Double? { word == "second" ? nil : long[word] }

    /// Right behind a number.
    static func short(_ letters: String) -> Double? {
        switch letters {
        case "ms": 0.001
        case "s", "sec", "secs": 1
        case "m", "min", "mins": 60
        case "h", "hr", "hrs": 3600
        case "d": 86_400
        case "w": 604_800
        default: long[letters]
        }
    }

    private static let long: [String: Double] = [
        "millisecond": 0.001, "milliseconds": 0.001, "second": 1, "seconds": 1, "minute": 60, "minutes": 60,
        "hour": 3600, "hours": 3600, "day": 86_400, "days": 86_400, "week": 604_800, "weeks": 604_800,
        "fortnight": 1_209_600,
    ]

    /// What can be counted, and what it is called in a slot.
    static let things: [String: String] = [
        "replica": "replicas", "replicas": "replicas", "pod": "pods", "pods": "pods", "instance": "instances",
        "instances": "instances", "node": "nodes", "nodes": "nodes", "copy": "copies", "copies": "copies",
        "container": "containers", "containers": "containers", "worker": "workers", "workers": "workers",
        "cpu": "cpus", "cpus": "cpus", "core": "cores", "cores": "cores", "shard": "shards", "shards": "shards",
        "partition": "partitions", "partitions": "partitions", "request": "requests", "requests": "requests",
        "mb": "MB", "gb": "GB", "tb": "TB", "mib": "MiB", "gib": "GiB", "tib": "TiB", "euros": "EUR", "euro": "EUR",
        "dollars": "USD", "dollar": "USD", "tokens": "tokens", "token": "tokens",
    ]
}
