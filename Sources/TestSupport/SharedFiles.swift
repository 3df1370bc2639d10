#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The public data that nobody here wrote: `shared/data` where `GATEHOUSE_SHARED` says, or beside this folder or one
/// above it. It is not part of the checkout.
public enum SharedFiles {
    /// What a test says when it is left out.
    public static let absence = "no shared data folder: set GATEHOUSE_SHARED or put it beside the checkout"

    /// Nil where there is no such file or folder.
    public static func path(_ name: String) -> String? {
        var places = getenv("GATEHOUSE_SHARED").map { [String(cString: $0)] } ?? []
        var folder = workingFolder
        for _ in 0..<4 {
            folder += "/.."
            places.append(folder + "/shared")
        }
        return places.map { "\($0)/data/\(name)" }.first { access($0, R_OK) == 0 }
    }

    /// The lines of a gzipped file.
    public static func gunzippedLines(_ path: String) -> [Substring] {
        guard let pipe = popen("gzip -dc '\(path)'", "r") else { return [] }
        defer { pclose(pipe) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&chunk, 1, chunk.count, pipe), count > 0 { bytes += chunk[..<count] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    }

    private static var workingFolder: String {
        guard let path = getcwd(nil, 0) else { return "." }
        defer { free(path) }
        return String(cString: path)
    }
}
