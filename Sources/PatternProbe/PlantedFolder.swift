import Core

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A folder whose files have flaws that can be mended.
struct PlantedFolder: Sendable {
    let path: String

    private static let files: [(name: String, text: String)] = [
        ("Dockerfile", "FROM debian:12\nCMD [\"sleep\", \"9\"]\n"),
        (
            "main.tf",
            """
            resource "aws_kms_key" "orders" {
              description = "orders"
            }
            resource "aws_s3_bucket" "invoices" {
              bucket = "invoices"
              acl    = "public-read"
            }
            resource "aws_security_group" "admin" {
              ingress {
                from_port   = 22
                to_port     = 22
                protocol    = "tcp"
                cidr_blocks = ["0.0.0.0/0"]
              }
            }

            """
        ),
    ]

    /// Puts every file back as it was planted.
    func plant() throws {
        mkdir(path, 0o755)
        for (name, text) in Self.files { try Self.write(Array(text.utf8), to: "\(path)/\(name)") }
    }

    /// Those of the files that are not as they were planted.
    func changed() -> [String] {
        Self.files.filter { Self.read("\(path)/\($0.name)") != Array($0.text.utf8) }.map(\.name)
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw GatehouseError("probe", .unavailable, "cannot open \(path)") }
        defer { close(file) }
        guard Glibc.write(file, bytes, bytes.count) == bytes.count else {
            throw GatehouseError("probe", .unavailable, "cannot write \(path)")
        }
    }

    private static func read(_ path: String) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = Glibc.read(file, &bytes, bytes.count)
        return Array(bytes.prefix(max(0, count)))
    }
}
