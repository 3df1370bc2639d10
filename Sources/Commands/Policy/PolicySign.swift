import ArgumentParser
import Core
import JSON
import Policy

/// The key that a bundle is signed with.
struct PolicySigningOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Sign with the private key in this file: PEM, JSON Web Key, or the secret for HS.", valueName: "file"))
    var signingKey: String?
    @Option(help: ArgumentHelp("RS256, PS256, ES256, HS256 and the like, or EdDSA.", valueName: "name"))
    var signingAlg = "RS256"
    @Option(help: ArgumentHelp("The name by which readers know the key.", valueName: "id")) var signingKeyId = "default"
    @Option(help: ArgumentHelp("What the bundle is for, which readers may ask for.", valueName: "text")) var scope = ""

    func signing() throws -> BundleSigning? {
        guard let signingKey else { return nil }
        return BundleSigning(
            try PolicyKey.read(signingKey, algorithm: signingAlg), keyID: signingKeyId, algorithm: signingAlg,
            scope: scope)
    }
}

struct PolicySign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Sign a bundle's folder: write .signatures.json into it.",
        discussion: "Signs the names and digests of all files. An archive is signed when it is made: see policy build.")

    @Argument(help: "The bundle's folder.") var folder: String
    @OptionGroup var signing: PolicySigningOptions
    @Option(name: .shortAndLong, help: ArgumentHelp("Write the signatures there instead.", valueName: "file"))
    var output: String?
    @Flag(help: "Print the signatures as JSON instead of writing them.") var json = false

    func validate() throws {
        guard signing.signingKey != nil else { throw ValidationError("give the key with --signing-key") }
    }

    func run() async throws {
        guard Folder.exists(folder) else {
            throw GatehouseError(
                "policy", .notFound, "there is no folder \(folder)",
                hint: "to sign an archive, build it with --signing-key")
        }
        guard let signing = try signing.signing() else { return }
        let bytes = try signing.signatures(forFolder: folder)
        if json { return Terminal.data(bytes + [UInt8(ascii: "\n")]) }
        let target = output ?? "\(folder)/.signatures.json"
        try WholeFile.write(bytes, to: target)
        Terminal.say("\(target): signed by \(self.signing.signingKeyId) with \(self.signing.signingAlg)")
    }
}
