import ArgumentParser
import Core

struct HookRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Take the hook away; what was there before it is put back.")

    @Argument(help: "The repository.") var repository: String = "."

    func run() async throws {
        let folder = try await HookFolder(of: RepositoryAddress.absolute(repository))
        guard let present = try folder.read(HookScript.name), HookScript.isOurs(present) else {
            throw GatehouseError("hook", .notFound, "\(folder.file(HookScript.name)) is not a hook of Gatehouse's")
        }
        guard try folder.read(HookScript.earlier) != nil else {
            try folder.delete(HookScript.name)
            return Terminal.say("removed \(folder.file(HookScript.name))")
        }
        try folder.move(HookScript.earlier, to: HookScript.name)
        Terminal.say("removed the hook, and put back the one that was there before")
    }
}
