import Core
import Flow
import Intent

extension Catalogue {
    /// What Gatehouse brings along.
    /// - Throws: `invalid`, with the place in the file.
    static func builtIn() throws -> Catalogue {
        let intents = try CatalogueReader.read(PackageResources.intents_yaml, file: "intents.yaml")
        let strangers = try LabelledTexts(csv: PackageResources.out_of_scope_csv).rows
        return Catalogue(intents, outOfScope: strangers.map(\.text))
    }

    func adding(_ workflows: [Workflow]) -> Catalogue {
        Catalogue(intents + workflows.compactMap(WorkflowIntent.intent), outOfScope: outOfScope)
    }
}
