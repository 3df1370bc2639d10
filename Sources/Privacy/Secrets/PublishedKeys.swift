import Crypto

/// Keys that their issuer has published: in the samples and tests of Google's own Firebase SDKs for Android, the web and
/// Flutter. Many a project holds copies of them, and none is anybody's secret.
enum PublishedKeys {
    static func holds(_ key: UnsafeRawBufferPointer) -> Bool {
        digests.contains(SHA256.hash(data: key).prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// The first 64 bits of SHA-256: written out, they would be findings of every scanner that looks at this file.
    private static let digests: Set<UInt64> = [
        0x0a6eb0baaa14409a, 0x0b476bdf9acf2123, 0x0da9200a660afbfe, 0x1597ab82f0c3904d,
        0x1f810051bb6ded0b, 0x2037abcaffb2b777, 0x27a9a42931dff7eb, 0x281cbc35f6814ed4,
        0x297312cc45147642, 0x2e6c5d746bbd2a79, 0x352c15bfb676b3cf, 0x37f8f09bdf12c2f2,
        0x3f370c9dd8225c63, 0x49f777db995e8260, 0x4c98242dcadc8b29, 0x4e25d9d629e6e1fa,
        0x54a58318925dac97, 0x561c359df17fbbb0, 0x65cd16e879578ad0, 0x6ca6473b42d9c17e,
        0x6f1ef2461e63469e, 0x7f8223601102aee4, 0x8731261cb72d8626, 0x8cffd38024ea0537,
        0xa19f89ab3555eac1, 0xa6c814bc555ae62c, 0xb7a4c122340b5542, 0xdc0fcf046c61640c,
        0xdd07a0586b989a86, 0xe4096f1331784243, 0xe4a5542bb7fd7b67, 0xe7992aa6c6f1b3aa,
        0xea9bb1082cf95663, 0xeb540d2b6ee2a0a4, 0xed199945fa759e4a, 0xf1385f1e79feaa3c,
        0xf56e323494a6ffc2, 0xf78eeeb384f45ffd, 0xfe686096b4987fed,
    ]
}
