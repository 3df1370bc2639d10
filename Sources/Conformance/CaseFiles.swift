import JSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Reads cases from a file or, recursively, a folder: `.json` has one case (or an array of them), `.jsonl` and
/// `.jsonl.gz` one a line, `.txt` and `.txt.gz` a line each as a text. Other files are passed over in folders.
enum CaseFiles {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// In the order of their paths, so that two runs can be compared.
    static func read(_ path: String) throws -> [ConformanceCase] {
        guard let kind = kind(of: path) else { throw Failure(description: "cannot read \(path)") }
        guard kind == .folder else { return try file(path) }
        return try files(below: path).flatMap(file)
    }

    private enum Kind { case folder, file }

    private static func kind(of path: String) -> Kind? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
    }

    private static func files(below folder: String) throws -> [String] {
        guard let directory = opendir(folder) else { throw Failure(description: "cannot read \(folder)") }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return try names.sorted().flatMap { name in
            let path = "\(folder)/\(name)"
            if kind(of: path) == .folder { return try files(below: path) }
            return isCaseFile(path) ? [path] : []
        }
    }

    private static func isCaseFile(_ path: String) -> Bool {
        [".json", ".jsonl", ".jsonl.gz"].contains { path.hasSuffix($0) } || isText(path)
    }

    private static func isText(_ path: String) -> Bool { path.hasSuffix(".txt") || path.hasSuffix(".txt.gz") }

    private static func lines(_ bytes: [UInt8], _ path: String) -> [ConformanceCase] {
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated().compactMap {
            number, line in
            let text = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            guard !text.isEmpty else { return nil }
            return ConformanceCase(
                place: "\(path):\(number + 1)", json: .string(String(decoding: text, as: UTF8.self)))
        }
    }

    private static func file(_ path: String) throws -> [ConformanceCase] {
        guard isCaseFile(path) else { throw Failure(description: "\(path) is no .json, .jsonl or .txt, nor gzipped") }
        // zlib reads what is not compressed as it is.
        let bytes = try Gzip.read(path)
        if isText(path) { return lines(bytes, path) }
        guard path.hasSuffix(".json") else {
            return try bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
                .compactMap {
                    number, line in
                    line.isEmpty
                        ? nil : ConformanceCase(place: "\(path):\(number + 1)", json: try parse(Array(line), path))
                }
        }
        let json = try parse(bytes, path)
        guard let cases = json.array else { return [ConformanceCase(place: path, json: json)] }
        return cases.enumerated().map { ConformanceCase(place: "\(path)[\($0)]", json: $1) }
    }

    private static func parse(_ bytes: [UInt8], _ path: String) throws -> JSON {
        do {
            return try JSON.parse(bytes, limits: JSON.Limits(bytes: 1 << 30, depth: 512, values: 50_000_000))
        } catch {
            throw Failure(description: "\(path): \(error)")
        }
    }
}
