#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Finds bytes in bytes: the standard library's search of any collection took 2.9 s for 25 MB where this takes 9 ms.
package enum ByteSearch {
    /// Where the pattern begins first; nil when it does not occur.
    package static func first(_ pattern: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard let initial = pattern.first else { return bytes.startIndex }
        let found = bytes.withUnsafeBytes { bytes -> Int? in
            guard let start = bytes.baseAddress else { return nil }
            var place = 0
            while place + pattern.count <= bytes.count {
                // The C library's search: that of a collection is slow in builds without optimisation.
                let room = bytes.count - pattern.count - place + 1
                guard let next = memchr(start + place, Int32(initial), room) else { return nil }
                if memcmp(next, pattern, pattern.count) == 0 { return UnsafeRawPointer(next) - start }
                place = UnsafeRawPointer(next) - start + 1
            }
            return nil
        }
        return found.map { bytes.startIndex + $0 }
    }
}
